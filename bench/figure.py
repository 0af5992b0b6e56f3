"""A measured figure beside what it is to be, and the table of all."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """What was found, in the unit that the name says or as a ratio; `goal` is the most that it may be.

    `parts` are the medians that a ratio is made of, by what they are, in seconds or as the name says. `limit` says what
    stands in the way where the goal is not reached.
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
        return {**asdict(self), "parts": dict(self.parts), "reached": self.reached}


def ratio(
    name: str, ours: Sequence[float], others: tuple[str, Sequence[float]], goal: float, limit: str = ""
) -> Figure:
    """Compare the medians of two series that took turns."""
    what, baseline = others
    parts = (("ours", statistics.median(ours)), (what, statistics.median(baseline)))
    return Figure(name, parts[0][1] / parts[1][1], goal, parts, limit)


def table(figures: Iterable[Figure]) -> str:
    """Give all as one table: the figure, what it is to be, and what it is made of."""
    rows = [
        (
            each.name,
            _short(each.found),
            f"≤ {_short(each.goal)}",
            "" if each.reached else "missed",
            ", ".join(f"{name} {_short(value)}" for name, value in each.parts),
        )
        for each in figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(
            (row[0].ljust(widths[0]), row[1].rjust(widths[1]), row[2].ljust(widths[2]), row[3].ljust(widths[3]), row[4])
        ).rstrip()
        for row in rows
    )


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
