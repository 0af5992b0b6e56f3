"""Objects of this fleet that no line of the file wants: what killed runs left, when the edit was reverted."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from providers.dynamic import caller_rules, fallback_urls, giving_up
from providers.dynamic.choice import Choice, owners_of
from providers.dynamic.objects import ADOPTED
from providers.dynamic.ownership import own_trunks, trunk_names
from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import ALONE, Claim, Survey, is_noted
from providers.kinds import CLAIM_KINDS, KINDS, SWEPT_KINDS, is_claim
from providers.port import Observed, OwnedNumber
from trunkline.errors import Reason, Rejected, VendorError
from trunkline.model.tag import Tag

_AT_LIVEKIT = ("DispatchRule", *CLAIM_KINDS)
PATIENCE = 24 * 3600
"""Seconds for which an order that no line of the file has may come. No vendor says how long: a day is our guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftovers:
    """What no line of the file wants.

    `objects`: "Kind/id", in the order in which they are removed. `complete`: the owners among them whose dispatch
    rule stands, so that calls may still arrive. `unclaimed`: owner -> the number that is still paid for, whose
    trunk stays.
    """

    objects: tuple[str, ...]
    complete: tuple[str, ...]
    unclaimed: Mapping[str, OwnedNumber]


def find(
    survey: Survey,
    news: Mapping[str, Any],
    olds: Mapping[str, Any],
    facts: Mapping[str, Mapping[str, Any]],
    removed: Mapping[str, str],
    held: Container[str] = (),
) -> Leftovers:
    """Sort out the tagged objects whose owner is not in the file. Pure. `facts`: what the file says of each line.

    `removed`: line -> number of those whose removal was begun (see `leaving`). `held`: the ids that the state has, as
    far as they are known before the engine reads it.
    """
    known, lines = declared(news), olds.get("lines", {})
    moved = set(news["otherLines"])
    # What the last update declared as finished is in the state: the engine deletes it in its own order. What such a
    # removal leaves behind one update later was a duplicate that no listing had shown before.
    engines = (removed.keys() & lines.keys()) | _trunk_owners(olds)
    objects = {owner: ids for owner, ids in _tagged(survey).items() if owner not in known | engines}
    # What stands whole for a sibling's line may be its own, made by an earlier version under this stack's name.
    theirs = {owner for owner in moved if survey.is_complete(owner)}
    objects = {owner: ids for owner, ids in objects.items() if owner not in theirs}
    # Where the sibling's line has objects under its own name too, a number under this stack's was ordered here.
    ordered_here = theirs & {tag.owner for one in survey.claims() if (tag := survey.whose.stranger(one.tag))}
    idle = _idle(survey, news, olds, facts)
    objects |= idle
    unclaimed = _paid_for(survey, known, removed, {*objects, *ordered_here, *removed})
    unnamed = {*lines, *(theirs - ordered_here)}
    claiming = {
        f"{kind}/{one.id}" for kind in CLAIM_KINDS for one in survey.objects.get(kind, ()) if is_claim(one.props)
    }
    # Of a line that was never finished the claims alone are noted, since the engine's `delete` leaves those in place.
    swept = {
        owner: [name for name in ids if owner not in lines or name in claiming]
        for owner, ids in objects.items()
        if owner not in unclaimed
    }
    twins = _twins(survey, engines - known, held)
    return Leftovers(
        objects=tuple(sorted([*twins, *(name for ids in swept.values() for name in ids)], key=_removal_order)),
        complete=tuple(sorted(owner for owner, ids in swept.items() if ids and survey.is_complete(owner))),
        unclaimed={owner: unclaimed[owner] for owner in sorted(unclaimed) if owner not in unnamed},
    )


def _twins(survey: Survey, owners: Container[str], held: Container[str]) -> list[str]:
    """Give the objects beside which the state has another one of the same kind and owner: the engine deletes that one.

    A killed run's request made them, that was carried out when the next run had looked.
    """
    found = []
    for owner, names in _tagged(survey).items():
        recorded = {_kind_of(name) for name in names if _id_of(name) in held}
        if owner in owners:
            found += [name for name in names if _kind_of(name) in recorded and _id_of(name) not in held]
    return found


def _idle(
    survey: Survey, news: Mapping[str, Any], olds: Mapping[str, Any], facts: Mapping[str, Mapping[str, Any]]
) -> dict[str, list[str]]:
    """Give the same at LiveKit of the file's trunks that no line is on: their lines shared it, and the state is lost.

    Where the last update had lines that share the trunk, the engine has its objects.
    """
    on = {
        trunk for name in news["lines"] for key in ("trunk", "formerTrunk") if (trunk := facts.get(name, {}).get(key))
    }
    lines = (*news["lines"].values(), *olds.get("lines", {}).values())
    used = {Tag.of_trunk("", trunk).owner for trunk in (*on, *(line.get("sharedTrunk", "") for line in lines))}
    numbers = {str(number) for owned in survey.owned.values() for number in owned}
    found = {}
    for owner, names in _tagged(survey).items():
        # While a number of its lines is paid for, their calls are answered.
        paid = numbers & set(survey.claimed_numbers((owner,))) - survey.tagless
        if owner in own_trunks(news) - used and not paid:
            found[owner] = [name for name in names if _kind_of(name) in _AT_LIVEKIT]
    return found


def _tagged(survey: Survey) -> dict[str, list[str]]:
    """Give owner -> the objects that carry its tag, without trunks at the carrier that somebody's number uses.

    A tag that another stack can have written is left out: what stands there is never swept.
    """
    carrying = [kind.carries for kind in KINDS.values() if kind.carries]
    numbers = [owned for held in survey.owned.values() for owned in held.values()]
    used = {owned.props.get(name) for owned in numbers for name in carrying}
    objects: dict[str, list[str]] = {}
    for kind in SWEPT_KINDS:
        for one in survey.objects.get(kind, ()):
            owner = survey.whose.scoped_owner_of(one.tag)
            if owner and (one.id not in used or ADOPTED in one.notes):
                objects.setdefault(owner, []).append(f"{kind}/{one.id}")
    return objects


def _paid_for(
    survey: Survey, known: set[str], removed: Mapping[str, str], owners: Iterable[str]
) -> dict[str, OwnedNumber]:
    """Give owner -> the number that is in the account for it: by its tag, or by its claim where numbers carry none.

    Where numbers do carry tags an untagged one is not ours: it was to be adopted. One that a removal kept is let go as
    soon as it is routed nowhere; its claim has done its work then.
    """
    numbers = (owned for held in survey.owned.values() for owned in held.values())
    paid = {owner: owned for owned in numbers if (owner := survey.owner_of(owned.tag)) and owner not in known}
    for owner in owners:
        for number in (removed[owner],) if owner in removed else survey.claimed_numbers((owner,)):
            claimed = survey.in_any_account(number)
            # In a trunk that lines share, each number has the tag of its own line.
            shares = claimed is not None and bool(Tag("", owner).trunk) and survey.owner_of(claimed.tag) in paid
            if number not in survey.tagless and not shares:
                continue
            if claimed is not None and (owner not in removed or any(claimed.props.values())):
                paid.setdefault(owner, claimed)
    return paid


def declared(inputs: Mapping[str, Any]) -> set[str]:
    """Give the owners that the Fleet's inputs declare, former names included."""
    lines = inputs["lines"]
    former = (wish["renamedFrom"] for wish in lines.values() if wish.get("renamedFrom"))
    return {*lines, *former, *_trunk_owners(inputs)}


def _trunk_owners(inputs: Mapping[str, Any]) -> set[str]:
    names = (name for trunk in inputs.get("trunks", ()) for name in trunk_names(inputs, trunk))
    return {Tag.of_trunk("", name).owner for name in names}


def waiting(
    left: Leftovers, survey: Survey, olds: Mapping[str, Any], removed: Container[str], now: float
) -> dict[str, int]:
    """Give owner -> since when it is known that its number may be on order, as its claim alone tells. Pure, by `now`.

    A carrier may take long to show what it has charged for, and a killed run's request may be under way. Where numbers
    carry no tags, nothing else would tell whose one is that comes then; where a search picked it, nothing else would
    keep the line, put back before, from another one. What was finished once and is `removed` was let go by its id.
    """
    owners = {owner for owner, names in _tagged(survey).items() if set(names) & set(left.objects)}
    since = olds.get("waiting", {})
    return {
        owner: since.get(owner, int(now))
        for owner in sorted(owners)
        if owner not in removed and any(_is_awaited(survey, claim) for claim in survey.asked_for((owner,)))
    }


def _is_awaited(survey: Survey, claim: Claim) -> bool:
    said = any(is_noted(claim.trunk, word, claim.number) for word in ALONE) and not claim.is_unavailable
    return said and survey.in_any_account(claim.number) is None


def due(left: Leftovers, survey: Survey, olds: Mapping[str, Any], waits: Mapping[str, int], now: float) -> list[str]:
    """Give those of the leftovers that this update removes: what an earlier update has noted, and nothing waits for.

    A LiveKit trunk is the claim of a number that a killed run may have ordered a moment ago, and at a carrier without
    tags the only one. A rule, or a carrier's trunk, may serve a number whose account lags: without a record, a line
    that the file has lost by mistake looks just so. By the next update the number may have appeared.
    """
    waiting_ones = (names for owner, names in _tagged(survey).items() if waits.get(owner, 0) > now - PATIENCE)
    known = set(olds.get("leftovers", ())) - {name for names in waiting_ones for name in names}
    return [name for name in left.objects if name in known]


def sweep(runtime: Runtime, news: Mapping[str, Any], olds: Mapping[str, Any]) -> None:
    """Delete what is due, reading each object first; absent ones are done.

    Left is what by now carries no tag of this fleet, or the tag of somebody whom the file or the last update declares:
    a list that lags behind a rename shows a living line's objects under its former name.
    """
    spared = declared(news) | (declared(olds) if olds else set())
    lines = (*news["lines"].values(), *olds.get("lines", {}).values())
    shared = {Tag.of_trunk("", line["sharedTrunk"]).owner for line in lines if "sharedTrunk" in line}
    scope = news.get("scope", news["fleet"])
    for name in news["swept"]:
        kind, parent, id_ = _parts(name)
        adapter = runtime.adapter(kind)
        observed = adapter.get(id_, parent)
        tag = Tag.parse(observed.tag) if observed else None
        idle = tag and tag.trunk and kind in _AT_LIVEKIT and tag.owner not in shared
        tagged = observed.tag if observed else ""
        idle = idle or any(each.is_unwanted(news, kind, tagged) for each in (fallback_urls, caller_rules))
        if not (observed and tag and tag.fleet == scope and (idle or tag.owner not in spared)):
            continue
        if ADOPTED in observed.notes:
            if kind == "SipTrunk":
                giving_up.withdraw(runtime, observed)
            adapter.update(observed, {**observed.props, "tag": ""})
            runtime.notice(f"{kind} {id_} was there before it was adopted, so it was left, without our tag.")
        else:
            known = (line.get("phoneNumber", "") for each in (news, olds) for line in each.get("lines", {}).values())
            _give_up_unless_used(runtime, kind, observed, known)


def _give_up_unless_used(runtime: Runtime, kind: str, observed: Observed, known: Iterable[str]) -> None:
    """Leave to the next update what something else still uses.

    After an interrupted removal the state may still have both, and the engine deletes them in the right order later in
    this very update.
    """
    recorded = {"tag": observed.tag, "named": giving_up.named_of(observed, (observed.tag,), filter(None, known))}
    try:
        giving_up.give_up(runtime, kind, observed, recorded, {"tag": ""})
    except Rejected as error:
        if error.reason not in (Reason.CONFLICT, Reason.DEPENDENTS):
            raise
        runtime.notice(f"{kind} {observed.id} is left for the next update, since something still uses it.")


def remaining(runtime: Runtime, objects: Iterable[str]) -> list[str]:
    """Give those that are still there, from the listings of this process."""
    return [name for name in objects if _is_listed(runtime, name)]


def _is_listed(runtime: Runtime, name: str) -> bool:
    """What a vendor does not tell counts as there; whether that stops the run is the check's to say."""
    kind, parent, id_ = _parts(name)
    try:
        return kind in runtime.vendors.adapters and any(one.id == id_ for one in runtime.listing(kind, parent))
    except VendorError:
        return True


def _removal_order(name: str) -> tuple[int, str]:
    return SWEPT_KINDS.index(_kind_of(name)), name


def _parts(name: str) -> tuple[str, str, str]:
    """Give kind, parent and id; "" as the parent of what lives in none."""
    kind, _, rest = name.partition("/")
    parent, _, id_ = rest.rpartition("/")
    return kind, parent, id_


def _kind_of(name: str) -> str:
    return name.partition("/")[0]


def _id_of(name: str) -> str:
    return name.partition("/")[2]


def belated(
    survey: Survey, choices: Mapping[str, Choice], lines: Mapping[str, Mapping[str, Any]], olds: Mapping[str, Any]
) -> dict[str, str]:
    """Give number -> line of the owned numbers that carry the tag of a line which has another number.

    What a line is recorded with it has, whatever number the file gives it by now.
    """
    recorded = olds.get("lines", {})
    found: dict[str, str] = {}
    for name, choice in choices.items():
        owners = owners_of(name, lines[name])
        old = next((recorded[owner] for owner in owners if owner in recorded), None)
        if old is None and not (choice.held or choice.ordered):
            continue
        its = {choice.number, old and old.get("phoneNumber")}
        tagged = survey.tagged_numbers(lines[name]["provider"], owners)
        found |= {one.number: name for one in tagged if one.number not in its}
    return found
