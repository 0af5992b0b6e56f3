"""A measured figure beside what it is to be, and the table of all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.spent import Spent, typical


@dataclass(frozen=True, slots=True)
class Figure:
    """What was found, in the unit that the name says or as a ratio; `goal` is the most that it may be.

    `parts` are the medians that a ratio is made of, by what they are, in seconds or as the name says. `limit` says what
    stands in the way where the goal is not reached, and what could be reached.
    """

    name: str
    found: float
    goal: float
    parts: tuple[tuple[str, float], ...] = ()
    limit: str = ""

    @property
    def reached(self) -> bool:
        return self.found <= self.goal

    def as_json(self) -> dict[str, Any]:
        told = {**asdict(self), "parts": dict(self.parts), "reached": self.reached}
        return told if self.limit and not self.reached else {k: v for k, v in told.items() if k != "limit"}


def ratio(
    name: str,
    ours: Sequence[Spent],
    others: tuple[str, Sequence[Spent]],
    goal: float,
    limit: str = "",
    *,
    by_clock: bool = False,
) -> Figure:
    """Compare what two series that took turns compute, by their medians; the parts say the clock's too.

    `by_clock`: compare what they take by the clock, where most of it is waiting for answers.
    """
    what, series = others
    mine, baseline = typical(ours), typical(series)
    computed, clock = mine.computed / baseline.computed, mine.clock / baseline.clock
    parts = (
        ("ours", mine.computed),
        (what, baseline.computed),
        ("computed" if by_clock else "by the clock", computed if by_clock else clock),
        ("ours by the clock", mine.clock),
        (f"{what} by the clock", baseline.clock),
    )
    return Figure(name, clock if by_clock else computed, goal, parts, limit)


def table(figures: Iterable[Figure]) -> str:
    """Give all as one table: the figure, what it is to be, and what it is made of; below, what stands in the way."""
    every = list(figures)
    rows = [
        (
            each.name,
            _short(each.found),
            f"≤ {_short(each.goal)}",
            "" if each.reached else "missed",
            ", ".join(f"{name} {_short(value)}" for name, value in each.parts),
        )
        for each in every
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join(
            (row[0].ljust(widths[0]), row[1].rjust(widths[1]), row[2].ljust(widths[2]), row[3].ljust(widths[3]), row[4])
        ).rstrip()
        for row in rows
    ]
    ways = [f"{each.name}: {each.limit}" for each in every if each.limit and not each.reached]
    return "\n".join([*lines, *(["", "What stands in the way:", *ways] if ways else ())])


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
