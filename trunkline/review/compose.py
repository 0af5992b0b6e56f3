"""From an engine's log to the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from trunkline.deployed import NOT_ASKED, is_cloud
from trunkline.model.fallback import said as fallback_said
from trunkline.review import answers, by_hand, costs, numbering, openings
from trunkline.review.differences import CALLERS, changes, place, said, word
from trunkline.review.engine_log import EngineLog, Step
from trunkline.review.page import Beside, Change, Line, Page, Shared, Verdict, Waiting

_WAITING = frozenset({"ordered", "pending", "vanished"})
# Where a call passes; a replacement of one is a moment without it.
_PATH = frozenset({"InboundTrunk", "DispatchRule", CALLERS, "OriginationUrl", "SipTrunk"})
# By these words notices say that calls are missed, which no step shows.
_GAPS = ("so calls to it are not answered", "so calls over it fail")
_REMOVED = {"delete": "removed", "create": "made"}


def compose(log: EngineLog) -> Page:
    """Give the page of a preview."""
    drift = tuple(by_hand.of(log))
    bought, adopted, taken_back = numbering.coming(log)
    going = numbering.going(log)
    lines = tuple(_lines(log, {(one.kind, one.name, one.field) for one in drift if one.put_right}))
    shared = tuple(_shared(log))
    verdict = Verdict.REFUSED if log.errors else Verdict.CHANGES if log.changes else Verdict.NOTHING
    if log.fleet_before and log.fleet_after and verdict is Verdict.NOTHING and openings.marks(log):
        verdict = Verdict.CHANGES
    return Page(
        stack=log.stack,
        verdict=verdict,
        refused=log.errors,
        bought=bought,
        adopted=adopted,
        released=going.released,
        kept=going.kept,
        taken_back=taken_back,
        taken_over=len(_adopting(log)),
        final=tuple(numbering.final(going.released, bought)),
        walls=tuple(openings.of(log)),
        missed=tuple(_missed(log)),
        costs=costs.of(
            log.fleet_before,
            log.fleet_after,
            bought=bought,
            released=going.released,
            kept=(*going.kept, *going.left),
            absent=answers.absent(log),
        ),
        lines=lines,
        shared=shared,
        drift=drift,
        waiting=tuple(_waiting(log)),
        beside=tuple(
            Beside(id=one["id"], message=one["message"], accepted=one.get("accepted", ""))
            for one in log.fleet_after.get("neighbours", ())
        ),
        notices=(*going.told, *_notices(log), *_unasked(log, lines)),
    )


def _lines(log: EngineLog, put_right: set[tuple[str, str, str]]) -> Iterator[Line]:
    """Give the lines of which anything changes, but for what the update only puts right again (`put_right`)."""
    before, after = log.fleet_before.get("lines", {}), log.fleet_after.get("lines", {})
    who_before, who_after = answers.before(log), answers.after(log)
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
        was, becomes = who_before(name, old), who_after(name, new)
        is_renamed = name in renamed and renamed[name] not in after
        # What goes as its line is renamed has the former name.
        steps = (*own.get(name, ()), *(own.get(renamed[name], ()) if is_renamed else ()))
        made = [
            change
            for step in steps
            for change in changes(step)
            if (place(step.kind), step.name if step.kind == CALLERS else name, change.field) not in put_right
        ]
        if old and new:
            made += _told_by_fleet(old, new)
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
            # Of a line that comes or goes, whom its `callers` call is all that a step says beside it.
            changes=tuple(dict.fromkeys(made)),
        )


def _otherwise(agents: str, fallback: Mapping[str, Any] | None) -> str:
    """Say where calls go that nobody answers, by the Fleet's word of a line."""
    return fallback_said(agents, fallback["after"], fallback["to"]) if fallback else ""


def _told_by_fleet(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Give what no step shows: a custom line's mark, which no number of its own has, and whose trunk a line shares."""
    for what, key in (("number", "removal"), ("trunk", "sharedTrunk")):
        if old.get(key) != new.get(key):
            yield Change(place=what, field=word(key), was=said(old.get(key)), becomes=said(new.get(key)))


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
        if what == "made" and (step.name.partition("+")[0], step.kind) in adopted:
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


def _missed(log: EngineLog) -> Iterator[str]:
    after = log.fleet_after.get("lines", {})
    for name, old, new in openings.staying(log):
        if old.get("sharedTrunk", "") != new.get("sharedTrunk", ""):
            yield f"line {name} goes to another LiveKit trunk: a call between two requests is not answered"
    # The providers know of moves between trunks, and of two sides that must speak alike, which no step shows.
    yield from (notice for notice in log.notices if _tells_a_gap(notice))
    for step in log.changes:
        owner = step.line or step.name
        if step.kind in _PATH and "replace" in step.op and (not step.line or owner in after):
            yield f"the {place(step.kind)} of {owner} is replaced: calls may miss their agent until the new one stands"


def _tells_a_gap(notice: str) -> bool:
    return any(words in notice for words in _GAPS)


def _notices(log: EngineLog) -> Iterator[str]:
    """Give what was said beside the plan, without what has a place of its own on the page."""
    beside = tuple(one["message"] for one in log.fleet_after.get("neighbours", ()))
    yield from (text for text in log.notices if not _tells_a_gap(text) and not text.startswith(beside))


def _unasked(log: EngineLog, lines: Iterable[Line]) -> Iterator[str]:
    """Say where somebody else is to answer, and nobody could be asked whether he is there."""
    host = str(log.fleet_after.get("accounts", {}).get("livekit", ""))
    if host and not is_cloud(host) and any(line.after and line.after != line.before for line in lines):
        yield NOT_ASKED


def _waiting(log: EngineLog) -> Iterator[Waiting]:
    for step in log.steps:
        if step.kind == "PhoneNumber" and step.after is not None and step.after.get("status") in _WAITING:
            status, number = str(step.after["status"]), str(step.after.get("phoneNumber", ""))
            yield Waiting(line=step.name, number=number, status=status)
