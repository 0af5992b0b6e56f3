"""Numbers that are paid for and are no line's, and lines whose number or place in the file or state is missing."""

from __future__ import annotations

from collections.abc import Iterator

from trunkline.carriers import CARRIERS
from trunkline.comparison.finding import LiveFinding, place
from trunkline.comparison.sides import Sides
from trunkline.dump import HeldNumber
from trunkline.model.tag import Tag


def without_line(sides: Sides) -> tuple[HeldNumber, ...]:
    """Give the carriers' numbers that no line has and that are no other stack's: they are paid for."""
    free = (one for one in sides.live.numbers if one.number not in sides.numbers)
    return tuple(one for one in free if sides.is_tagged(one.tag) or not _is_of_others(sides, one))


def _is_of_others(sides: Sides, one: HeldNumber) -> bool:
    return Tag.parse(one.tag) is not None or one.number in sides.numbers_of_others


def unmanaged(sides: Sides) -> Iterator[LiveFinding]:
    for one in without_line(sides):
        cost = sides.costs.get(one.number)
        price = f"{cost.amount} {cost.currency} a month" if cost else "a price that its carrier does not name"
        goes = f"; its calls go to {one.calls_go}" if one.calls_go else ""
        tagged = sides.is_tagged(one.tag)
        fix = (
            "run `pulumi up`; where the line is gone for good, put it back with `removal: release` and apply that"
            if tagged
            else f"release it at {one.provider}, or adopt it: `trunkline dump --only '{one.number}'` writes its line"
        )
        yield sides.finding(
            "number-orphaned" if tagged else "number-unmanaged",
            one.number,
            f"{one.number} is paid for at {one.provider} ({price}) and "
            + (f"carries this stack's tag ({one.tag}), but no line has it" if tagged else f"no line has it{goes}"),
            fix,
            vendor=one.provider,
            amounts={cost.currency: str(cost.amount)} if cost else {},
        )


def gone(sides: Sides) -> Iterator[LiveFinding]:
    """A line of a carrier whose account is read and does not show the number; what is on order is told elsewhere."""
    there = {(one.provider, one.number) for one in sides.live.numbers}
    for name, line in sorted(sides.lines.items()):
        read = line.provider in sides.live.accounts and line.provider not in sides.unread
        known = line.status in ("active", "pending") and line.provider in CARRIERS and line.provider != "custom"
        if known and read and (line.provider, line.phone_number) not in there:
            yield sides.finding(
                "number-gone",
                line.phone_number,
                f"{line.phone_number} of {name} is not in the account of {line.provider}",
                "ask the carrier; set `repurchase: true` to buy this same number again, or remove the line",
                vendor=line.provider,
                lines=(name,),
            )


def in_one_alone(sides: Sides) -> Iterator[LiveFinding]:
    """A line that the file has and the state has not, or the other way round."""
    if sides.file is None:
        return
    for name in sorted(sides.file.lines.keys() - sides.lines.keys()):
        was = sides.file.lines[name].renamed_from
        if was not in sides.lines:
            yield sides.finding(
                "line-not-applied",
                name,
                f"{name} is in the file and not in the state",
                "run `pulumi up`",
                vendor="",
                place=place(sides.file, "numbers", name),
                lines=(name,),
            )
    former = {line.renamed_from for line in sides.file.lines.values()}
    for name in sorted(sides.lines.keys() - sides.file.lines.keys() - former):
        yield sides.finding(
            "line-not-in-file",
            name,
            f"{name} ({sides.lines[name].phone_number}) is in the state and not in the file",
            "run `pulumi up`, which removes what is marked; otherwise put the line back",
            vendor="",
            lines=(name,),
        )
