"""Buying exactly one number, and what becomes of an order whose outcome nobody has seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.dynamic import claims, strangers, written_in
from providers.dynamic.objects import tags_of
from providers.dynamic.runtime import Runtime
from providers.kinds import KINDS
from providers.port import Carrier, OwnedNumber
from trunkline.e164 import E164
from trunkline.errors import Reason, Refusal, Rejected, UnknownOutcome
from trunkline.model.tag import Tag

OWNED, PENDING, ORDERED, VANISHED = "owned", "pending", "ordered", "vanished"
"""In the account; there, but not active yet; asked for and not seen yet; seen once and not there any more."""
PURCHASE, REPURCHASE = "purchase", "repurchase"
"""To be bought in this update: again, since what was ordered is on offer; or anew, since the file says so."""

_LOOKS, _PAUSE = 3, 1.0


def is_approved(run: Runtime, number: E164, desired: Mapping[str, Any]) -> bool:
    """Whether this run's Fleet lets this number be bought; where it was ours once and does not, False.

    Raises Refusal where the Fleet was left out of the update and its record does not have the number either.
    """
    if number in (run.approved or ()):
        return True
    known = any(line.get("held") and line["phoneNumber"] == number for line in run.record.get("lines", {}).values())
    if run.approved is None and not known:
        raise Refusal(
            f"{number} of line {desired['line']} is not in the {desired['provider']} account, and the Fleet, which"
            " alone lets numbers be bought, was left out of this update. Nothing was bought. Run `pulumi up` without"
            " `--target` and `--exclude`, or target the Fleet too."
        )
    if run.approved is None:
        run.notice(
            f"{number} of line {desired['line']} is not in its account any more, and the Fleet, which alone lets"
            " numbers be bought, was left out of this update. Nothing was bought."
        )
    return False


def missing(carrier: Carrier, desired: Mapping[str, Any]) -> dict[str, Any]:
    """Give the outputs of a number that was ours, is not in the account, and is not bought again."""
    return {**desired, "status": VANISHED, "vendorId": desired.get("vendorId") or "", "account": carrier.account}


def buy(run: Runtime, carrier: Carrier, number: E164, desired: Mapping[str, Any]) -> OwnedNumber | None:
    """Buy exactly this number; after no answer, or "not available", look whether it is ours.

    Gives None where it may have been bought and is not seen yet. Raises where it was not bought.
    """
    _refuse_second_number(run, carrier, number, desired)
    kind, claim_id = KINDS[desired["claimKind"]], desired["claimId"]
    claim = claims.confirm(run, kind, claim_id, number, tags_of(desired), searched=desired.get("searched", False))
    first = claims.note_purchase(run, kind, claim, number)
    try:
        return carrier.buy(number, desired)
    except UnknownOutcome as error:
        owned = _look_again(run, carrier, number)
        if owned is None:
            _tell_ordered(run, carrier, desired, str(error))
        else:
            strangers.refuse(run, carrier, owned, desired)
        return owned
    except Rejected as error:
        if error.reason is not Reason.NOT_AVAILABLE:
            raise
        owned = _look_again(run, carrier, number)
        if owned is not None:
            refuse_foreign(run, carrier, owned, desired)
        elif first and claims.note_unavailable(run, kind, claim_id, number):
            raise
        else:
            _tell_ordered(run, carrier, desired, f"it is refused, which may mean that it is ours already: {error}")
        return owned


def wired(run: Runtime, carrier: Carrier, owned: OwnedNumber | None, desired: Mapping[str, Any]) -> dict[str, Any]:
    """Route a number that was asked for, and give its outputs.

    One that the carrier does not show, or not any more by the time it is routed, is on order: it fails nothing.
    """
    try:
        if owned is not None:
            outputs = outputs_of(carrier, routed(carrier, owned, desired), desired)
            if owned.pending:
                run.notice(
                    f"warning: {owned.number} of line {desired['line']} is in the {carrier.name} account, but not"
                    f" active yet: it waits for {owned.pending}. It is paid for."
                )
            claims.forget_notes(run, KINDS[desired["claimKind"]], desired["claimId"], owned.number)
            return outputs
    except Rejected as error:
        if error.reason is not Reason.NOT_FOUND:
            raise
        _tell_ordered(run, carrier, desired, str(error))
    return {**desired, "status": ORDERED, "vendorId": desired.get("vendorId") or "", "account": carrier.account}


def outputs_of(carrier: Carrier, owned: OwnedNumber, desired: Mapping[str, Any]) -> dict[str, Any]:
    return {**desired, **stands(owned), "vendorId": owned.id, "account": carrier.account}


def stands(owned: OwnedNumber) -> dict[str, str]:
    """How a number in the account stands, and what it waits for where it is not active yet."""
    return {"status": PENDING, "waitingFor": owned.pending} if owned.pending else {"status": OWNED}


def routed(carrier: Carrier, owned: OwnedNumber, desired: Mapping[str, Any]) -> OwnedNumber:
    """Bring tag, routing and what the file names beside them to what is desired; writes nothing where they are.

    What the carrier never shows may be anything, so that it is written wherever it is named.
    """
    unseen = any(name in desired for name in carrier.never_shown)
    routed_so = all(owned.props[name] == desired[name] for name in carrier.route_fields)
    if routed_so and not unseen and not unlike(owned, desired):
        return owned
    return carrier.route(owned, desired)


def unlike(owned: OwnedNumber, desired: Mapping[str, Any]) -> tuple[str, ...]:
    """Name what is managed of a number only where the file names it, and is otherwise than it is named."""
    return tuple(name for name, value in owned.optional.items() if desired.get(name, value) != value)


def refuse_foreign(run: Runtime, carrier: Carrier, owned: OwnedNumber, desired: Mapping[str, Any]) -> None:
    """Refuse a number that is in the account already and not ours, unless it is nobody's and the line adopts it.

    A carrier without tags cannot say whose it is: there the Fleet's judgement counts (our tagged trunk holds it), or
    that nothing is routed anywhere yet, as just after a purchase of ours.
    """
    strangers.refuse(run, carrier, owned, desired)
    # A removal that was interrupted has taken the tag off, and the line is put back.
    is_back = Tag.parse(owned.tag) is None and desired["line"] in run.returning
    if desired["adopt"] or owned.tag in tags_of(desired) or is_back:
        return
    if not carrier.keeps_tags:
        # What it is called says nothing: our tag comes after the purchase, and anybody may name it before.
        fields = (name for name in carrier.route_fields if name != "tag")
        routed = any(owned.props[name] not in ("", desired[name]) for name in fields)
        if desired["acquisition"] == "ours" or not routed:
            return
    raise Refusal(
        f"{owned.number} is in the {carrier.name} account already and is not this line's. Nothing was changed."
        f" Set `adopt: true` on line {desired['line']} to take it over in place."
    )


def _refuse_second_number(run: Runtime, carrier: Carrier, number: E164, desired: Mapping[str, Any]) -> None:
    """Where numbers carry tags: no other number in the account may already carry this line's."""
    if not (carrier.keeps_tags and desired.get("searched")):
        return
    others = [one.number for one in run.owned(carrier.name, fresh=True).values() if one.tag in tags_of(desired)]
    if others and number not in others:
        raise Refusal(
            f"{others[0]} was bought for line {desired['line']} meanwhile, so {number} was not. Run `pulumi up` again."
        )


def _look_again(run: Runtime, carrier: Carrier, number: E164) -> OwnedNumber | None:
    """Find out whether a purchase was carried out; never repeat it here.

    If it lands later still, the next run finds the number in the account, tagged or in the line's tagged trunk.
    """
    for look in range(_LOOKS):
        owned = carrier.find(number)
        if owned is not None:
            return owned
        if look + 1 < _LOOKS:
            run.policy.sleep(_PAUSE * 2**look)
    return None


def _tell_ordered(run: Runtime, carrier: Carrier, desired: Mapping[str, Any], why: str) -> None:
    run.notice(
        f"warning: {desired['phoneNumber']} was ordered for line {desired['line']}, and the {carrier.name} account does"
        f" not show it yet. Nothing else is bought for the line. Run `pulumi up` again: it takes the number when"
        f" it shows. ({written_in.told(why, desired)})"
    )
