"""What the numbers cost a month before and after, against the guard."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from trunkline.money import Money, totals
from trunkline.review.page import Costs, Limit, Number

COUNTS = {"purchases": "maxPurchases", "releases": "maxReleases"}
"""A limit of the guard as a reader knows it -> its key."""


def of(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    bought: Sequence[Number],
    released: Sequence[Number],
    kept: Iterable[Number],
    absent: tuple[Container[str], Container[str]] = ((), ()),
) -> Costs:
    """Give the costs. `before`, `after`: the Fleet's record and inputs; {} where there are none.

    A number that is kept without its line is paid for further, and so counts after the update too. `absent`: the lines
    whose number is in no account before, and after. Where the update was refused nothing is said of after.
    """
    old, new = (
        [line for name, line in side.get("lines", {}).items() if name not in gone]
        for side, gone in zip((before, after), absent, strict=True)
    )
    paid = [money for line in new if (money := Money.from_json(line.get("monthlyCost")))]
    paid += [one.price for one in kept if one.price]
    unknown = (name for name, line in after.get("lines", {}).items() if _is_unknown(line))
    return Costs(
        before=_sums(money for line in old if (money := _paid(line))),
        after=_sums(paid),
        unknown=tuple(sorted(unknown)),
        limits=tuple(_limits(after.get("guard", {}), bought, released)),
    )


def _limits(guard: Mapping[str, Any], bought: Sequence[Number], released: Sequence[Number]) -> Iterator[Limit]:
    if not guard:
        return
    for (name, key), used in zip(COUNTS.items(), (len(bought), len(released)), strict=True):
        yield Limit(name=name, used=str(used), allowed=str(guard[key]))
    increase = totals(one.price for one in bought if one.price)
    for currency, limit in sorted(guard["maxMonthlyIncrease"].items()):
        yield Limit(name=f"monthly {currency}", used=str(increase.get(currency, Decimal(0))), allowed=str(limit))


def _sums(amounts: Iterable[Money]) -> tuple[Money, ...]:
    return tuple(Money(currency, amount) for currency, amount in totals(amounts).items())


def _paid(line: Mapping[str, Any]) -> Money | None:
    """What a recorded line costs: nothing where its number never came."""
    return Money.from_json(line.get("monthlyCost")) if line.get("held") else None


def _is_unknown(line: Mapping[str, Any]) -> bool:
    return line.get("provider") != "custom" and "monthlyCost" not in line
