"""Whether the update that a lock names can still run.

A lock is `{"pid": …, "username": …, "hostname": …, "timestamp": …}` (pkg/backend/diy/lock.go, 3.274.1). An update that
is killed leaves it, and nothing in the backend ever takes it away.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Collection
from pathlib import Path

INITIAL = 0xEFFFFFFC
"""The number of a host's own pid namespace (PROC_PID_INIT_INO, include/linux/proc_ns.h, Linux 6.12)."""
_PROC = Path("/proc")


def is_alive(pid: int, proc: Path = _PROC) -> bool:
    """Say whether this host runs a process of this number; where that cannot be said, it does.

    A container may have the host's name, or a pod's, and numbers of its own: from within one the others' processes are
    not seen, and from without each has its own number too.
    """
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return _is_hidden(pid, proc)
    except (PermissionError, OverflowError):
        pass
    return True


def _is_hidden(pid: int, proc: Path) -> bool:
    """Say whether a process of this number may run in another pid namespace of this host."""
    try:
        own = (proc / "self/ns/pid").readlink().name
    except OSError:  # a system without namespaces
        return False
    return own != f"pid:[{INITIAL}]" or any(pid in _numbers(status) for status in proc.glob("[0-9]*/status"))


def _numbers(status: Path) -> Collection[int]:
    """Give the numbers that a process has in each of its namespaces; none of one that ended meanwhile."""
    try:
        said = next((line for line in status.read_bytes().splitlines() if line.startswith(b"NSpid:")), b"")
    except OSError:
        return ()
    return {int(number) for number in said.split()[1:]}


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
