"""A served API in the test's own process, on a free port."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncGenerator, Iterator
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp

from tests.api.credentials import KEYS
from tests.support.waiting import SOON
from trunkline.api.auth.principal import Role
from trunkline.state.checkpoint import StackState
from trunkline.state.publication import Frame, Status, publish, recorded
from trunkline.state.reader import Ask
from trunkline.state.update import Update
from trunkline.state.version import Entry, Version, compared, rows_of


class Fixed:
    """A source that gives what a test pushes, first of all one version."""

    def __init__(self, state: StackState, entries: tuple[Entry, ...] = ()) -> None:
        self._frames: list[Frame] = [*frames(state, entries), Status()]
        self.asked: list[Ask] = []
        self._pushed: asyncio.Queue[Frame] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def frames(self) -> AsyncGenerator[Frame]:
        self._loop, self._pushed = asyncio.get_running_loop(), asyncio.Queue()
        for frame in self._frames:
            yield frame
        while True:
            yield await self._pushed.get()

    def ask(self, ask: Ask) -> None:
        self.asked.append(ask)

    def push(self, *frames: Frame) -> None:
        """Give further frames, from any thread."""
        assert self._loop is not None and self._pushed is not None
        for frame in frames:
            self._loop.call_soon_threadsafe(self._pushed.put_nowait, frame)


class Silent:
    """A source that never gives a version."""

    async def frames(self) -> AsyncGenerator[Frame]:
        yield Status(fault="unreachable", detail="the backend's folder does not exist")
        await asyncio.Event().wait()

    def ask(self, ask: Ask) -> None:
        pass


def frames(state: StackState, entries: tuple[Entry, ...] = (), *, complete: bool = True) -> list[Frame]:
    """One version with these updates, the oldest first, as a reader gives it."""
    last = entries[-1].update if entries else None
    changed = {change.line: entry.update.ended for entry in entries for change in entry.changes or ()}
    history = recorded(entries, complete=complete, anew=True)
    return list(publish(state, rows_of(state), last, changed, history=history))


def entry(id: int, before: StackState, after: StackState, *, result: str = "succeeded") -> Entry:
    """One update on record, ten seconds long, ended at 2026-01-0`id`."""
    ended = 1767225600 + (id - 1) * 86400
    update = Update(
        id=str(id),
        kind="update",
        result=result,
        started=ended - 10,
        ended=ended,
        message=f"change {id}",
        who="Ann",
        commit=f"{id:040}",
        branch="main",
        committer="Bob",
        dirty=id % 2 == 0,
        ran_by=f"GitHub Actions {id}",
        commit_url=f"https://github.com/acme/lines/commit/{id:040}",
        build_url=f"https://ci.example.com/{id}",
    )
    return compared(update, Version.of(before), Version.of(after))


@contextlib.contextmanager
def serve(app: ASGIApp, **options: Any) -> Iterator[str]:
    """Serve an application and give its URL."""
    config = uvicorn.Config(app, port=0, log_level="critical", access_log=False, server_header=False, **options)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            thread.join(0.005)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def client(url: str, role: Role | None = Role.ADMIN) -> httpx.Client:
    """A client of this role, or of nobody."""
    headers = {} if role is None else {"x-api-key": KEYS[role]}
    return httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=SOON)


def with_token(url: str, token: str) -> httpx.Response:
    """Ask for the lines with a bearer's token."""
    return httpx.get(f"{url}/sip", headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=SOON)
