"""What a command takes: by the clock, and what all its processes compute.

On a machine that does other work too the clock tells of that work, and what is computed far less.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds: `computed` is user and system together, of every process that the command started and waited for."""

    computed: float
    clock: float


def spent(command: Callable[[], Any]) -> Spent:
    """Run a command to its end. Nothing else may end a process of ours meanwhile."""
    before, started = _children(), time.perf_counter()
    command()
    return Spent(_children() - before, time.perf_counter() - started)


def keep_bytecode() -> None:
    """Let every process that is measured keep what it compiled, whatever the environment says.

    Users have what pip compiled; without it each process would compile our modules, and nobody else's, once more.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def typical(series: Sequence[Spent]) -> Spent:
    """Give the medians of both."""
    return Spent(median(each.computed for each in series), median(each.clock for each in series))


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
