"""Letting a number go: released or detached once, and only where it is still ours and nothing wants it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.dynamic import runtime, strangers
from providers.dynamic.objects import OUR_TAG, tags_of
from providers.dynamic.provider import FORMER_LABELS
from providers.port import Carrier, OwnedNumber
from trunkline.e164 import E164
from trunkline.errors import Reason, Refusal, Rejected, UnknownOutcome

_LOOKS, _PAUSE = 3, 1.0


def let_go(run: runtime.Runtime, carrier: Carrier, number: E164, recorded: Mapping[str, Any]) -> None:
    """Release a number, or detach it, as its recorded mark says; what is somebody else's by now is left, and told.

    Raises Refusal where the carrier would refuse the release, and the vendor's errors.
    """
    line, owned = recorded["line"], _to_let_go(run, carrier, number, recorded)
    if owned is None:
        _let_go_unseen(run, carrier, number, recorded)
    elif (taken := strangers.owner_of(run, carrier, owned, recorded)) is not None:
        run.notice(f"{number} of line {line} belongs to {taken.describe()} now; it was left as it is.")
    elif not _is_ours(carrier, owned, recorded):
        done = _leave_our_trunk(run, carrier, owned, recorded)
        run.notice(f"{number} no longer carries the tag and routing of line {line}; {done}.")
    elif recorded["removal"] == "keep":
        carrier.detach(owned, recorded.get(FORMER_LABELS, {}).get("tag", ""))
    else:
        _release(run, carrier, _unblocked(carrier, owned, recorded))


def forget(run: runtime.Runtime, carrier: Carrier, number: E164, recorded: Mapping[str, Any]) -> None:
    """Let go of a number that never came, as the file says. One that has come after all is left as it is.

    Where answers lag, the number may be ours and unseen. One that carries our tag is found by it later; any other is
    given back all the same, since nothing would speak for it once its trunk is gone.
    """
    owned = carrier.find(number)
    if owned is None:
        unseen = _unseen(carrier, number, recorded)
        is_nobodys = not carrier.keeps_tags and strangers.owner_of(run, carrier, unseen, recorded) is None
        if recorded["removal"] == "release" and is_nobodys and _release(run, carrier, unseen):
            # Of any other its claim must tell whose it is, should it come.
            run.let_go.add(number)
        return
    if recorded["removal"] == "release" and strangers.owner_of(run, carrier, owned, recorded) is None:
        run.let_go.add(number)
        _release(run, carrier, owned)
    else:
        run.notice(f"{number}, which line {recorded['line']} no longer waits for, has come after all; it is paid for.")


def _let_go_unseen(run: runtime.Runtime, carrier: Carrier, number: E164, recorded: Mapping[str, Any]) -> None:
    """Let go of a number that was in the account and that no answer shows: it vanished, or the answers lag.

    The request names it by its id, and the vendor's answer to that is the proof. A carrier that keeps no tags takes all
    settings of a number at once, so that one of its that was to stay cannot be detached unseen, which is told.
    """
    if not recorded.get("vendorId") or OUR_TAG in recorded:
        return
    unseen = _unseen(carrier, number, recorded)
    try:
        if recorded["removal"] == "release":
            carrier.release(unseen)
        else:
            carrier.detach(unseen, recorded.get(FORMER_LABELS, {}).get("tag", ""))
    except Rejected as error:
        if error.reason is not Reason.NOT_FOUND:
            raise
        if not carrier.keeps_tags:
            run.notice(
                f"{number} of line {recorded['line']} is not shown by its {carrier.name} account, so it was not"
                " detached. Where it shows again, take its routing off at the carrier."
            )


def _leave_our_trunk(run: runtime.Runtime, carrier: Carrier, owned: OwnedNumber, recorded: Mapping[str, Any]) -> str:
    """Take a number off the route that the record has where the answer shows it on another, or on none. Gives what came
    of it, in words.

    The answer may lag and show the number as it was before it was ours: it would go on to send its calls to LiveKit,
    where nobody answers them any more. Where the answer is true, there is nothing to take off. A sibling whose LiveKit
    trunk has it may have taken it over on the very trunk, unseen by the carrier's answer.
    """
    ours = _unseen(carrier, E164.shaped(owned.number), recorded)
    differs = recorded.get("vendorId") == owned.id and owned.props != {**ours.props, "tag": owned.tag}
    taken = strangers.claimant(run, owned, recorded) if differs else None
    if taken is not None:
        return f"{taken.describe()} claims it, so it was left as it is"
    if differs and carrier.unroute(ours):
        return "it was taken off the trunk that the line had, and nothing else of it was changed"
    return "it was left as it is"


def _unseen(carrier: Carrier, number: E164, recorded: Mapping[str, Any]) -> OwnedNumber:
    """Give a number as it was recorded; one that was never seen by its digits, as carriers without tags know it."""
    country = recorded.get("country", "")
    if country not in number.countries:
        country = next(iter(number.countries), "")
    props = {name: recorded[name] for name in carrier.route_fields}
    id_ = recorded.get("vendorId") or number.digits
    return OwnedNumber(id=id_, number=number, country=country, type="", tag=recorded["tag"], props=props)


def _is_ours(carrier: Carrier, owned: OwnedNumber, recorded: Mapping[str, Any]) -> bool:
    if carrier.keeps_tags:
        return owned.tag in tags_of(recorded)
    return all(owned.props[name] == recorded[name] for name in carrier.route_fields)


def _to_let_go(run: runtime.Runtime, carrier: Carrier, number: E164, recorded: Mapping[str, Any]) -> OwnedNumber | None:
    """Look a number up that is to be let go; where the answer contradicts the listing, again, since each may lag.

    None only where no look-up and no new listing shows it.
    """
    listed = run.owned(carrier.name).get(number)
    owned = carrier.find(number)
    for look in range(_LOOKS - 1):
        if listed is None or (owned is not None and _is_ours(carrier, owned, recorded)):
            break
        run.policy.sleep(_PAUSE * 2**look)
        owned = carrier.find(number)
    return owned or (run.owned(carrier.name, fresh=True).get(number) if listed else None)


def _unblocked(carrier: Carrier, owned: OwnedNumber, recorded: Mapping[str, Any]) -> OwnedNumber:
    """Take off what the carrier would refuse the release for, where the applied mark says so; else refuse."""
    if owned.blocks_release:
        if not recorded.get("clearEmergencyAddress"):
            raise Refusal(
                f"{owned.number} of line {recorded['line']} was not released, since {owned.blocks_release}. Take it off"
                f" at {carrier.name}, or put the line back with `clear_emergency_address: true`, apply, and remove it."
            )
        carrier.unblock(owned)
    return owned


def _release(run: runtime.Runtime, carrier: Carrier, owned: OwnedNumber) -> bool:
    """Give whether the carrier let the number go; one that it does not know may be on its way yet."""
    try:
        return carrier.release(owned)
    except UnknownOutcome:
        if carrier.find(owned.number) is not None:
            raise
        return False
