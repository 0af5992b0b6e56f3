"""How often each disturbance was met while something was in play that it must not harm."""

from __future__ import annotations

from collections import Counter

IN_PLAY = ("an order", "an adoption", "a sibling's line")
# What can go wrong, as `met` counts it. In each cell of the table stands how often it did while that was in play.
DISTURBANCES = (
    "kill before",
    "kill after",
    "kill late",
    "other run",
    "sibling's run",
    "sell",
    "late order",
    "server error",
    "refused as too many",
    "lost connection",
    "broken answer",
    "slow answer",
    "stale answer",
    "torn list",
    "older commit",
    "older commit of the sibling",
    "lag of several runs",
    "pending number",
    "random search",
    "lost state",
    "foreign neighbour",
    "foreign neighbour named",
    "move between stacks",
    "shared search",
    "fleet's name of both stacks",
    "rotated password",
)
# What no walk can meet: an order is for sale, what is adopted is not.
IMPOSSIBLE = frozenset({("sell", "an adoption"), ("late order", "an adoption")})
LEAST_IN = (100, 4000)
"""A cell below the first number, in as many seeds as the second, proves too little."""

Met = Counter[tuple[str, str]]


def table(met: Met) -> str:
    """Give the table, a row for each disturbance, and its least cell."""
    width = max(map(len, DISTURBANCES))
    head = " ".join(f"{each:>17}" for each in IN_PLAY)
    rows = [f"{'met while in play:':{width}} {head}"]
    for kind in DISTURBANCES:
        cells = ("-" if (kind, each) in IMPOSSIBLE else str(met[kind, each]) for each in IN_PLAY)
        rows.append(f"{kind:{width}} " + " ".join(f"{cell:>17}" for cell in cells))
    return "\n".join([*rows, f"least: {min(met[cell] for cell in cells_of())}"])


def cells_of() -> list[tuple[str, str]]:
    """Give the cells that a walk can meet."""
    return [(kind, each) for kind in DISTURBANCES for each in IN_PLAY if (kind, each) not in IMPOSSIBLE]


def too_rare(met: Met, seeds: int) -> list[str]:
    """Give the cells that so many seeds have met too seldom, in words."""
    least = LEAST_IN[0] * seeds // LEAST_IN[1]
    return [
        f"{kind} while {each} was in play: {met[kind, each]}" for kind, each in cells_of() if met[kind, each] < least
    ]
