"""A provider process ends with the engine that started it.

Pulumi leaves a dynamic provider running when the engine is killed (seen with 3.259.0): it finishes its write, nobody
records the result, and the next `pulumi up` may be at work by then. The engine's address is the last argument of the
process, so the process can ask.
"""

from __future__ import annotations

import atexit
import gc
import os
import re
import socket
import sys
import threading
import time
from collections.abc import Callable

POLL = 0.5  # seconds
REFUSALS = 2  # in a row: the engine is gone after one or two polls
CONNECT_LIMIT = 2.0  # seconds
EXIT_CODE = 3

_ADDRESS = re.compile(r"(?P<host>[\w.-]+):(?P<port>\d{1,5})")
_started = threading.Event()
_starting = threading.Lock()


def end_with_engine(address: str | None = None) -> None:
    """Make this process end within about two seconds of the engine's end. Calling it again changes nothing.

    Takes the engine's `host:port`, by default the last argument of this process. An argument that is no address means
    that no engine started this process, as in a test, and nothing is watched.
    """
    named = _ADDRESS.fullmatch(address if address is not None else sys.argv[-1])
    if named is None:
        return
    with _starting:
        if _started.is_set():
            return
        _started.set()
    # Where the engine ends this process in good order, Python would look through all that was imported for garbage.
    atexit.register(gc.freeze)
    host, port, parent = named["host"], int(named["port"]), os.getppid()
    threading.Thread(
        target=watch,
        kwargs={
            "refuses": lambda: refuses(host, port),
            "orphaned": lambda: os.getppid() != parent,
            "sleep": time.sleep,
            # Not sys.exit: it would wait for the calls that are under way, and those must not go on.
            "end": lambda: os._exit(EXIT_CODE),
        },
        name="engine-watch",
        daemon=True,
    ).start()


def watch(
    *,
    refuses: Callable[[], bool],
    orphaned: Callable[[], bool],
    sleep: Callable[[float], None],
    end: Callable[[], object],
) -> None:
    """Poll until the engine refused twice in a row or the parent is another one; then call `end` and return."""
    refusals = 0
    while refusals < REFUSALS and not orphaned():
        sleep(POLL)
        refusals = refusals + 1 if refuses() else 0
    end()


def refuses(host: str, port: int) -> bool:
    """Whether nothing listens there. A busy engine that answers late, or a lack of file handles here, is no refusal."""
    try:
        socket.create_connection((host, port), timeout=CONNECT_LIMIT).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return False
