"""The dynamic providers of all kinds that are one object behind an adapter.

Pulumi pickles a provider into the state by its class's dotted path, so these classes hold nothing, and their paths
stay as they are for ever (a golden test holds them). What the methods receive and must return: pulumi's `dynamic`
module.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, ClassVar

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from providers.dynamic import (
    carried,
    claims,
    declared,
    diagnostics,
    engine_watch,
    entries,
    giving_up,
    in_place,
    left_out,
    objects,
    protection,
    reach,
    runtime,
    speech,
    unmanaged,
    workers,
    written_in,
)
from providers.dynamic.codec import decode
from providers.dynamic.objects import CHANGED_SECRET
from providers.kinds import KINDS, Kind, claimed
from providers.port import Adapter, Observed

# Inputs that steer us and change nothing at a vendor: a difference in them alone is no update.
STEERING = frozenset(
    {"formerTags", "adopt", "claims", "searched", "giveUp", "witness", "vendorId", "unmanaged", "named", "sharedTag"}
)
FORMER_LABELS = "formerLabels"
"""What an adopted object was called before it got our tag and label, for `removal: keep` to put back."""
LEFT = "left"
"""Among the outputs of what an update left as it was, since it is somebody else's."""
# What outputs have and inputs do not.
COMPUTED = frozenset({"account", FORMER_LABELS, LEFT, objects.OUR_TAG})
_RECORDED = frozenset({"duplicates", objects.OUR_TAG})
# With these, what an update recorded may differ from what it was asked for, which the state has as inputs.
_DEPARTING = frozenset({"unmanaged", "sharedTag", LEFT})
# What people call an object by, and our tag or label may replace.
_LABELS = frozenset({"tag", "name"})


class TrunklineProvider(ResourceProvider):
    """What all our providers share: no state, no secrets in the pickle, configuration once a process."""

    serialize_as_secret_always = False

    def configure(self, req: ConfigureRequest) -> None:
        diagnostics.speak_plainly(sys.modules.get("__main__"))
        engine_watch.end_with_engine()
        workers.widen()
        # The SDK gives values by name alone; what it holds is needed to know the secrets, whatever they are called.
        runtime.configure(req.config.get, vars(req.config).get("_props", {}))


class AdapterProvider(TrunklineProvider):
    """One object of `kind`. Subclasses name the kind and nothing else."""

    kind: ClassVar[str]

    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        olds, inputs = decode(_olds), {name: _sorted(value) for name, value in decode(news).items()}
        if missing := left_out.reasons(runtime.current(), inputs):
            return CheckResult(inputs, [CheckFailure("", reason) for reason in missing])
        if "unmanaged" in inputs:
            inputs = self._as_it_stands(olds, inputs)
        inputs = objects.keeping_shared_tag(runtime.current(), olds, with_known_id(olds, inputs))
        declared.note(runtime.current(), KINDS[self.kind], inputs)
        found = runtime.current().standing.get((self.kind, inputs.get("tag", "")))
        speech.tell(runtime.current(), self.kind, olds or (found.props if found else {}), inputs)
        runtime.current().answered.update(inputs.get("trunkIds", ()) if self.kind == "DispatchRule" else ())
        return CheckResult(inputs, [])

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        # A refresh compares what it left as it was, without credentials too; that they are missing is told elsewhere.
        adapter = runtime.current().vendors.adapters.get(self.kind)
        fixed = (*adapter.replaces, *((adapter.scope_field,) if adapter.scope_field else ())) if adapter else ()
        olds, news = decode(_olds), decode(_news)
        found = difference(protection.with_removal(olds, news), news, replaces=fixed)
        if adapter and not found.replaces and (self._is_elsewhere(olds) or _claims_elsewhere(olds, news)):
            return DiffResult(changes=True)
        return found

    @written_in.named
    def create(self, props: dict[str, Any]) -> CreateResult:
        desired, kind, run = decode(props), KINDS[self.kind], runtime.current()
        if desired.get("searched") or desired.get("giveUp"):
            claims.refuse_other_claim(run, kind, desired)
        left_out.demand_answers(run, kind, desired)
        outcome = objects.adopt_or_create(run, kind, desired, claims.notes_of(run, desired))
        declared.note_taken(run, kind, outcome.observed.id, desired)
        if desired.get("claims") and outcome.created:
            if desired.get("searched"):
                claims.withdraw_if_not_alone(run, kind, desired, outcome.observed)
            run.claimed.update((outcome.observed.id, number) for number in claimed(desired))
        desired = dict(objects.as_tagged(desired, outcome.observed.tag))
        outputs = self._outputs(desired, outcome.observed)
        if outcome.former is not None:
            outputs[FORMER_LABELS] = {
                name: outcome.former.props[name] for name in _LABELS & outcome.former.props.keys()
            }
        return CreateResult(outcome.observed.id, outputs)

    @reach.told_once
    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        recorded, kind, run = decode(props), KINDS[self.kind], runtime.current()
        id_ = recorded.get("vendorId") or id_
        run.held.add(id_)
        run.entries[self.kind, id_] += 1
        adapter = run.adapter(self.kind)
        run.used.add(run.vendors.vendor_of[self.kind])
        protection.note_mark(run, recorded)
        run.demand_account(recorded.get("account", ""), run.account_of(self.kind), f"{self.kind} {id_}")
        scope = objects.scope_of(adapter, recorded)
        listed = next((one for one in run.listing(self.kind, scope) if one.id == id_), None)
        observed = listed or adapter.get(id_, scope)
        if observed is None:
            return ReadResult("", {})
        outputs = _drifted(adapter, observed, recorded) | self._outputs({}, observed)
        outputs |= objects.our_tag(run, recorded, observed.tag)
        if named := recorded.get("named") or unmanaged.named(recorded):
            # What a refresh finds beside it stays somebody else's.
            outputs["named"] = run.named[id_] = named
        inputs = {name: value for name, value in outputs.items() if name not in COMPUTED}
        if "unmanaged" not in recorded:
            inputs.pop("named", None)
        duplicates = [one.id for one in _same_tag(run, kind, recorded) if one.id != id_]
        if duplicates:
            outputs["duplicates"] = inputs["duplicates"] = duplicates
        return as_read(id_, decode(props), outputs, inputs)

    @written_in.named
    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        recorded, desired, kind, run = decode(_olds), decode(_news), KINDS[self.kind], runtime.current()
        id_ = recorded.get("vendorId") or _id
        if self._is_elsewhere(recorded):
            run.demand_account(recorded["account"], run.account_of(self.kind), f"{self.kind} {id_}")
            # The engine keeps the former id beside the outputs until the next refresh.
            return UpdateResult(self.create(_news).outs)
        observed = in_place.updated(run, kind, id_, recorded, desired)
        for duplicate in recorded.get("duplicates", ()):
            self._remove_duplicate(duplicate, desired)
        kept = {name: recorded[name] for name in (FORMER_LABELS,) if name in recorded}
        return UpdateResult(self._outputs(desired, observed) | kept)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        recorded, run = decode(_props), runtime.current()
        adapter, id_ = run.adapter(self.kind), recorded.get("vendorId") or _id
        run.demand_account(recorded.get("account", ""), run.account_of(self.kind), f"{self.kind} {id_}")
        scope = objects.scope_of(adapter, recorded)
        if entries.came_from_elsewhere(run, f"{self.kind} {id_}", entries.tag_of(run, self.kind, recorded, scope)):
            return
        # One empty answer is no proof of absence: what the listing has shown is deleted, which absence does not mind.
        listed = (one for one in run.listing(self.kind, scope) if one.id == id_)
        found = adapter.get(id_, scope)
        observed = found or next(listed, None)
        if observed is None:
            return
        if recorded.get("tag") and observed.tag not in objects.tags_of(recorded):
            run.notice(f"{self.kind} {id_} no longer carries this line's tag; it was left as it is.")
            return
        if declared.keeps(run, KINDS[self.kind], id_, recorded):
            return
        protection.demand_mark(run, self.kind, id_, recorded)
        carried.demand_none(run, self.kind, id_, recorded)
        if claims.may_be_ordered(run, recorded):
            run.notice(f"{self.kind} {id_} stays for now: its number may be on order.")
            return
        if found is None:
            # A list that lags: there is nothing to put names back on.
            adapter.delete(id_, scope)
            return
        if recorded.get("keep") or (FORMER_LABELS in recorded and not protection.is_released(run, recorded)):
            adapter.update(observed, {**observed.props, **_former_labels(observed, recorded)})
            return
        giving_up.give_up(run, self.kind, observed, recorded, _former_labels(observed, recorded))

    def _is_elsewhere(self, recorded: Mapping[str, Any]) -> bool:
        """Whether an object is recorded in another account than the present one, as where a move was not refreshed."""
        account = recorded.get("account", "")
        return bool(account) and account != runtime.current().account_of(self.kind)

    def _as_it_stands(self, olds: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Give the inputs of an adopting line with what it leaves alone as the refresh, or the Fleet, has seen it."""
        run = runtime.current()
        found = run.standing.get((self.kind, inputs.get("tag", "")))
        live = olds or (found.props if found else {})
        told = {**inputs, "named": unmanaged.named(inputs)}
        return unmanaged.settled(
            told, live, unmanaged.before(olds) if olds else {}, without=run.adapter(self.kind).secret
        )

    def _outputs(self, desired: Mapping[str, Any], observed: Observed) -> dict[str, Any]:
        run = runtime.current()
        seen = unmanaged.settled(desired, observed.props, {}, without=run.adapter(self.kind).secret)
        named = desired.get("named") or unmanaged.named(desired)
        told = {"named": named} if named else {}
        return {**seen, **told, "vendorId": observed.id, "account": run.account_of(self.kind)}

    def _remove_duplicate(self, id_: str, desired: Mapping[str, Any]) -> None:
        """Delete a further object with this line's tag, if it still carries it, also a claim of another number."""
        adapter = runtime.current().adapter(self.kind)
        scope = objects.scope_of(adapter, desired)
        duplicate = adapter.get(id_, scope)
        if duplicate is not None and duplicate.tag in objects.tags_of(desired):
            named = dict(unmanaged.before(desired))
            if "numbers" in named:
                named |= giving_up.numbers_of(duplicate, objects.tags_of(desired), named["numbers"])
            giving_up.give_up(runtime.current(), self.kind, duplicate, {**desired, "named": named}, {"tag": ""})


def _sorted(value: Any) -> Any:
    """Lists of texts are sets to the vendors; adapters give them sorted, so what is desired is sorted too."""
    return sorted(value) if isinstance(value, list) and all(isinstance(item, str) for item in value) else value


def with_known_id(olds: Mapping[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
    """Carry the vendor's id over from the old inputs, where a refresh has put it, or an edit would show it removed."""
    if "vendorId" in olds:
        inputs["vendorId"] = olds["vendorId"]
    return inputs


def as_read(id_: str, recorded: Mapping[str, Any], outputs: dict[str, Any], inputs: dict[str, Any]) -> ReadResult:
    """Give what was read; inputs only where something differs from what is `recorded`."""
    # Those of what was just made lack the vendor's id: with it an object that nobody touched would show as changed.
    return ReadResult(id_, outputs, inputs if outputs != recorded or _DEPARTING & recorded.keys() else None)


def difference(
    olds: Mapping[str, Any],
    news: Mapping[str, Any],
    *,
    replaces: tuple[str, ...],
    steering: frozenset[str] = STEERING,
) -> DiffResult:
    """Compare old outputs with new inputs, leaving out what steers only us.

    Where something differs the engine is left to work the details out from the inputs, which shows them by property.
    """
    names = (set(olds) | set(news)) - steering - COMPUTED
    changed = {name for name in names if olds.get(name) != news.get(name)}
    if not changed:
        return DiffResult(changes=False)
    return DiffResult(changes=None, replaces=[name for name in replaces if name in changed])


def _claims_elsewhere(olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """Whether a trunk's number was ported: its claim, which its deletion asks about, is at another carrier then."""
    return bool(olds.get("claims") and news.get("claims")) and olds["claims"] != news["claims"]


def _same_tag(run: runtime.Runtime, kind: Kind, recorded: Mapping[str, Any]) -> list[Observed]:
    tag, scope = recorded.get("tag", ""), objects.scope_of(run.adapter(kind.name), recorded)
    return [one for one in run.listing(kind.name, scope) if tag and one.tag == tag]


def _drifted(adapter: Adapter, observed: Observed, recorded: Mapping[str, Any]) -> dict[str, Any]:
    """Overlay what the vendor shows; a secret that differs is told by a mark, never by its value."""
    seen = {name: observed.every[name] for name in KINDS[adapter.kind].managed(recorded) if name not in adapter.hidden}
    for name in adapter.secret:
        if name in recorded.get("unmanaged", ()):
            seen.pop(name, None)
        if name in seen and seen[name] != recorded.get(name):
            seen[name] = CHANGED_SECRET
    whole = KINDS[adapter.kind].narrowing
    # Where nobody set them they are no properties, as in every state from before they were looked at.
    seen |= {name: observed.every[name] for name in whole}
    left_out = {*_RECORDED, *(name for name in whole if not seen[name])}
    return {name: value for name, value in {**recorded, **seen}.items() if name not in left_out}


def _former_labels(observed: Observed, recorded: Mapping[str, Any]) -> dict[str, Any]:
    """Give what our tag and label replaced when the object was adopted; a name that was changed since stays."""
    former = recorded.get(FORMER_LABELS, {})
    ours = {name for name in _LABELS & former.keys() if name == "tag" or observed.props[name] == recorded.get(name)}
    return {"tag": "", **{name: former[name] for name in ours}}
