"""A phone number at its carrier: bought once, routed to LiveKit, released only where that was recorded before.

The number itself is the key: a purchase names it exactly, so repeating one cannot buy a second. Its id in the state
is the E.164 number; the carrier's id is the output `vendorId`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from providers.dynamic import purchase, reach, runtime, strangers
from providers.dynamic.codec import decode, is_unknown
from providers.dynamic.objects import OUR_TAG, as_tagged, keeping_shared_tag, our_tag, tags_of
from providers.dynamic.provider import (
    COMPUTED,
    FORMER_LABELS,
    STEERING,
    TrunklineProvider,
    difference,
    with_known_id,
)
from providers.dynamic.purchase import ORDERED, OWNED, PURCHASE, REPURCHASE, VANISHED
from providers.port import Carrier, OwnedNumber
from trunkline.e164 import E164
from trunkline.errors import Reason, Refusal, Rejected, UnknownOutcome
from trunkline.plan.tag import Tag

_STEERING = STEERING | {"acquisition", "claimId", "claimKind", "ordered", "waitingFor"}
_LOOKS, _PAUSE = 3, 1.0


class PhoneNumberProvider(TrunklineProvider):
    """One number of one line."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        olds, inputs = decode(_olds), decode(news)
        keeping_shared_tag(olds, with_known_id(olds, inputs))
        owned = _look_up(runtime.current(), olds) if olds else None
        old, new = olds.get("phoneNumber"), inputs.get("phoneNumber")
        moves = bool(old) and not is_unknown(new) and old != new
        inputs["status"] = _status({} if moves else olds, inputs, owned)
        failures = []
        if moves and not (_is_unseen(olds) and owned is None):
            failures.append(
                CheckFailure(
                    "phoneNumber",
                    f"line {inputs['line']} holds {old}; a line's number never changes to {new}."
                    " Add a new line for the new number and mark this one `removal: release` or `keep`.",
                )
            )
        return CheckResult(inputs, failures)

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        olds, news = decode(_olds), decode(_news)
        # A number that never came gives way to another. One that has come never does: `check` refuses that.
        moves = olds["phoneNumber"] != news["phoneNumber"]
        # The state shows what was last seen; that a number vanished must show in every preview until it is dealt with.
        if news["status"] in (VANISHED, REPURCHASE, PURCHASE) and not moves:
            return DiffResult(changes=None)
        return difference(olds, news, replaces=("phoneNumber",), steering=_STEERING)

    def create(self, props: dict[str, Any]) -> CreateResult:
        desired, run = decode(props), runtime.current()
        number, carrier = E164(desired["phoneNumber"]), run.carrier(desired["provider"])
        owned = carrier.find(number)
        if owned is not None:
            purchase.refuse_foreign(run, carrier, owned, desired)
            desired = dict(as_tagged(desired, owned.tag))
        elif desired["adopt"]:
            raise Refusal(
                f"line {desired['line']} says `adopt: true`, but {number} is not in the {carrier.name} account."
                " Nothing was bought. Remove `adopt` to buy it."
            )
        elif not desired.get("ordered"):
            owned = purchase.buy(run, carrier, number, desired)
        outputs = purchase.wired(run, carrier, owned, desired)
        if desired["adopt"] and owned is not None and owned.tag and owned.tag not in tags_of(desired):
            outputs[FORMER_LABELS] = {"tag": owned.tag}
        return CreateResult(str(number), outputs)

    @reach.told_once(frozenset({"account"}))
    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        recorded, run = decode(props), runtime.current()
        carrier = run.carrier(recorded["provider"])
        run.used.add(carrier.name)
        run.demand_account(recorded.get("account", ""), carrier.account, f"PhoneNumber {id_}")
        owned = run.owned(carrier.name).get(id_)
        if owned is None or any(owned.props[name] != recorded[name] for name in carrier.route_fields):
            # A list may lag: neither absence nor drift is believed without an exact look-up. What is recorded here
            # decides later in this run whether the number is still ours to release.
            owned = carrier.find(E164(id_)) or owned
        # A number that is not there is never said to be gone: the engine would create it again, that is, buy it, and
        # would do so also for a line that is marked `removal: release` and still in the file.
        seen = {name: owned.props[name] for name in carrier.route_fields} if owned else {}
        # Nor is one that was never seen said to have vanished: it may still come.
        unseen = ORDERED if recorded.get("status") == ORDERED else VANISHED
        outputs = {**_without_wait(recorded), **seen, "status": unseen}
        if owned:
            outputs.pop(OUR_TAG, None)
            outputs |= our_tag(recorded, owned.tag)
            outputs |= {"vendorId": owned.id, **purchase.stands(owned)}
        return ReadResult(id_, outputs, _inputs_of(outputs))

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        recorded, desired, run = decode(_olds), decode(_news), runtime.current()
        number, carrier = E164(_id), run.carrier(desired["provider"])
        owned = carrier.find(number)
        kept = {name: recorded[name] for name in (FORMER_LABELS,) if name in recorded}
        if owned is None and desired["status"] in (PURCHASE, REPURCHASE):
            return UpdateResult(purchase.wired(run, carrier, purchase.buy(run, carrier, number, desired), desired))
        if owned is None:
            status = ORDERED if desired["status"] == ORDERED else VANISHED
            return UpdateResult({**recorded, **_settings_of(desired), "status": status})
        if (taken := strangers.owner_of(run, carrier, owned, desired)) is not None:
            _refuse_taken_over(owned, taken, desired)
            run.notice(f"{_id} of line {desired['line']} belongs to {taken.describe()} now; it was left as it is.")
            return UpdateResult({**recorded, **_settings_of(desired)})
        if recorded.get("status") == ORDERED:
            return UpdateResult(purchase.wired(run, carrier, owned, desired))
        return UpdateResult(purchase.outputs_of(carrier, purchase.routed(carrier, owned, desired), desired) | kept)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        recorded, run = decode(_props), runtime.current()
        carrier = run.carrier(recorded["provider"])
        run.demand_account(recorded.get("account", ""), carrier.account, f"PhoneNumber {_id}")
        removal, line = recorded["removal"], recorded["line"]
        if _is_unseen(recorded) and run.wanted is not None and _id not in run.wanted.values():
            _forget(run, carrier, E164(_id), recorded)
            return
        if removal == "protect":
            raise Refusal(
                f"{_id} of line {line} is protected and was not released. Set `removal: release` (or `keep`) on the"
                " line, run `pulumi up`, and remove it after that."
            )
        if _id in (run.wanted or {}).values():
            raise Refusal(
                f"{_id} of line {line} is wanted in this very run and was not released. A number is never replaced."
            )
        run.let_go.add(_id)
        owned = _to_let_go(run, carrier, E164(_id), recorded)
        if owned is None:
            _let_go_unseen(run, carrier, E164(_id), recorded)
        elif (taken := strangers.owner_of(run, carrier, owned, recorded)) is not None:
            run.notice(f"{_id} of line {line} belongs to {taken.describe()} now; it was left as it is.")
        elif not _is_ours(carrier, owned, recorded):
            run.notice(f"{_id} no longer carries the tag and routing of line {line}; it was left as it is.")
        elif removal == "keep":
            carrier.detach(owned, recorded.get(FORMER_LABELS, {}).get("tag", ""))
        else:
            _release(run, carrier, _unblocked(carrier, owned, recorded))


def _look_up(run: runtime.Runtime, recorded: Mapping[str, Any]) -> OwnedNumber | None:
    """Give a number that the state has as its account has it; asks exactly where the listing lacks it."""
    provider, number = recorded["provider"], recorded["phoneNumber"]
    return run.owned(provider).get(number) or run.carrier(provider).find(E164(number))


def _status(olds: Mapping[str, Any], inputs: Mapping[str, Any], owned: OwnedNumber | None) -> str:
    """How a number is to stand after this update. `olds`: {} for one that is yet to be made."""
    if owned is not None and olds:
        return str(purchase.stands(owned)["status"])
    if inputs.get("ordered"):
        return ORDERED
    if not olds:
        return OWNED
    if _is_unseen(olds):
        return PURCHASE
    return REPURCHASE if inputs["repurchase"] else VANISHED


def _inputs_of(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Give the inputs that a reading of these outputs records: a number that vanished is one that should be there."""
    inputs = {name: value for name, value in _without_wait(outputs).items() if name not in COMPUTED}
    return {**inputs, "status": outputs["status"] if outputs["status"] != VANISHED else OWNED}


def _without_wait(outputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in outputs.items() if name != "waitingFor"}


def _is_unseen(recorded: Mapping[str, Any]) -> bool:
    """Whether a recorded number was asked for and never seen in the account."""
    return recorded.get("status") == ORDERED and not recorded.get("vendorId")


def _settings_of(desired: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: desired[name] for name in ("removal", "adopt", "repurchase")}
    return given | ({"clearEmergencyAddress": True} if desired.get("clearEmergencyAddress") else {})


def _forget(run: runtime.Runtime, carrier: Carrier, number: E164, recorded: Mapping[str, Any]) -> None:
    """Let go of a number that never came, as the file says. One that has come after all is left as it is.

    Where answers lag, the number may be ours and unseen. One that carries our tag is found by it later; any other is
    given back all the same, since nothing would speak for it once its trunk is gone.
    """
    owned = carrier.find(number)
    if owned is None:
        unseen = _unseen(carrier, number, recorded)
        is_nobodys = not carrier.keeps_tags and strangers.owner_of(run, carrier, unseen, recorded) is None
        if recorded["removal"] == "release" and is_nobodys:
            run.let_go.add(number)
            _release(run, carrier, unseen)
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


def _refuse_taken_over(owned: OwnedNumber, owner: Tag, desired: Mapping[str, Any]) -> None:
    """Refuse every update but the one that marks the line for removal, which is the way out."""
    if desired["removal"] == "protect":
        raise Refusal(
            f"{owned.number} now belongs to {owner.describe()}. It was left as it is. Mark line {desired['line']} here"
            " with `removal: keep`, apply, and remove it; or take the tag off at the carrier."
        )


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


def _release(run: runtime.Runtime, carrier: Carrier, owned: OwnedNumber) -> None:
    try:
        carrier.release(owned)
    except UnknownOutcome:
        if carrier.find(owned.number) is not None:
            raise
