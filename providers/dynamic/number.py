"""A phone number at its carrier: bought once, routed to LiveKit, released only where that was recorded before.

The number itself is the key: a purchase names it exactly, so repeating one cannot buy a second. Its id in the state
is the E.164 number; the carrier's id is the output `vendorId`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from providers.dynamic import claims, runtime
from providers.dynamic.codec import decode, is_unknown
from providers.dynamic.objects import KINDS, tags_of
from providers.dynamic.provider import STEERING, TrunklineProvider, difference, with_known_id
from providers.port import Carrier, OwnedNumber
from trunkline.e164 import E164
from trunkline.errors import Reason, Refusal, Rejected, UnknownOutcome
from trunkline.plan.tag import Tag

OWNED, VANISHED, REPURCHASE = "owned", "vanished", "repurchase"
_STEERING = STEERING | {"acquisition", "claimId", "claimKind"}
_LOOKS, _PAUSE = 3, 1.0


class PhoneNumberProvider(TrunklineProvider):
    """One number of one line."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        olds, inputs = decode(_olds), decode(news)
        with_known_id(olds, inputs)
        gone = bool(olds) and _is_gone(runtime.current(), olds)
        inputs["status"] = OWNED if not gone else REPURCHASE if inputs["repurchase"] else VANISHED
        failures = []
        old, new = olds.get("phoneNumber"), inputs.get("phoneNumber")
        if old and not is_unknown(new) and old != new:
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
        # The state shows what was last seen; that a number vanished must show in every preview until it is dealt with.
        if news["status"] != OWNED:
            return DiffResult(changes=None)
        return difference(olds, news, replaces=(), steering=_STEERING)

    def create(self, props: dict[str, Any]) -> CreateResult:
        desired, run = decode(props), runtime.current()
        number, carrier = E164(desired["phoneNumber"]), run.carrier(desired["provider"])
        owned = carrier.find(number)
        if owned is not None:
            _refuse_foreign(carrier, owned, desired)
        elif desired["adopt"]:
            raise Refusal(
                f"line {desired['line']} says `adopt: true`, but {number} is not in the {carrier.name} account."
                " Nothing was bought. Remove `adopt` to buy it."
            )
        else:
            owned = _buy(run, carrier, number, desired)
        owned = _routed(carrier, owned, desired)
        return CreateResult(str(number), _outputs(carrier, owned, desired))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        recorded, run = decode(props), runtime.current()
        carrier = run.carrier(recorded["provider"])
        run.demand_account(recorded.get("account", ""), carrier.account, f"PhoneNumber {id_}")
        owned = run.owned(carrier.name).get(id_)
        if owned is None or any(owned.props[name] != recorded[name] for name in carrier.route_fields):
            # A list may lag: neither absence nor drift is believed without an exact look-up. What is recorded here
            # decides later in this run whether the number is still ours to release.
            owned = carrier.find(E164(id_)) or owned
        # A number that is not there is never said to be gone: the engine would create it again, that is, buy it, and
        # would do so also for a line that is marked `removal: release` and still in the file.
        seen = {name: owned.props[name] for name in carrier.route_fields} if owned else {}
        outputs = {**recorded, **seen, "status": OWNED if owned else VANISHED}
        if owned:
            outputs["vendorId"] = owned.id
        inputs = {name: value for name, value in outputs.items() if name != "account"}
        return ReadResult(id_, outputs, {**inputs, "status": OWNED})

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        recorded, desired, run = decode(_olds), decode(_news), runtime.current()
        number, carrier = E164(_id), run.carrier(desired["provider"])
        owned = carrier.find(number)
        if owned is None and desired["status"] == REPURCHASE:
            owned = _buy(run, carrier, number, desired)
        if owned is None:
            return UpdateResult({**recorded, **_settings_of(desired), "status": VANISHED})
        _refuse_taken_over(carrier, owned, desired)
        return UpdateResult(_outputs(carrier, _routed(carrier, owned, desired), desired))

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        recorded, run = decode(_props), runtime.current()
        carrier = run.carrier(recorded["provider"])
        run.demand_account(recorded.get("account", ""), carrier.account, f"PhoneNumber {_id}")
        removal, line = recorded["removal"], recorded["line"]
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
            return
        if not _is_ours(carrier, owned, recorded):
            run.notice(f"{_id} no longer carries the tag and routing of line {line}; it was left as it is.")
        elif removal == "keep":
            carrier.detach(owned)
        else:
            _release(run, carrier, owned)


def _is_gone(run: runtime.Runtime, recorded: Mapping[str, Any]) -> bool:
    """Whether a number that the state has is not in its account; asks exactly where the listing lacks it."""
    provider, number = recorded["provider"], recorded["phoneNumber"]
    return number not in run.owned(provider) and run.carrier(provider).find(E164(number)) is None


def _settings_of(desired: Mapping[str, Any]) -> dict[str, Any]:
    return {name: desired[name] for name in ("removal", "adopt", "repurchase")}


def _outputs(carrier: Carrier, owned: OwnedNumber, desired: Mapping[str, Any]) -> dict[str, Any]:
    return {**desired, "status": OWNED, "vendorId": owned.id, "account": carrier.account}


def _routed(carrier: Carrier, owned: OwnedNumber, desired: Mapping[str, Any]) -> OwnedNumber:
    """Bring tag and routing to what is desired; writes nothing where they are."""
    if all(owned.props[name] == desired[name] for name in carrier.route_fields):
        return owned
    return carrier.route(owned, desired)


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


def _refuse_foreign(carrier: Carrier, owned: OwnedNumber, desired: Mapping[str, Any]) -> None:
    """Refuse a number that is in the account already and not ours, unless the line adopts it.

    A carrier without tags cannot say whose it is: there the Fleet's judgement counts (our tagged trunk holds it), or
    that nothing is routed anywhere yet, as just after a purchase of ours.
    """
    if desired["adopt"] or owned.tag in tags_of(desired):
        return
    if not carrier.keeps_tags:
        routed = any(owned.props[name] not in ("", desired[name]) for name in carrier.route_fields)
        if desired["acquisition"] == "ours" or not routed:
            return
    owner = Tag.parse(owned.tag)
    whose = f"belongs to {owner.describe()}" if owner else "is not this line's"
    raise Refusal(
        f"{owned.number} is in the {carrier.name} account already and {whose}. Nothing was changed."
        f" Set `adopt: true` on line {desired['line']} to take it over in place."
    )


def _refuse_taken_over(carrier: Carrier, owned: OwnedNumber, desired: Mapping[str, Any]) -> None:
    owner = Tag.parse(owned.tag)
    if owner is not None and owned.tag not in tags_of(desired) and not desired["adopt"]:
        raise Refusal(
            f"{owned.number} now belongs to {owner.describe()}. It was left as it is. Mark line {desired['line']} here"
            " with `removal: keep`, apply, and remove it; or take the tag off at the carrier."
        )


def _buy(run: runtime.Runtime, carrier: Carrier, number: E164, desired: Mapping[str, Any]) -> OwnedNumber:
    """Buy exactly this number, once; after no answer, or "not available", first look whether it is ours."""
    _refuse_second_number(run, carrier, number, desired)
    claims.confirm(
        run,
        KINDS[desired["claimKind"]],
        desired["claimId"],
        number,
        tags_of(desired),
        searched=desired.get("searched", False),
    )
    try:
        return carrier.buy(number, desired)
    except UnknownOutcome as error:
        return _look_again(run, carrier, number, error)
    except Rejected as error:
        if error.reason is not Reason.NOT_AVAILABLE:
            raise
        owned = carrier.find(number)
        if owned is None:
            raise
        _refuse_foreign(carrier, owned, desired)
        return owned


def _refuse_second_number(run: runtime.Runtime, carrier: Carrier, number: E164, desired: Mapping[str, Any]) -> None:
    """Where numbers carry tags: no other number in the account may already carry this line's."""
    if not (carrier.keeps_tags and desired.get("searched")):
        return
    others = [one.number for one in run.owned(carrier.name, fresh=True).values() if one.tag in tags_of(desired)]
    if others and number not in others:
        raise Refusal(
            f"{others[0]} was bought for line {desired['line']} meanwhile, so {number} was not. Run `pulumi up` again."
        )


def _look_again(run: runtime.Runtime, carrier: Carrier, number: E164, error: UnknownOutcome) -> OwnedNumber:
    """Find out whether a purchase without an answer was carried out; never repeat it here.

    If it lands later still, the next run finds the number in the account, tagged or in the line's tagged trunk.
    """
    for look in range(_LOOKS):
        owned = carrier.find(number)
        if owned is not None:
            return owned
        if look + 1 < _LOOKS:
            run.policy.sleep(_PAUSE * 2**look)
    raise error


def _release(run: runtime.Runtime, carrier: Carrier, owned: OwnedNumber) -> None:
    try:
        carrier.release(owned)
    except UnknownOutcome:
        if carrier.find(owned.number) is not None:
            raise
