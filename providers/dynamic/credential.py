"""The user and password with which LiveKit calls out over a carrier's trunk: replaced, never changed in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi.dynamic import CreateResult, DiffResult, ReadResult, UpdateResult

from providers.dynamic import carried, entries, objects, reach, rotation, runtime
from providers.dynamic.codec import decode
from providers.dynamic.provider import STEERING, AdapterProvider, as_read, difference
from providers.kinds import KINDS
from trunkline.errors import Refusal

# Where a further list is put, and where the credential is: neither is a property of the credential.
_PLACE = frozenset({"trunkSid", rotation.HELD_IN})
_COMPUTED = frozenset({"account", rotation.HELD_IN})


class RotatingProvider(AdapterProvider):
    """A credential whose new password stands beside the old one until LiveKit has changed over (`rotation`)."""

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        # A refresh compares what it left as it was, without credentials too; that they are missing is told elsewhere.
        adapter = runtime.current().vendors.adapters.get(self.kind)
        fixed = (*adapter.replaces, *adapter.hidden) if adapter else ()
        return difference(decode(_olds), decode(_news), replaces=fixed, steering=STEERING | _PLACE)

    def create(self, props: dict[str, Any]) -> CreateResult:
        desired, run = decode(props), runtime.current()
        outcome, sid = rotation.placed(run, desired)
        # It may be the very one that the engine replaces, and would delete at the end.
        run.taken.add((self.kind, "", outcome.observed.id))
        run.users.setdefault(sid, set()).add(outcome.observed.id)
        outputs = {**self._outputs(desired, rotation.as_declared(outcome.observed, desired)), **_held(sid, desired)}
        return CreateResult(outcome.observed.id, outputs)

    @reach.told_once
    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        recorded, run = decode(props), runtime.current()
        run.held.add(id_)
        run.entries[self.kind, id_] += 1
        adapter = run.adapter(self.kind)
        run.used.add(run.vendors.vendor_of[self.kind])
        run.demand_account(recorded.get("account", ""), run.account_of(self.kind), f"{self.kind} {id_}")
        sid = rotation.list_of(recorded)
        run.users.setdefault(sid, set()).add(id_)
        listed = next((one for one in run.listing(self.kind, sid) if one.id == id_), None)
        observed = listed or adapter.get(id_, sid)
        if observed is None:
            return ReadResult("", {})
        recorded.pop("duplicates", None)
        outputs = {**recorded, "username": observed.props["username"], **self._outputs({}, observed)}
        outputs |= {name: recorded[name] for name in ("credentialListSid", "password")}
        duplicates = rotation.others(run, recorded, id_)
        if duplicates:
            outputs["duplicates"] = duplicates
        inputs = {name: value for name, value in outputs.items() if name not in _COMPUTED}
        return as_read(id_, decode(props), outputs, inputs)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        recorded, desired, run = decode(_olds), decode(_news), runtime.current()
        sid = rotation.list_of(recorded)
        observed = run.adapter(self.kind).get(_id, sid)
        if observed is None:
            raise Refusal(f"{self.kind} {_id} went away during this run. Nothing was changed. Run `pulumi up` again.")
        for name in recorded.get("duplicates", ()):
            rotation.remove(run, name, desired)
        outputs = {**self._outputs(desired, rotation.as_declared(observed, desired)), **_held(sid, desired)}
        return UpdateResult(outputs)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        recorded, run = decode(_props), runtime.current()
        run.demand_account(recorded.get("account", ""), run.account_of(self.kind), f"{self.kind} {_id}")
        run.users.setdefault(sid := rotation.list_of(recorded), set()).add(_id)
        if entries.came_from_elsewhere(run, f"{self.kind} {_id}", entries.tag_of(run, self.kind, recorded, sid)):
            return
        if (self.kind, "", _id) in run.taken or run.is_held_twice(self.kind, _id):
            # The engine replaces it by itself, now or in the run before.
            return
        if rotation.is_sole(run, recorded, _id):
            run.notice(f"{self.kind} {_id} was left as it is: another entry of the state has it.")
            return
        if run.wanted is not None and rotation.is_kept(run, _id, recorded):
            return
        carried.demand_none(run, self.kind, _id, recorded)
        adapter = run.adapter(self.kind)
        if adapter.get(_id, sid) or any(one.id == _id for one in run.listing(self.kind, sid)):
            adapter.delete(_id, sid)
        rotation.tidy(run, sid, recorded)


class RenamedListProvider(AdapterProvider):
    """A trunk's own credential list, whose further lists are found by its tag."""

    def create(self, props: dict[str, Any]) -> CreateResult:
        # One that is taken back after a lost state may have a former tag: its further lists have it too.
        desired, run = decode(props), runtime.current()
        found = objects.find_ours(run, KINDS[self.kind], desired).observed
        if found is not None:
            rotation.rename_further(run, found.tag, objects.as_tagged(desired, found.tag)["tag"])
        return super().create(props)

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        # First, so that after a kill the trunk's own list still differs and this is done again.
        rotation.rename_further(runtime.current(), decode(_olds)["tag"], decode(_news)["tag"])
        return super().update(_id, _olds, _news)


def _held(sid: str, desired: Mapping[str, Any]) -> dict[str, str]:
    return {} if sid == desired["credentialListSid"] else {rotation.HELD_IN: sid}
