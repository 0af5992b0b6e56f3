"""The processes that a test started, with all that those started in turn: found by a mark in their environment.

A language host, a program and a provider process live in groups of their own and outlive an engine that is killed.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tests.support.waiting import until

_NAME = "TRUNKLINE_TESTED_BY"


def mark() -> Mapping[str, str]:
    """Give the environment variable that says of a process that this test process started it, directly or not."""
    return {_NAME: str(os.getpid())}


def marked() -> set[int]:
    """Give every living process with our mark. Linux alone tells; elsewhere there seem to be none."""
    wanted = f"{_NAME}={os.getpid()}".encode()
    found = set()
    for directory in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile, or is somebody else's
            if wanted in (directory / "environ").read_bytes().split(b"\0"):
                found.add(int(directory.name))
    return {process for process in found if is_alive(process)}


def is_alive(process: int) -> bool:
    """Whether a process still runs; one that ended and was not waited for yet does not. Linux alone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except (FileNotFoundError, ProcessLookupError):
        return False


def descendants(process: int) -> set[int]:
    """Give the children of a process, with theirs. Linux alone."""
    parents: dict[int, int] = {}
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(directory.name)] = int((directory / "stat").read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
    found = {process}
    while grown := {child for child, parent in parents.items() if parent in found} - found:
        found |= grown
    return found - {process}


def end_all() -> None:
    """End every process with our mark: what a test that failed, or ran out of time, has left."""

    def ended() -> bool:
        left = marked()
        for process in left:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        return not left

    until(ended)
