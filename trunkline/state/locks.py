"""Whether the update that a lock names can still run.

A lock is `{"pid": …, "username": …, "hostname": …, "timestamp": …}` (pkg/backend/diy/lock.go, 3.259.0). An update that
is killed leaves it, and nothing in the backend ever takes it away.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable


def is_alive(pid: int) -> bool:
    """Say whether this host runs a process of this number; where that cannot be said, it does."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True


def is_left(lock: bytes, host: str | None = None, alive: Callable[[int], bool] = is_alive) -> bool:
    """Say whether a lock was left by an update that has ended: on this host, where its process runs no more.

    Of another host's nobody knows.
    """
    try:
        document = json.loads(lock)
    except (ValueError, RecursionError):
        return False
    if not isinstance(document, dict) or document.get("hostname") != (host or socket.gethostname()):
        return False
    pid = document.get("pid")
    return type(pid) is int and pid > 0 and not alive(pid)
