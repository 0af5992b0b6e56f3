"""Objects of this fleet that no line of the file wants: what killed runs left, when the edit was reverted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import CLAIM_KINDS, SWEPT_KINDS, Survey
from providers.port import Observed, OwnedNumber
from trunkline.errors import Reason, Rejected
from trunkline.plan.tag import Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftovers:
    """What no line of the file wants.

    `objects`: "Kind/id", in the order in which they are removed. `complete`: the owners among them whose dispatch
    rule stands, so that calls may still arrive. `unclaimed`: owner -> the number that is still paid for, whose
    trunk stays. `left_behind`: those of the objects that a removal should have taken along.
    """

    objects: tuple[str, ...]
    left_behind: frozenset[str]
    complete: tuple[str, ...]
    unclaimed: Mapping[str, OwnedNumber]


def find(survey: Survey, news: Mapping[str, Any], olds: Mapping[str, Any]) -> Leftovers:
    """Sort out the tagged objects whose owner is not in the file. Pure."""
    known = _declared(news)
    unclaimed: dict[str, OwnedNumber] = {}
    doomed: dict[str, list[str]] = {}
    for kind in SWEPT_KINDS:
        for one in survey.objects.get(kind, ()):
            owner = survey.owner_of(one.tag)
            if owner and owner not in known and not _carries_numbers(survey, one):
                doomed.setdefault(owner, []).append(f"{kind}/{one.id}")
    for numbers in survey.owned.values():
        for owned in numbers.values():
            owner = survey.owner_of(owned.tag)
            if owner and owner not in known:
                unclaimed[owner] = owned
    # What a removal leaves behind is the engine's, which has it in its state where the removal was interrupted, and is
    # swept where it is there one update later still: then it was a duplicate.
    removed = leaving(survey, news, olds)
    begun_now = removed.keys() - olds.get("leaving", {}).keys()
    doomed = {owner: ids for owner, ids in doomed.items() if owner not in begun_now}
    for owner in doomed:
        for number in (removed[owner],) if owner in removed else survey.claimed_numbers((owner,)):
            owned_number = survey.in_any_account(number)
            # Where numbers carry tags, an untagged one is not ours: it was to be adopted. One that was kept is let go.
            if (
                owned_number is not None
                and number in survey.tagless
                and not _is_detached(owner in removed, owned_number)
            ):
                unclaimed.setdefault(owner, owned_number)
    doomed = {owner: ids for owner, ids in doomed.items() if owner not in unclaimed}
    swept = {owner: _unrecorded(owner, ids, olds) for owner, ids in doomed.items()}
    return Leftovers(
        objects=tuple(sorted((id_ for ids in swept.values() for id_ in ids), key=_removal_order)),
        left_behind=frozenset(id_ for owner, ids in swept.items() if owner in removed for id_ in ids),
        complete=tuple(sorted(owner for owner, ids in swept.items() if ids and survey.is_complete(owner))),
        unclaimed={
            owner: unclaimed[owner]
            for owner in sorted(unclaimed)
            if owner not in olds.get("lines", {}) and owner not in begun_now
        },
    )


def _declared(inputs: Mapping[str, Any]) -> set[str]:
    """Give the owners that the Fleet's inputs declare, former names included."""
    lines = inputs["lines"]
    former = (wish["renamedFrom"] for wish in lines.values() if wish.get("renamedFrom"))
    trunks = (Tag.of_trunk(inputs["fleet"], trunk).owner for trunk in inputs["trunks"])
    return {*lines, *inputs["otherLines"], *former, *trunks}


def leaving(survey: Survey, news: Mapping[str, Any], olds: Mapping[str, Any]) -> dict[str, str]:
    """Give line -> number of the finished lines that this update removes, or that an interrupted one began to remove.

    Their claims are no orders, also where the number stays in the account because it is kept.
    """
    known = _declared(news)
    now = {name: old["phoneNumber"] for name, old in olds.get("lines", {}).items() if name not in known and old["held"]}
    before = {name: number for name, number in still_leaving(survey, olds).items() if name not in known}
    return {**before, **now}


def still_leaving(survey: Survey, olds: Mapping[str, Any]) -> dict[str, str]:
    """Give those of the recorded leaving lines of which something is still there."""
    there = {survey.owner_of(one.tag) for objects in survey.objects.values() for one in objects}
    return {name: number for name, number in olds.get("leaving", {}).items() if name in there}


def due(left: Leftovers, noted: Iterable[str]) -> list[str]:
    """Give those of the leftovers that this update removes.

    A LiveKit trunk is the claim of a number that a killed run may have ordered a moment ago, and at a carrier without
    tags the only one: it goes when an earlier update has noted it and the number has not appeared since. The same holds
    for what a removal left behind.
    """
    known, waiting = set(noted), left.left_behind
    return [
        name
        for name in left.objects
        if name in known or (name not in waiting and name.partition("/")[0] not in CLAIM_KINDS)
    ]


def _is_detached(kept: bool, owned: OwnedNumber) -> bool:
    """Whether a number that a removal was to keep is routed nowhere any more, so that its claim has done its work."""
    return kept and not any(owned.props.values())


def _unrecorded(owner: str, ids: list[str], olds: Mapping[str, Any]) -> list[str]:
    """Leave out what the last update declared: the engine deletes it, in its own order.

    Of a line that was never finished the claims are noted all the same, since `delete` leaves those in place.
    """
    trunks = {Tag.of_trunk(olds["fleet"], trunk).owner for trunk in olds.get("trunks", ())}
    line = olds.get("lines", {}).get(owner)
    if owner in trunks or (line is not None and line["held"]):
        return []
    return ids if line is None else [name for name in ids if name.partition("/")[0] in CLAIM_KINDS]


def _carries_numbers(survey: Survey, trunk: Observed) -> bool:
    numbers = (owned for numbers in survey.owned.values() for owned in numbers.values())
    return any(owned.props.get("trunkSid") == trunk.id for owned in numbers)


def sweep(runtime: Runtime, news: Mapping[str, Any], olds: Mapping[str, Any]) -> None:
    """Delete what is due, reading each object first; absent ones are done.

    Left is what by now carries no tag of this fleet, or the tag of somebody whom the file or the last update declares:
    a list that lags behind a rename shows a living line's objects under its former name.
    """
    spared = _declared(news) | (_declared(olds) if olds else set())
    for name in news["swept"]:
        kind, _, id_ = name.partition("/")
        adapter = runtime.adapter(kind)
        observed = adapter.get(id_)
        tag = Tag.parse(observed.tag) if observed else None
        if tag is not None and tag.fleet == news["fleet"] and tag.owner not in spared:
            _delete_unless_used(runtime, name)


def _delete_unless_used(runtime: Runtime, name: str) -> None:
    """Leave to the next update what something else still uses.

    After an interrupted removal the state may still have both, and the engine deletes them in the right order later in
    this very update.
    """
    kind, _, id_ = name.partition("/")
    try:
        runtime.adapter(kind).delete(id_)
    except Rejected as error:
        if error.reason not in (Reason.CONFLICT, Reason.DEPENDENTS):
            raise
        runtime.notice(f"{kind} {id_} is left for the next update, since something still uses it.")


def remaining(runtime: Runtime, objects: Iterable[str]) -> list[str]:
    """Give those that are still there, from the listings of this process."""
    return [name for name in objects if _is_listed(runtime, name)]


def _is_listed(runtime: Runtime, name: str) -> bool:
    kind, _, id_ = name.partition("/")
    return kind in runtime.vendors.adapters and any(one.id == id_ for one in runtime.listing(kind))


def _removal_order(name: str) -> tuple[int, str]:
    kind, _, id_ = name.partition("/")
    return SWEPT_KINDS.index(kind), id_
