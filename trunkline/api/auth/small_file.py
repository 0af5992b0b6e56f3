"""Reads a file that is small by its nature, whatever stands in its place, and however long that takes."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")
PATIENCE = 5.0
"""Seconds for a look at a small file, after which its file system counts as dead."""


def read(path: Path, limit: int) -> bytes:
    """Give the content of a file of at most `limit` bytes. Raises OSError where there is no such file."""
    # Looked at before it is opened: a pipe would be waited for without an end.
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(f"{path} is no plain file")
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise OSError(f"{path} is larger than {limit} bytes")
    return data


def soon(work: Callable[[], T]) -> T:
    """Do what may hang, as a look at a dead file system does, before there is anything to do beside it.

    Raises TimeoutError after PATIENCE seconds; the thread that hangs ends with the process.
    """
    done: concurrent.futures.Future[T] = concurrent.futures.Future()
    threading.Thread(target=_do, args=(work, done), daemon=True).start()
    return done.result(PATIENCE)


class Aside(Generic[T]):
    """Does what may hang, as a look at a dead file system does, in a thread of its own, and never two at a time.

    The thread ends with the process, which those of a pool would keep from ending.
    """

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._under_way = threading.Lock()

    @property
    def busy(self) -> bool:
        return self._under_way.locked()

    def begin(self) -> asyncio.Future[T]:
        """Begin, and give what will come of it; where it is under way already, that never comes."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        if self._under_way.acquire(blocking=False):
            threading.Thread(target=self._run, args=(loop, future), daemon=True).start()
        return future

    def _run(self, loop: asyncio.AbstractEventLoop, future: asyncio.Future[T]) -> None:
        done: concurrent.futures.Future[T] = concurrent.futures.Future()
        _do(self._work, done)
        self._under_way.release()
        with contextlib.suppress(RuntimeError):  # nobody waits any more: the loop is closed
            loop.call_soon_threadsafe(_tell, done, future)


def _do(work: Callable[[], T], done: concurrent.futures.Future[T]) -> None:
    try:
        done.set_result(work())
    except Exception as error:
        done.set_exception(error)


def _tell(done: concurrent.futures.Future[T], future: asyncio.Future[T]) -> None:
    if future.done():
        return
    error = done.exception()
    if error is None:
        future.set_result(done.result())
    else:
        future.set_exception(error)
