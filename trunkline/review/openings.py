"""The walls that let more in than they did, of objects, lines and the guard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from trunkline.money import Money
from trunkline.review import caller_pins
from trunkline.review.costs import COUNTS
from trunkline.review.differences import NOTHING, both, place, said, word
from trunkline.review.engine_log import EngineLog, Step
from trunkline.review.page import Wall
from trunkline.walls import opened

# The weakest first.
_MARKS = ("release", "keep", "protect")
_EMERGENCY = "its emergency address keeps the number from being released"
_ACCOUNT = "allowAccountChange: objects of another account are not taken for these"
# Kind of what stands on a carrier's trunk -> the property that names it, and the wall.
_ON_TRUNKS: Mapping[str, tuple[str, str]] = {
    "TrunkAddressList": ("addressListSid", "addresses of its lists"),
    "TrunkCredentialList": ("credentialListSid", "a user with a password"),
}


def of(log: EngineLog) -> Iterator[Wall]:
    """Give each wall that a preview loosens."""
    for step in log.changes:
        if step.before is not None and step.after is not None:
            yield from _of_object(step, step.before, step.after)
    yield from caller_pins.of(
        log, {new["renamedFrom"]: name for name, _, new in staying(log) if new.get("renamedFrom")}
    )
    yield from _on_trunks(log)
    for name, old, new in staying(log):
        yield from _of_line(name, old, new)
    before, after = log.fleet_before, log.fleet_after
    if after.get("allowAccountChange") and before.get("allowAccountChange") is False:
        yield Wall(owner="settings", wall=_ACCOUNT, was="false", becomes="true")
    if before.get("guard") and after.get("guard"):
        yield from _of_guard(before["guard"], after["guard"])


def staying(log: EngineLog) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Give each line that was there and stays, by its name from now on, with what the Fleet had and has of it."""
    before, after = log.fleet_before.get("lines", {}), log.fleet_after.get("lines", {})
    for name, new in sorted(after.items()):
        old = before.get(name) or before.get(new.get("renamedFrom", ""))
        if old is not None:
            yield name, old, new


def marks(log: EngineLog) -> list[tuple[str, str, str]]:
    """Give (line, the mark that it had, the mark that it gets) of each line that stays and gets another."""
    sides = ((name, old.get("removal", ""), new.get("removal", "")) for name, old, new in staying(log))
    return [(name, was, becomes) for name, was, becomes in sides if was != becomes]


def _of_object(step: Step, before: Mapping[str, Any], declared: Mapping[str, Any]) -> Iterator[Wall]:
    # What is named no more goes with its key, but for what was adopted, of which it stays.
    gone = {} if declared.get("adopt") else dict.fromkeys(before.keys() - declared.keys())
    after = {**gone, **declared}
    for name, wall in opened(step.kind, before, after):
        told = f"{word(name)} of the {place(step.kind)}: {wall}"
        was, becomes = both(name, before[name], after[name])
        yield Wall(owner=step.name, wall=told, was=was, becomes=becomes)


def _on_trunks(log: EngineLog) -> Iterator[Wall]:
    """Tell of who may call out over a trunk that stays: a list that comes, and the last one of a sort that goes."""
    sides: dict[str, list[Step]] = {}
    for step in log.steps:
        sides.setdefault(step.kind, []).append(step)
    trunks = sides.get("SipTrunk", ())
    stay = {one.name for one in trunks if one.before is not None and one.after is not None}
    for kind, (prop, whom) in _ON_TRUNKS.items():
        every = sides.get(kind, ())
        left = {_trunk(one) for one in every if one.after is not None and not one.op.startswith("delete")}
        for one in every:
            trunk, what = _trunk(one), place(kind).partition(" ")[2]
            told = f"{what} of the carrier trunk: calls out are for {whom} alone"
            if trunk not in stay:
                continue
            if one.op == "create" and one.after is not None and kind == "TrunkAddressList":
                yield Wall(owner=trunk, wall=told, was=NOTHING, becomes=said(one.after.get(prop)))
            elif one.op == "delete" and one.before is not None and trunk not in left:
                yield Wall(owner=trunk, wall=told, was=said(one.before.get(prop)), becomes=NOTHING)


def _trunk(step: Step) -> str:
    """Give the trunk of what stands on one: an address list has its own id behind the trunk's name."""
    return step.name.rpartition(".")[0] if step.kind == "TrunkAddressList" else step.name


def _of_line(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Wall]:
    was, becomes = old.get("removal", ""), new.get("removal", "")
    if was in _MARKS and becomes in _MARKS and _MARKS.index(becomes) < _MARKS.index(was):
        kept = "only a marked line can lose its number" if was == "protect" else "the number stays in its account"
        yield Wall(owner=name, wall=f"removal: {kept}, by a later update", was=was, becomes=becomes)
    if new.get("clearEmergencyAddress") and not old.get("clearEmergencyAddress"):
        yield Wall(owner=name, wall=f"clear_emergency_address: {_EMERGENCY}", was="false", becomes="true")


def _of_guard(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Wall]:
    for what, key in COUNTS.items():
        if new[key] > old[key]:
            yield Wall(owner="guard", wall=f"{what} in one update", was=str(old[key]), becomes=str(new[key]))
    before, after = old["maxMonthlyIncrease"], new["maxMonthlyIncrease"]
    if not before:
        return
    # A currency without a limit has 0 once another one has any.
    for currency in sorted(before.keys() | after.keys()) if after else sorted(before):
        was, now = str(before.get(currency, 0)), str(after.get(currency, 0))
        if not after:
            yield Wall(owner="guard", wall=f"monthly increase in {currency}", was=was, becomes="(no limit)")
        elif Decimal(now) > Decimal(was):
            yield Wall(owner="guard", wall=f"monthly increase in {currency}", was=was, becomes=now)
    if after:
        yield from _of_prices(old.get("monthlyPrice", {}), new.get("monthlyPrice", {}))


def _of_prices(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Wall]:
    """Tell of what the file says that a number costs where no carrier does: by less of it more may be bought."""
    for carrier, price in sorted(new.items()):
        was, now = _price(old.get(carrier, {})), _price(price)
        if now is not None and (was is None or was.currency != now.currency or now.amount < was.amount):
            wall = f"a month at {carrier}, as the file says"
            yield Wall(owner="guard", wall=wall, was=str(was or NOTHING), becomes=str(now))


def _price(price: Mapping[str, str]) -> Money | None:
    return next((Money(currency, Decimal(amount)) for currency, amount in price.items()), None)
