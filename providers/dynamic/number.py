"""A phone number at its carrier: bought once, routed to LiveKit, released only where that was recorded before.

The number itself is the key: a purchase names it exactly, so repeating one cannot buy a second. Its id in the state
is the E.164 number; the carrier's id is the output `vendorId`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi.dynamic import CheckFailure, CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult

from providers.dynamic import (
    declared,
    entries,
    forwards,
    left_out,
    purchase,
    reach,
    release,
    runtime,
    speech,
    strangers,
    written_in,
)
from providers.dynamic.codec import decode, is_unknown
from providers.dynamic.objects import OUR_TAG, as_tagged, edited_state, keeping_shared_tag, our_tag, tags_of
from providers.dynamic.provider import (
    COMPUTED,
    FORMER_LABELS,
    LEFT,
    STEERING,
    TrunklineProvider,
    as_read,
    difference,
    with_known_id,
)
from providers.dynamic.purchase import ORDERED, OWNED, PENDING, PURCHASE, REPURCHASE, VANISHED
from providers.port import OwnedNumber
from trunkline.e164 import E164
from trunkline.errors import Refusal
from trunkline.model.options import number_unset
from trunkline.model.tag import Tag

_STEERING = STEERING | {"acquisition", "claimId", "claimKind", "ordered", "waitingFor"}


class PhoneNumberProvider(TrunklineProvider):
    """One number of one line."""

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        olds, inputs = decode(_olds), decode(news)
        if missing := left_out.reasons(runtime.current(), inputs):
            return CheckResult(inputs, [CheckFailure("", reason) for reason in missing])
        run = runtime.current()
        keeping_shared_tag(run, olds, with_known_id(olds, inputs))
        run.sellers.add(inputs["provider"])
        owned = _look_up(run, inputs["provider"], olds["phoneNumber"]) if olds else None
        old, new = olds.get("phoneNumber"), inputs.get("phoneNumber")
        if inputs["adopt"] and not is_unknown(new):
            there = owned if olds else _look_up(run, inputs["provider"], str(new))
            inputs = forwards.keeping(inputs, there.props if there else {})
        declared.note_number(run, new)
        moves = bool(old) and not is_unknown(new) and old != new
        speech.tell(run, declared.NUMBER, olds, inputs)
        inputs["status"] = _status(run, {} if moves else olds, inputs, owned)
        failures = []
        if moves and not (_is_unseen(olds) and owned is None):
            failures.append(
                CheckFailure(
                    "phoneNumber",
                    f"line {inputs['line']} holds {old}; a line's number never changes to {new}."
                    " Add a new line for the new number and mark this one `removal: release` or `keep`. Where the file"
                    " was not edited, the state was: take this entry out (`pulumi state delete`; the number stays), and"
                    " the next `pulumi up` finds the line's own by its tag.",
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
        if _is_elsewhere(olds, news):
            return DiffResult(changes=True)
        return difference(olds, news, replaces=("phoneNumber",), steering=_STEERING)

    @written_in.named
    def create(self, props: dict[str, Any]) -> CreateResult:
        desired, run = decode(props), runtime.current()
        number, carrier = E164.shaped(desired["phoneNumber"]), run.carrier(desired["provider"])
        left_out.demand_rule(run, desired)
        owned = carrier.find(number)
        if owned is not None:
            purchase.refuse_foreign(run, carrier, owned, desired)
            desired = dict(as_tagged(desired, owned.tag))
        elif desired["adopt"]:
            if number in run.vanished:
                # The line had it before, and no update that saw it has ended well.
                return CreateResult(str(number), purchase.missing(carrier, desired))
            raise Refusal(
                f"line {desired['line']} says `adopt: true`, but {number} is not in the {carrier.name} account."
                " Nothing was bought. Remove `adopt` to buy it."
            )
        elif not desired.get("ordered"):
            if not purchase.is_approved(run, number, desired):
                return CreateResult(str(number), purchase.missing(carrier, desired))
            owned = purchase.buy(run, carrier, number, desired)
        outputs = purchase.wired(run, carrier, owned, desired)
        if desired["adopt"] and owned is not None and owned.tag and owned.tag not in tags_of(desired):
            outputs[FORMER_LABELS] = {"tag": owned.tag}
        return CreateResult(str(number), outputs)

    @reach.told_once
    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        recorded, run = decode(props), runtime.current()
        carrier = run.carrier(recorded["provider"])
        run.used.add(carrier.name)
        run.sellers.add(carrier.name)
        run.entries[declared.NUMBER, id_] += 1
        run.marks[recorded["line"]] = recorded["removal"]
        run.demand_account(recorded.get("account", ""), carrier.account, f"PhoneNumber {id_}")
        owned = run.owned(carrier.name).get(id_)
        as_recorded = owned and all(owned.props[name] == recorded[name] for name in carrier.route_fields)
        if owned is None or not as_recorded or purchase.unlike(owned, recorded):
            # A list may lag: neither absence nor drift is believed without an exact look-up. What is recorded here
            # decides later in this run whether the number is still ours to release.
            owned = carrier.find(E164.shaped(id_)) or owned
        # A number that is not there is never said to be gone: the engine would create it again, that is, buy it, and
        # would do so also for a line that is marked `removal: release` and still in the file.
        seen = {name: owned.props[name] for name in carrier.route_fields} if owned else {}
        if owned:
            seen |= {name: value for name, value in owned.optional.items() if name in recorded}
        if owned is None and recorded.get("status") in (OWNED, PENDING):
            run.once_owned.add(id_)
        # Nor is one that was never seen said to have vanished: it may still come.
        unseen = ORDERED if recorded.get("status") == ORDERED else VANISHED
        outputs = {**_without_wait(recorded), **seen, "status": unseen}
        if owned:
            outputs.pop(OUR_TAG, None)
            outputs |= our_tag(run, recorded, owned.tag)
            outputs |= {"vendorId": owned.id, **purchase.stands(owned)}
        if outputs["status"] != OWNED:
            # Every preview says so, also where nothing differs from what the last one saw.
            return ReadResult(id_, outputs, _inputs_of(outputs))
        return as_read(id_, recorded, outputs, _inputs_of(outputs))

    @written_in.named
    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        recorded, desired, run = decode(_olds), decode(_news), runtime.current()
        number, carrier = E164.shaped(_id), run.carrier(desired["provider"])
        owned = carrier.find(number)
        ported = recorded["provider"] != desired["provider"]
        kept = {name: recorded[name] for name in (FORMER_LABELS,) if name in recorded and not ported}
        buys = owned is None and desired["status"] in (PURCHASE, REPURCHASE)
        if buys and purchase.is_approved(run, number, desired):
            return UpdateResult(purchase.wired(run, carrier, purchase.buy(run, carrier, number, desired), desired))
        if owned is None:
            status = ORDERED if desired["status"] == ORDERED else VANISHED
            return UpdateResult({**recorded, **_settings_of(desired), "status": status})
        if (taken := strangers.owner_of(run, carrier, owned, desired)) is not None:
            _refuse_taken_over(owned, taken, desired)
            run.notice(f"{_id} of line {desired['line']} belongs to {taken.describe()} now; it was left as it is.")
            return UpdateResult({**recorded, **_settings_of(desired), LEFT: True})
        if recorded.get("status") == ORDERED:
            return UpdateResult(purchase.wired(run, carrier, owned, desired))
        if any(owned.props[name] != desired[name] for name in carrier.route_fields):
            left_out.demand_rule(run, desired)
        # What leaves the file goes back to nothing, and stays on a number that the line adopts.
        usual = {} if desired["adopt"] else number_unset()
        left = {name: value for name, value in usual.items() if name in recorded and name not in desired}
        routed = purchase.routed(carrier, owned, {**desired, **left})
        return UpdateResult(purchase.outputs_of(carrier, routed, desired) | kept)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        recorded, run = decode(_props), runtime.current()
        carrier = run.carrier(recorded["provider"])
        run.sellers.add(carrier.name)
        run.demand_account(recorded.get("account", ""), carrier.account, f"PhoneNumber {_id}")
        removal, line = recorded["removal"], recorded["line"]
        if entries.came_from_elsewhere(run, f"{_id} of line {line}", recorded["tag"]):
            return
        if _is_unseen(recorded) and run.wanted is not None and _id not in run.wanted.values():
            release.forget(run, carrier, E164.shaped(_id), recorded)
            return
        if declared.keeps_number(run, _id, line):
            return
        if removal == "protect":
            raise Refusal(
                f"{_id} of line {line} is protected and was not released. Set `removal: release` (or `keep`) on the"
                " line, run `pulumi up`, and remove it after that."
            )
        declared.demand_fleet(run, f"{_id} of line {line}")
        run.let_go.add(_id)
        release.let_go(run, carrier, E164.shaped(_id), recorded)


def _is_elsewhere(recorded: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """Whether a number is recorded in another account of its carrier than the present one."""
    run, account = runtime.current(), recorded.get("account")
    same = recorded["phoneNumber"] == news["phoneNumber"] and recorded["provider"] == news["provider"]
    return bool(account and same) and account != run.vendors.accounts.get(news["provider"], account)


def _look_up(run: runtime.Runtime, provider: str, number: str) -> OwnedNumber | None:
    """Give a number as the carrier's account has it; asks exactly where the listing lacks it."""
    return run.owned(provider).get(number) or run.carrier(provider).find(E164.shaped(number))


def _status(run: runtime.Runtime, olds: Mapping[str, Any], inputs: Mapping[str, Any], owned: OwnedNumber | None) -> str:
    """How a number is to stand after this update. `olds`: {} for one that is yet to be made."""
    if owned is not None and olds:
        return str(purchase.stands(owned)["status"])
    if inputs.get("ordered"):
        return ORDERED
    if not olds:
        return VANISHED if inputs["phoneNumber"] in run.vanished else OWNED
    if _is_unseen(olds):
        return PURCHASE
    # Without the Fleet's word nothing is bought, so that nothing of it is promised.
    return REPURCHASE if inputs["repurchase"] and inputs["phoneNumber"] in (run.approved or ()) else VANISHED


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


def _refuse_taken_over(owned: OwnedNumber, owner: Tag, desired: Mapping[str, Any]) -> None:
    """Refuse every update but the one that marks the line for removal, which is the way out."""
    if desired["removal"] == "protect":
        raise Refusal(
            f"{owned.number} now belongs to {owner.describe()}. It was left as it is. Mark line {desired['line']} here"
            " with `removal: keep`, apply, and remove it; or take the tag off at the carrier."
            f"{edited_state(owner, desired)}"
        )
