"""A line claims its number before it is bought: its tagged LiveKit trunk holds it.

The claim is what tells an interrupted purchase from a foreign number, and what keeps two runs from buying two numbers
for one line: each looks again after it has claimed, and just before it buys.

It moves to another number only on proof that this one was not bought. An answer of a carrier is none, since look-ups
lag and "not available" may mean "yours already", unless it is the answer to the only purchase that was ever sent. So a
process that did not make the claim notes `again` behind its tag before it sends one; and the process that made it,
where it saw that answer and finds no `again`, notes `unavailable`. Two processes that move a claim overwrite each other
unseen: moving it gives nobody the first purchase.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from providers.dynamic.objects import find_ours, tags_of
from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import AGAIN, ALONE, PICKED, UNAVAILABLE, UNTAGGED, Claim, is_noted
from providers.kinds import Kind, claimed
from providers.port import Observed
from trunkline.calls import canonical, has_number
from trunkline.e164 import E164
from trunkline.errors import Refusal, UnknownOutcome, VendorError
from trunkline.model.tag import Tag, with_notes

_AGAIN = "Nothing was bought by this run. Wait until the other run has ended, then run `pulumi up` again."


def refuse_other_claim(runtime: Runtime, kind: Kind, desired: Mapping[str, Any], recorded: str = "") -> None:
    """Refuse to move a claim to another number while the number that it holds is bought, or may still be.

    The Fleet chose another number on proof, or because the line gives this one up; if it is in the account by now, or
    the claim is another than the Fleet saw, somebody has been here in between. One that is there with another line's
    tag was not bought for this one. `recorded`: the id of the claim that is to become as desired, where the state has
    one. Where it, or the first of all, holds what the line has in its account, no other claim moves: that of a killed
    run, say, whose request came late.
    """
    given_up, found = desired.get("giveUp", ()), _claims(runtime, kind, desired)
    taken = [claim for claim in found if claim.id == recorded] if recorded else list(found[:1])
    settled = len(found) > 1 and any(_has_come(runtime, claim, desired) for claim in taken)
    for claim in taken if settled else found:
        for number in map(canonical, claimed(claim.props)):
            if number in claimed(desired) or not (desired.get("searched") or number in given_up):
                continue
            owned = runtime.carrier(desired["claims"]).find(E164.shaped(number))
            if owned is not None and Tag.parse(owned.tag) and owned.tag not in tags_of(desired):
                continue
            if owned is not None:
                raise Refusal(f"{number} was bought for this line meanwhile ({claim.id} holds it). {_AGAIN}")
            if number not in given_up and not Claim(number, claim).is_unavailable:
                raise Refusal(f"{number} may be on order for this line ({claim.id} holds it). {_AGAIN}")


def notes_of(runtime: Runtime, desired: Mapping[str, Any]) -> tuple[str, ...]:
    """Give what a claim says of its numbers from the start: that no tag on them will tell whose they are, or which."""
    provider = desired.get("claims")
    if not provider or desired.get("adopt"):
        return ()
    if not runtime.carrier(provider).keeps_tags:
        return tuple(f"{UNTAGGED}={number}" for number in claimed(desired))
    return tuple(f"{PICKED}={number}" for number in claimed(desired)) if desired.get("searched") else ()


def with_new_ones(
    runtime: Runtime, observed: Observed, desired: Mapping[str, Any], wanted: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Give what a trunk is to become, with that said of the numbers that it has not claimed before."""
    said = notes_of(runtime, desired)
    new = [each for each in said if not has_number(claimed(observed.props), each.partition("=")[2])]
    return {**wanted, "tag": with_notes(wanted["tag"], new)} if new else wanted


def withdraw_if_not_alone(runtime: Runtime, kind: Kind, desired: Mapping[str, Any], made: Observed) -> None:
    """After a claim was made, look again; where another run made one for the same line, take ours back and refuse."""
    others = [claim for claim in _claims(runtime, kind, desired) if claim.id != made.id]
    if others:
        runtime.adapter(kind.name).delete(made.id)
        names = ", ".join(claim.id for claim in others)
        raise Refusal(f"another run claims a number for this line at the same time ({names}). {_AGAIN}")


def confirm(
    runtime: Runtime, kind: Kind, claim_id: str, number: str, tags: Sequence[str], *, searched: bool
) -> Observed:
    """Just before a purchase: the claim is ours, holds this number, and is the only one of its line.

    Raises Refusal otherwise; nothing is bought then.
    """
    claim = runtime.adapter(kind.name).get(claim_id)
    if claim is None or not has_number(claimed(claim.props), number):
        holds = "is gone" if claim is None else f"holds {', '.join(claimed(claim.props))}"
        raise Refusal(f"{kind.name} {claim_id}, which claims {number} for this line, {holds} now. {_AGAIN}")
    if searched:
        listing = runtime.listing(kind.name, fresh=True)
        others = [one for one in listing if one.id != claim_id and Tag.parse(one.tag)]
        rivals = [one.id for one in others if one.tag in tags or has_number(claimed(one.props), number)]
        if rivals:
            raise Refusal(
                f"several trunks claim a number for this line, or {number} ({claim_id}, {', '.join(rivals)}). {_AGAIN}"
            )
    return claim


def note_purchase(runtime: Runtime, kind: Kind, claim: Observed, number: str) -> bool:
    """Say at LiveKit that a purchase is about to be sent, unless it is the first: that of the claim's own maker.

    Gives whether it is. Raises the vendor's errors where the note could not be written; nothing may be bought then.
    """
    first = (claim.id, number) in runtime.claimed and not is_noted(claim, AGAIN, number)
    runtime.claimed.discard((claim.id, number))
    if not first and not is_noted(claim, AGAIN, number):
        _note(runtime, kind, claim, AGAIN, number)
    return first


def note_unavailable(runtime: Runtime, kind: Kind, claim_id: str, number: str) -> bool:
    """After the claim's maker saw "not available": note it, if no other purchase may have been sent meanwhile.

    Gives whether it is noted.
    """
    try:
        claim = runtime.adapter(kind.name).get(claim_id)
        if claim is None or not has_number(claimed(claim.props), number) or is_noted(claim, AGAIN, number):
            return False
        _note(runtime, kind, claim, UNAVAILABLE, number)
    except VendorError:
        return False
    return True


def forget_notes(runtime: Runtime, kind: Kind, claim_id: str, number: str) -> None:
    """Take away what is noted about a number that has come: its claim has done its work.

    What cannot be written now is left: it says nothing about a number that is in the account.
    """
    listed = (one for one in runtime.listing(kind.name) if one.id == claim_id)
    if claim_id not in runtime.noted and not any(_about(one, number) for one in listed):
        return
    with suppress(VendorError):
        claim = runtime.adapter(kind.name).get(claim_id)
        if claim is not None and (about := _about(claim, number)):
            kept = with_notes(claim.tag, (note for note in claim.notes if note not in about))
            runtime.adapter(kind.name).update(claim, {**claim.props, "tag": kept})


def may_be_ordered(runtime: Runtime, recorded: Mapping[str, Any]) -> bool:
    """Whether a claim that is to be deleted is all that could tell whose a number is that arrives a moment later.

    So it is where the carrier's numbers carry no tags and this run did not let the number go: a killed run may have
    sent the order. Where a search picked it, the claim is all that tells the line, put back before it arrives, not to
    pick another. The Fleet has noted such a claim, and removes it later. Where no program runs (`destroy`) there is
    none.
    """
    provider = recorded.get("claims")
    if not provider or runtime.wanted is None:
        return False
    if runtime.carrier(provider).keeps_tags and not recorded.get("searched"):
        return False
    # A number that the file wants is claimed by the trunk that its line has now.
    known = runtime.let_go | set(map(canonical, runtime.wanted.values()))
    return any(canonical(number) not in known for number in claimed(recorded))


def _has_come(runtime: Runtime, claim: Observed, desired: Mapping[str, Any]) -> bool:
    """Whether a claim holds every number that the line is to have, and each is in the account, nobody else's by tag."""
    account = runtime.carrier(desired["claims"])
    return all(
        has_number(claimed(claim.props), number)
        and (owned := account.find(E164.shaped(number))) is not None
        and (Tag.parse(owned.tag) is None or owned.tag in tags_of(desired))
        for number in claimed(desired)
    )


def _about(claim: Observed, number: str) -> tuple[str, ...]:
    said = (note.partition("=") for note in claim.notes)
    return tuple(f"{word}={about}" for word, _, about in said if about == number and word not in ALONE)


def _note(runtime: Runtime, kind: Kind, claim: Observed, word: str, number: str) -> None:
    adapter = runtime.adapter(kind.name)
    runtime.noted.add(claim.id)
    try:
        adapter.update(claim, {**claim.props, "tag": with_notes(claim.tag, (*claim.notes, f"{word}={number}"))})
    except UnknownOutcome:
        there = adapter.get(claim.id)
        if there is None or not is_noted(there, word, number):
            raise


def _claims(runtime: Runtime, kind: Kind, desired: Mapping[str, Any]) -> Sequence[Observed]:
    found = find_ours(runtime, kind, desired, fresh=True)
    return [one for one in (found.observed, *found.duplicates) if one is not None and one.tag in tags_of(desired)]
