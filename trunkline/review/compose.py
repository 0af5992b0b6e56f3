"""From an engine's log to the page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from trunkline.model.fallback import said as fallback_said
from trunkline.model.tag import Tag
from trunkline.money import Money
from trunkline.review import costs
from trunkline.review.differences import answering, changes, differing, hidden, place, said, word
from trunkline.review.engine_log import EngineLog, Step
from trunkline.review.page import Beside, Change, Drift, Line, Number, Page, Shared, Verdict, Waiting, Wall
from trunkline.walls import loosened

_BOUGHT_AGAIN = frozenset({"purchase", "repurchase"})
_WAITING = frozenset({"ordered", "pending", "vanished"})
# Where a call passes; a replacement of one is a moment without it.
_PATH = frozenset({"InboundTrunk", "DispatchRule", "OriginationUrl", "SipTrunk"})
_GAP = "so calls to it are not answered"
_REMOVED = {"delete": "removed", "create": "made"}


def compose(log: EngineLog) -> Page:
    """Give the page of a preview."""
    by_hand = tuple(_drift(log.drift))
    bought, adopted, taken_back = _coming(log)
    released, kept = _going(log)
    lines = tuple(_lines(log, {(one.kind, one.name, one.field) for one in by_hand}))
    shared = tuple(_shared(log))
    verdict = Verdict.REFUSED if log.errors else Verdict.CHANGES if log.changes else Verdict.NOTHING
    if log.fleet_before and log.fleet_after and verdict is Verdict.NOTHING and _marks(log):
        verdict = Verdict.CHANGES
    return Page(
        stack=log.stack,
        verdict=verdict,
        refused=log.errors,
        bought=bought,
        adopted=adopted,
        released=released,
        kept=kept,
        taken_back=taken_back,
        taken_over=len(_adopting(log)),
        final=tuple(_final(released, bought)),
        walls=tuple(_walls(log)),
        missed=tuple(_missed(log)),
        costs=costs.of(log.fleet_before, log.fleet_after, bought=bought, released=released, kept=kept),
        lines=lines,
        shared=shared,
        drift=by_hand,
        waiting=tuple(_waiting(log)),
        beside=tuple(
            Beside(id=one["id"], message=one["message"], accepted=one.get("accepted", ""))
            for one in log.fleet_after.get("neighbours", ())
        ),
        notices=tuple(_notices(log)),
    )


def _coming(log: EngineLog) -> tuple[tuple[Number, ...], tuple[Number, ...], tuple[Number, ...]]:
    """Give the numbers that are bought, adopted, and taken back."""
    found: dict[str, list[Number]] = {"purchase": [], "adopt": [], "ours": []}
    for step in log.changes:
        if step.kind != "PhoneNumber" or step.after is None or step.op.startswith("delete"):
            continue
        wish = log.fleet_after.get("lines", {}).get(step.name, {})
        again = step.after.get("status") in _BOUGHT_AGAIN
        if step.before is not None and step.op == "update" and not again:
            continue
        how = "purchase" if again else wish.get("acquisition", "")
        if how in found and not (how == "purchase" and (wish.get("held") or wish.get("ordered")) and not again):
            found[how].append(_number(step.name, wish, step.after))
    return tuple(found["purchase"]), tuple(found["adopt"]), tuple(found["ours"])


def _going(log: EngineLog) -> tuple[tuple[Number, ...], tuple[Number, ...]]:
    """Give the numbers that are released for ever, and those that stay in their account without a line."""
    gone: dict[str, list[Number]] = {"release": [], "keep": []}
    for step in log.changes:
        if step.kind == "PhoneNumber" and step.op == "delete" and step.before is not None:
            wish = log.fleet_before.get("lines", {}).get(step.name, {})
            number = replace(_number(step.name, wish, step.before), searched=False)
            gone.setdefault(step.before.get("removal", ""), []).append(number)
    return tuple(gone["release"]), tuple(gone["keep"])


def _number(line: str, wish: Mapping[str, Any], properties: Mapping[str, Any]) -> Number:
    return Number(
        line=line,
        number=str(properties.get("phoneNumber") or wish.get("phoneNumber", "")),
        provider=str(properties.get("provider") or wish.get("provider", "")),
        price=Money.from_json(wish.get("monthlyCost")),
        searched="search" in wish,
    )


def _final(released: Sequence[Number], bought: Sequence[Number]) -> Iterator[str]:
    gone, new = [one.number for one in released], [one.number for one in bought]
    if gone:
        yield f"the release of {', '.join(gone)}: whoever is first may have it then, and it may never be on offer again"
    if new:
        yield f"the purchase of {', '.join(new)}: it is paid for, and ends with a release alone"


def _lines(log: EngineLog, by_hand: set[tuple[str, str, str]]) -> Iterator[Line]:
    """Give the lines of which anything changes, but for what the update only puts right again (`by_hand`)."""
    before, after = log.fleet_before.get("lines", {}), log.fleet_after.get("lines", {})
    rule_before, rule_after = _rule_before(log), _rule_after(log)
    own: dict[str, list[Step]] = {}
    for step in log.changes:
        if step.line:
            own.setdefault(step.line, []).append(step)
    renamed = {name: wish["renamedFrom"] for name, wish in after.items() if wish.get("renamedFrom") in before}
    for name in sorted({*before, *after} if after else before):
        if name in renamed.values() and name not in after:
            continue
        old = before.get(renamed.get(name, name)) if name in after else before[name]
        new = after.get(name)
        was, becomes = answering(rule_before(name, old)), answering(rule_after(name, new))
        if (place("DispatchRule"), name, "") in by_hand:
            was = becomes
        made = [
            change
            for step in own.get(name, ())
            for change in changes(step)
            if (place(step.kind), name, change.field) not in by_hand
        ]
        if old and new:
            made += _told_by_fleet(old, new)
        is_renamed = name in renamed and renamed[name] not in after
        if old and new and not made and was == becomes and not is_renamed:
            continue
        what = "added" if not old else "removed" if not new else "renamed" if is_renamed else "changed"
        yield Line(
            line=name,
            what=what,
            number=str((new or old or {}).get("phoneNumber", "")),
            before=was if old else "",
            after=becomes if new else "",
            former=renamed[name] if is_renamed else "",
            otherwise=_otherwise(becomes, new.get("fallback")) if new else "",
            changes=tuple(dict.fromkeys(made)) if old and new else (),
        )


def _otherwise(agents: str, fallback: Mapping[str, Any] | None) -> str:
    """Say where calls go that nobody answers, by the Fleet's word of a line."""
    return fallback_said(agents, fallback["after"], fallback["to"]) if fallback else ""


def _told_by_fleet(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Give what no step shows: a custom line's mark, which no number of its own has, and whose trunk a line shares."""
    for what, key in (("number", "removal"), ("trunk", "sharedTrunk")):
        if old.get(key) != new.get(key):
            yield Change(place=what, field=word(key), was=said(old.get(key)), becomes=said(new.get(key)))


def _rule_before(log: EngineLog) -> Callable[[str, Mapping[str, Any] | None], Mapping[str, Any] | None]:
    """Give what finds the properties of the rule that answered a line: its own, or that of the trunk that it shared.

    A line is asked for by its name from now on, with what the Fleet had of it.
    """
    steps = [step for step in log.steps if step.kind == "DispatchRule" and step.before is not None]
    # A line that goes may leave its name to another one, whose rule is made.
    own = {step.name: step.before for step in sorted(steps, key=lambda step: step.op == "delete")}
    # The rule of a trunk that is renamed, or shared no more, has the name of who gets it: its tag is as it was.
    tags = ((Tag.parse(str((step.before or {}).get("tag", ""))), step.before) for step in steps)
    of_trunk = {tag.trunk: before for tag, before in tags if tag is not None}

    def find(name: str, wish: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
        trunk = (wish or {}).get("sharedTrunk", "")
        return of_trunk.get(trunk, own.get(trunk)) if trunk else own.get(name)

    return find


def _rule_after(log: EngineLog) -> Callable[[str, Mapping[str, Any] | None], Mapping[str, Any] | None]:
    """Give what finds the properties of the rule that answers a line from now on."""
    steps = (step for step in log.steps if step.kind == "DispatchRule" and step.op != "delete")
    found = {step.name: step.after for step in steps}
    return lambda name, wish: found.get((wish or {}).get("sharedTrunk", name))


def _shared(log: EngineLog) -> Iterator[Shared]:
    # A replacement has several steps, of which one may say what differs, and is one thing.
    told: dict[tuple[str, str, str], Shared] = {}
    for one in _objects(log):
        name = one.kind, one.name, one.what
        told[name] = max(told.get(name, one), one, key=lambda each: len(each.changes))
    yield from told.values()


def _objects(log: EngineLog) -> Iterator[Shared]:
    adopted = _adopting(log)
    for step in log.changes:
        if step.line:
            continue
        what = _REMOVED.get(step.op, "replaced" if "replace" in step.op else "changed")
        if what == "made" and (step.name, step.kind) in adopted:
            what = "adopted"
        made = changes(step)
        if what != "changed" or made:
            yield Shared(kind=place(step.kind), name=step.name, what=what, changes=made)


def _adopting(log: EngineLog) -> frozenset[tuple[str, str]]:
    """Give (line or trunk, kind) of each object that is there and is taken over; numbers are told by themselves."""
    adopting: Mapping[str, Iterable[str]] = log.fleet_after.get("adopting", {})
    objects = ((owner.removeprefix("trunk."), what) for owner, taken in adopting.items() for what in taken)
    there = ((owner, what.partition(" ")[0]) for owner, what in objects if not what.endswith("(new)"))
    return frozenset((owner, kind) for owner, kind in there if kind != "PhoneNumber")


def _walls(log: EngineLog) -> Iterator[Wall]:
    for step in log.changes:
        if step.before is None or step.after is None:
            continue
        # What is named no more goes with its key, but for what was adopted, of which it stays.
        gone = {} if step.after.get("adopt") else dict.fromkeys(step.before.keys() - step.after.keys())
        after = {**gone, **step.after}
        for name, wall in loosened(step.kind, step.before, after, after):
            was, becomes = said(step.before[name]), said(after[name])
            yield Wall(
                owner=step.name, wall=f"{word(name)} of the {place(step.kind)}: {wall}", was=was, becomes=becomes
            )
    for name, was, becomes in _marks(log):
        if was == "protect":
            wall = "removal: only a marked line can lose its number, by a later update"
            yield Wall(owner=name, wall=wall, was=was, becomes=becomes)
    yield from costs.loosened_guard(log.fleet_before, log.fleet_after)


def _marks(log: EngineLog) -> list[tuple[str, str, str]]:
    """Give (line, the mark that it had, the mark that it gets) of each line that stays and gets another."""
    both = ((name, old.get("removal", ""), new.get("removal", "")) for name, old, new in _staying(log))
    return [(name, was, becomes) for name, was, becomes in both if was != becomes]


def _staying(log: EngineLog) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Give each line that was there and stays, by its name from now on, with what the Fleet had and has of it."""
    before, after = log.fleet_before.get("lines", {}), log.fleet_after.get("lines", {})
    for name, new in sorted(after.items()):
        old = before.get(name) or before.get(new.get("renamedFrom", ""))
        if old is not None:
            yield name, old, new


def _missed(log: EngineLog) -> Iterator[str]:
    after = log.fleet_after.get("lines", {})
    for name, old, new in _staying(log):
        if old.get("sharedTrunk", "") != new.get("sharedTrunk", ""):
            yield f"line {name} goes to another LiveKit trunk: a call between two requests is not answered"
    # The Fleet knows of moves between trunks which no step shows.
    yield from (notice for notice in log.notices if _GAP in notice)
    for step in log.changes:
        owner = step.line or step.name
        if step.kind in _PATH and "replace" in step.op and (not step.line or owner in after):
            yield f"the {place(step.kind)} of {owner} is replaced: calls may miss their agent until the new one stands"


def _notices(log: EngineLog) -> Iterator[str]:
    """Give what was said beside the plan, without what has a place of its own on the page."""
    beside = tuple(one["message"] for one in log.fleet_after.get("neighbours", ()))
    yield from (text for text in log.notices if _GAP not in text and not text.startswith(beside))


def _drift(found: Iterable[Step]) -> Iterator[Drift]:
    for step in found:
        if step.after is None:
            yield Drift(kind=place(step.kind), name=step.name, field="", recorded="there", found="gone")
            continue
        for name, recorded, now in (*differing(step.before or {}, step.after), *hidden(step)):
            if (step.kind, name) == ("PhoneNumber", "status"):
                # No update puts a number that vanished, or waits, right again: what becomes of it has its own place.
                continue
            yield Drift(kind=place(step.kind), name=step.name, field=word(name), recorded=recorded, found=now)


def _waiting(log: EngineLog) -> Iterator[Waiting]:
    for step in log.steps:
        if step.kind == "PhoneNumber" and step.after is not None and step.after.get("status") in _WAITING:
            status, number = str(step.after["status"]), str(step.after.get("phoneNumber", ""))
            yield Waiting(line=step.name, number=number, status=status)
