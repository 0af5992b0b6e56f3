"""What long work tells of itself: a live line on a terminal, plain lines elsewhere, on standard error."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Tell = Callable[[str], None]
"""Takes what is done now, with its counts: "reading trunk 3 of 200"."""
PAUSE = 10.0
"""Seconds between two plain lines that differ in their counts alone, so that a log stays short."""


@contextmanager
def progress(*, quiet: bool = False, now: Callable[[], float] = time.monotonic) -> Iterator[Tell]:
    """Give whom to tell. `quiet`: nothing is shown, for commands whose output is for programs."""
    if quiet:
        yield _nothing
    elif sys.stderr.isatty():
        with _live() as tell:
            yield tell
    else:
        yield _Plain(now)


def _nothing(what: str) -> None:
    pass


class _Plain:
    """Prints a line for each new step at once, and for further counts of the same step now and then."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._step, self._printed = "", 0.0

    def __call__(self, what: str) -> None:
        step = re.sub(r"\d+", "", what)
        if step == self._step and self._now() < self._printed + PAUSE:
            return
        self._step, self._printed = step, self._now()
        print(what, file=sys.stderr, flush=True)


@contextmanager
def _live() -> Iterator[Tell]:
    """Show what was told last on one line with the time that all took so far; it is gone at the end."""
    # Imported late: it takes longer than most commands.
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=None)
        yield lambda what: shown.update(task, description=what)
