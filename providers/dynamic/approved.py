"""Hold an update against the plan that was approved: what it would do otherwise is refused before the first write.

`moves` compares; here is looked up what only the vendors can say, by the same listings as the refresh's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from providers.dynamic import objects, purchase, rotation
from providers.dynamic.choice import REVIEWED
from providers.dynamic.runtime import Runtime
from providers.kinds import KINDS
from trunkline import approval
from trunkline.approval import Move, Object, Saved, moves
from trunkline.e164 import E164
from trunkline.errors import Refusal, VendorError

_CREDENTIAL, _NUMBER = "Credential", "PhoneNumber"
_THERE = frozenset({purchase.OWNED, purchase.PENDING})
_UNREFRESHED = (
    "puts right what was changed by hand, which an update finds by its refresh alone, and this one has none. Nothing"
    " was changed. Run it without `--refresh=false`."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """A plan that was approved; `path` is its file, `moved` what the program declares otherwise by now."""

    path: str
    plan: Saved
    moved: tuple[Move, ...]

    @classmethod
    def of(cls, text: str) -> Approved:
        """Take the program's word."""
        path, plan, moved = approval.unbound(text)
        return cls(path=path, plan=plan, moved=moved)

    def reviewed(self, facts: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
        """Give the facts of the lines with the number that each search is to buy, and buys or refuses."""
        return {**facts, **{name: {**facts.get(name, {}), REVIEWED: (n,)} for name, n in self.plan.candidates.items()}}

    def refusals(
        self, run: Runtime, record: Mapping[str, Any], inputs: Mapping[str, Any], reasons: list[str]
    ) -> list[str]:
        """Give why this is not what was approved; [] where it is. `reasons`: why else the Fleet refuses the update.

        What is refused otherwise has moved too, since a plan that is refused is not saved.
        """
        if self.plan.page.get("drift") and self.plan.record and not run.record:
            # Without a refresh the engine takes what it recorded for what stands, and finds nothing to write.
            return [*reasons, f"{self.path} {_UNREFRESHED}"]
        try:
            live = {(one.kind, one.name): _live(run, one) for one in _known(self.plan)}
        except (VendorError, Refusal) as error:
            return [*reasons, str(error)]
        moved = [*self.moved, *moves.found(self.plan, record, inputs), *moves.standing(self.plan, live)]
        return [moves.told(self.path, moved, reasons)] if moved or reasons else []


def _known(plan: Saved) -> tuple[Object, ...]:
    # What is removed is not refreshed before the plan either, and looked at by its own delete.
    there = (one for one in plan.objects if one.live is not None and one.declared is not None)
    return tuple(one for one in there if one.kind in (*KINDS, _NUMBER))


def _live(run: Runtime, one: Object) -> Mapping[str, Any] | None:
    """Look an object of the plan up: what we manage of it, as the vendor shows it; None where it is gone."""
    was = one.live or {}
    if one.kind == _NUMBER:
        return _number(run, was)
    adapter = run.adapter(one.kind)
    scope = rotation.list_of(was) if one.kind == _CREDENTIAL else objects.scope_of(adapter, was)
    id_ = str(was.get("vendorId") or one.id)
    seen = next((each for each in run.listing(one.kind, scope) if each.id == id_), None) or adapter.get(id_, scope)
    if seen is None:
        return None
    left = {*adapter.hidden, *adapter.secret, adapter.scope_field, *was.get("unmanaged", ())}
    live = seen.every
    kind = KINDS[one.kind]
    # For whom alone a rule answers is a property where somebody set it.
    narrowed = (name for name in kind.narrowing if live[name])
    found = {name: live[name] for name in (*kind.managed(was), *narrowed) if name not in left}
    if one.kind == _CREDENTIAL or not seen.tag:
        return found
    twins = (each.id for each in run.listing(one.kind, scope) if each.tag == was.get("tag") and each.id != id_)
    return {**found, "duplicates": sorted(twins)}


def _number(run: Runtime, was: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a number's routing and status. One that is not there is told as its refresh tells it."""
    carrier, number = run.carrier(was["provider"]), was["phoneNumber"]
    owned = run.owned(carrier.name).get(number)
    if owned is None or any(owned.props[name] != was.get(name) for name in carrier.route_fields):
        # A list may lag.
        owned = carrier.find(E164.shaped(number)) or owned
    if owned is None:
        return {"status": purchase.VANISHED if was.get("status") in _THERE else was.get("status", "")}
    named = {name: value for name, value in owned.optional.items() if name in was}
    routed = {name: owned.props[name] for name in carrier.route_fields}
    return {**named, **routed, "status": purchase.stands(owned)["status"]}
