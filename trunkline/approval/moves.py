"""What moved since a plan was saved: in the file, in the stack's record, in what the Fleet finds, at the vendors. Pure.

What is foreign and beside ours is compared as far as the page shows it: another team's purchase, a sibling's object or
another sample of a search moves nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from trunkline.approval.saved import NOT_APPROVED, Saved
from trunkline.model.options import ONLY_CALLERS, ONLY_NUMBERS
from trunkline.model.spec import Borrowed, FromFleet, FromSecret, Joined, Key, Ref, ResourceSpec, Speaking
from trunkline.review.differences import both, place, said, word
from trunkline.review.engine_log import LATER, SECRET

FILE, RECORD, FOUND, VENDOR = (
    "in the file or the settings",
    "in the stack's record",
    "by what the vendors offer and hold",
    "at the vendor",
)
_DEFERRED = (Borrowed, FromFleet, FromSecret, Joined, Ref, Speaking)
_CHOSEN = frozenset({"phoneNumber", "acquisition", "held", "monthlyCost", "ordered", "renews"})
# Since when a line's number is not shown: another time of day moves nothing.
_SINCE = frozenset({"unseen"})
# What the check adds to the Fleet's inputs; all the others are the program's.
_FOUND = frozenset(
    {"adopting", "borrowedSids", "leaving", "leftovers", "neighbours", "secureTrunks", "swept", "waiting"}
)
_LINES, FLEET = "lines", "fleet"
# What the Fleet tells of its check in a form of its own, line by line: what is adopted, and what goes.
_ADOPTING, _GOING, _HELD = "adopting", "going", "held"
_HELDS = {True: "in the account", False: "gone"}
# What an object has only where somebody, or something, went beside what we wrote.
_NONE: Mapping[str, Any] = {"duplicates": [], ONLY_CALLERS: [], ONLY_NUMBERS: []}
_BECOMES, _STAYS = " => ", " (stays)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """`owner` is a line, a trunk or "fleet"; `field` the property that moved, "" for all of the object or line."""

    owner: str
    place: str
    field: str
    was: str
    becomes: str
    where: str

    def said(self) -> str:
        """Give the move in words."""
        owner = f"{self.place} {self.owner}" if self.place in ("line", "the") else f"{self.place} of {self.owner}"
        field = f", {word(self.field)}" if self.field else ""
        return f"{owner}{field}: {self.was} => {self.becomes}, {self.where}"


def declared(saved: Saved, resources: Iterable[ResourceSpec], digest: str) -> tuple[Move, ...]:
    """Give what the program declares otherwise than was approved. `digest`: the inventory's."""
    approved = {(one.kind, one.name): one.declared for one in saved.objects if one.declared is not None}
    specs = {spec.key: spec for spec in resources}
    moved = [move for key in sorted(specs.keys() | approved.keys()) for move in _declared(key, specs, approved)]
    if not moved and digest != saved.digest:
        moved.append(_fleet("inventory", saved.digest[:12], digest[:12], FILE))
    return tuple(moved)


def _declared(key: Key, specs: Mapping[Key, ResourceSpec], approved: Mapping[Key, Any]) -> Iterator[Move]:
    kind, name = key
    if key not in specs or key not in approved:
        was, becomes = ("declared", "not declared") if key in approved else ("not declared", "declared")
        yield Move(owner=name, place=place(kind), field="", was=was, becomes=becomes, where=FILE)
        return
    props = specs[key].props
    # What adoption leaves as it stands is told by what the file named of it.
    told = {**approved[key], **approved[key].get("named", {})} if "unmanaged" in props else approved[key]
    for field in sorted(props.keys() - set(props.get("unmanaged", ())) - {"tag", "formerTags", "sharedTag"}):
        wanted, known = props[field], told.get(field)
        if not _same(wanted, known):
            was, becomes = both(field, known, _shown(wanted))
            yield Move(owner=name, place=place(kind), field=field, was=was, becomes=becomes, where=FILE)


def found(saved: Saved, record: Mapping[str, Any], inputs: Mapping[str, Any]) -> tuple[Move, ...]:
    """Give what the Fleet has recorded, or finds, otherwise than when the plan was made."""
    sides = ((saved.fleet, _plain(inputs), FOUND), (saved.record, _plain(record), RECORD))
    return tuple(move for was, now, where in sides for move in _fleets(was, now, where))


def _fleets(was: Mapping[str, Any], now: Mapping[str, Any], where: str) -> Iterator[Move]:
    if bool(was) != bool(now):
        there = ("there", "gone") if was else ("none", "there")
        yield _fleet("record", there[0], there[1], where)
        return
    before, after = was.get(_LINES, {}), now.get(_LINES, {})
    for name in sorted(before.keys() | after.keys()):
        if name not in before or name not in after:
            there = ("a line", "no line") if name in before else ("no line", "a line")
            source = FILE if where == FOUND else where
            yield Move(owner=name, place="line", field="", was=there[0], becomes=there[1], where=source)
            continue
        # For what could not be chosen the Fleet has its own reason. Whether a number is there is no earlier update's
        # word, but what the refresh saw.
        left = frozenset({"held"}) if where == RECORD else frozenset() if "phoneNumber" in after[name] else _CHOSEN
        yield from _differing(name, "line", before[name], after[name], where, without=left | _SINCE, chosen=_CHOSEN)
    # An update that is refused at once was not looked into.
    unseen = _FOUND if "leftovers" not in now else frozenset()
    told = frozenset({_LINES, "neighbours", _GOING, _ADOPTING}) | unseen
    yield from _differing(FLEET, "the", was, now, where, without=told, chosen=_FOUND)
    if where == FOUND and not unseen:
        old, new = ({one["id"]: one["message"] for one in side.get("neighbours", ())} for side in (was, now))
        yield from _differing(FLEET, "neighbour", old, new, where, chosen=frozenset({*old, *new}))
        yield from _going(was.get(_GOING, {}), now.get(_GOING, {}))
        yield from _adopting(was.get(_ADOPTING, {}), now.get(_ADOPTING, {}))


def _going(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Move]:
    """Give what differs of the lines that go by both: what tells that their number and their objects are theirs."""
    for name in sorted(was.keys() & now.keys()):
        old, new = ({**side[name]} for side in (was, now))
        held, holds = (_HELDS[side.pop(_HELD, True)] for side in (old, new))
        if held != holds:
            yield Move(owner=name, place="number", field="", was=held, becomes=holds, where=FOUND)
            continue
        for field in sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name)):
            kind = "line" if field == "tagged" else "number"
            before, after = said(old.get(field)), said(new.get(field))
            yield Move(owner=name, place=kind, field=field, was=before, becomes=after, where=FOUND)


def _adopting(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Move]:
    """Give what differs of what is adopted, property by property: what it is by now, or what it is to become."""
    there = {(owner, what) for side in (was, now) for owner, taken in side.items() for what in taken}
    for owner, what in sorted(there):
        old, new = (side.get(owner, {}).get(what) for side in (was, now))
        kind, _, id_ = what.partition(" ")
        where = f"{place(kind)} {id_}"
        if old is None or new is None:
            adopted = ("adopted", "not adopted") if new is None else ("not adopted", "adopted")
            yield Move(owner=owner, place=where, field="", was=adopted[0], becomes=adopted[1], where=FOUND)
            continue
        for field in sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name)):
            before, after = _sides(old.get(field, "")), _sides(new.get(field, ""))
            # What it was moves at the vendor, what it becomes in the file.
            at, source = (0, FOUND) if before[0] != after[0] else (1, FILE)
            yield Move(owner=owner, place=where, field=field, was=before[at], becomes=after[at], where=source)


def _sides(text: str) -> tuple[str, str]:
    """Part what the Fleet says of an adopted property, "was => becomes" or "was (stays)"."""
    was, arrow, becomes = text.partition(_BECOMES)
    if arrow:
        return was, becomes
    stays = text.removesuffix(_STAYS) or said("")
    return stays, stays


def standing(saved: Saved, live: Mapping[Key, Mapping[str, Any] | None]) -> tuple[Move, ...]:
    """Give what stands otherwise at the vendors. `live`: what was looked up of each object, None for one that is gone.

    Only what was looked up is compared.
    """
    moved: list[Move] = []
    for one in saved.objects:
        key, was = (one.kind, one.name), one.live
        if was is None or key not in live:
            continue
        now = live[key]
        if now is None:
            moved.append(
                Move(owner=one.name, place=place(one.kind), field="", was="there", becomes="gone", where=VENDOR)
            )
            continue
        known = {name: value for name, value in {**_NONE, **was}.items() if name in now}
        moved += _differing(one.name, place(one.kind), known, {name: now[name] for name in known}, VENDOR)
    return tuple(moved)


def told(path: str, moves: Iterable[Move], reasons: Iterable[str]) -> str:
    """Give the one refusal: each move once, and after them why else the update is refused now."""
    each: dict[tuple[str, str, str], Move] = {}
    every = tuple(moves)
    whole = {move.owner for move in every if not move.field and move.place == "line"}
    for move in every:
        if move.owner not in whole or (move.place == "line" and not move.field):
            # What the Fleet is told of a line is what its number has.
            each.setdefault((move.owner, "number" if move.place == "line" else move.place, move.field), move)
    rows = [*(move.said() for move in each.values()), *reasons]
    return (
        f"{NOT_APPROVED} in {path}: {len(rows)} moved since. Nothing was changed. Save the plan again and have that one"
        " approved.\n" + "\n".join(f"- {row}" for row in rows)
    )


def bound(path: str, saved: Saved, moved: Iterable[Move]) -> str:
    """Give what the program hands to the Fleet's check, as JSON text: Pulumi walks every leaf of an input."""
    plain = {"path": path, "plan": saved.to_json(), "moved": [asdict(move) for move in moved]}
    return json.dumps(plain, separators=(",", ":"))


def unbound(text: str) -> tuple[str, Saved, tuple[Move, ...]]:
    """Take what `bound` gave: path, plan, and what the program declares otherwise."""
    plain = json.loads(text)
    return plain["path"], Saved.from_json(plain["plan"]), tuple(Move(**one) for one in plain["moved"])


def _differing(
    owner: str,
    kind: str,
    was: Mapping[str, Any],
    now: Mapping[str, Any],
    where: str,
    *,
    without: frozenset[str] = frozenset(),
    chosen: frozenset[str] = frozenset(),
) -> Iterator[Move]:
    """Give each property that differs. `chosen`: those of the Fleet's that its check finds and no file says."""
    for name in sorted({*was, *now} - without):
        before, after = was.get(name), now.get(name)
        if not _same(after, before):
            source = FILE if where == FOUND and name not in chosen else where
            told, becomes = both(name, before, after)
            yield Move(owner=owner, place=kind, field=name, was=told, becomes=becomes, where=source)


def _fleet(field: str, was: str, becomes: str, where: str) -> Move:
    return Move(owner=FLEET, place="the", field=field, was=was, becomes=becomes, where=where)


def _same(wanted: Any, known: Any) -> bool:
    """Whether a value is the approved one, as far as it is known before the update and no secret."""
    if isinstance(wanted, _DEFERRED) or known in (SECRET, LATER):
        return True
    if isinstance(wanted, Mapping) and isinstance(known, Mapping):
        return all(_same(wanted.get(name), known.get(name)) for name in {*wanted, *known})
    if isinstance(wanted, list | tuple) and isinstance(known, list | tuple):
        return len(wanted) == len(known) and all(map(_same, _sorted(wanted), _sorted(known)))
    return bool(wanted == known)


def _sorted(values: Iterable[Any]) -> list[Any]:
    every = list(values)
    return sorted(every) if all(isinstance(one, str) for one in every) else every


def _shown(value: Any) -> Any:
    return LATER if isinstance(value, _DEFERRED) else value


def _plain(value: Mapping[str, Any]) -> Any:
    return json.loads(json.dumps(value))
