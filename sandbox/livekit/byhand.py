"""What happens in a LiveKit project without our doing: someone in the console, another program.

Edits go straight to the state, past every rule, on purpose: the real server's own gaps let such states come about.
"""

from abc import ABC
from collections.abc import Mapping
from typing import Any

from sandbox.livekit.kinds import INBOUND, OUTBOUND, RULE, Kind
from sandbox.livekit.rpcs import Project
from sandbox.livekit.table import Table
from sandbox.livekit.wire import from_json, to_json
from sandbox.vendor import Vendor

Json = Mapping[str, Any]


class ByHand(Vendor, ABC):
    """Out-of-band edits in Python; the journal does not see them.

    Fields are named and valued as in LiveKit's JSON, in snake case; None clears one. Objects are given as JSON without
    what is not set. An id that does not exist, and a field that the kind does not have, raise ValueError.
    """

    project: Project

    def inbound_trunks(self) -> tuple[Json, ...]:
        return self._all(INBOUND)

    def outbound_trunks(self) -> tuple[Json, ...]:
        return self._all(OUTBOUND)

    def dispatch_rules(self) -> tuple[Json, ...]:
        return self._all(RULE)

    def add_inbound_trunk(self, **fields: Any) -> Json:
        """Make a trunk, under a new id unless `fields` has `sip_trunk_id`."""
        return self._add(INBOUND, fields)

    def add_outbound_trunk(self, **fields: Any) -> Json:
        """Make a trunk, under a new id unless `fields` has `sip_trunk_id`."""
        return self._add(OUTBOUND, fields)

    def add_dispatch_rule(self, **fields: Any) -> Json:
        """Make a rule, under a new id unless `fields` has `sip_dispatch_rule_id`."""
        return self._add(RULE, fields)

    def edit_trunk(self, key: str, **fields: Any) -> Json:
        """Change fields of a trunk of either direction."""
        return self._set(INBOUND if self.project.inbound.get(key) else OUTBOUND, key, fields)

    def edit_rule(self, key: str, **fields: Any) -> Json:
        return self._set(RULE, key, fields)

    def delete(self, key: str) -> None:
        """Remove the trunk or rule with this id."""
        holders = [table for table, _ in self._tables().values() if table.get(key)]
        if not holders:
            raise ValueError(f"no trunk and no dispatch rule has the id {key!r}")
        with self.store.transaction():
            holders[0].drop(key)

    def edit(self, edit: Json) -> Json:
        """See `Vendor.edit`. `kind` is `inbound_trunk`, `outbound_trunk` or `dispatch_rule`."""
        known = self._tables()
        if edit.get("kind") not in known:
            raise ValueError(f"kind must be one of {', '.join(known)}, not {edit.get('kind')!r}")
        _, kind = known[edit["kind"]]
        if "create" in edit:
            return self._add(kind, edit["create"])
        if "set" in edit:
            return self._set(kind, edit.get("id", ""), edit["set"])
        if "delete" not in edit:
            raise ValueError("an edit has one of create, set and delete")
        self.delete(edit.get("id", ""))
        return {}

    def _all(self, kind: Kind[Any]) -> tuple[Json, ...]:
        table, _ = self._tables()[kind.name]
        with self.store.lock:
            return tuple(to_json(value, zeros=False) for value in table)

    def _add(self, kind: Kind[Any], fields: Json) -> Json:
        key = fields.get(kind.id_field) or self.project.ids.short(kind.id_prefix)
        return self._put(kind, {**fields, kind.id_field: key})

    def _set(self, kind: Kind[Any], key: str, fields: Json) -> Json:
        table, _ = self._tables()[kind.name]
        with self.store.transaction():
            found = table.get(key)
            if found is None:
                raise ValueError(f"no {kind.name.replace('_', ' ')} has the id {key!r}")
            return self._put(kind, {**to_json(found, zeros=False), **fields, kind.id_field: key})

    def _put(self, kind: Kind[Any], fields: Json) -> Json:
        table, _ = self._tables()[kind.name]
        value = from_json(fields, kind.message)
        with self.store.transaction():
            table.put(value)
        document: Json = to_json(value, zeros=False)
        return document

    def _tables(self) -> Mapping[str, tuple[Table[Any], Kind[Any]]]:
        return {
            INBOUND.name: (self.project.inbound, INBOUND),
            OUTBOUND.name: (self.project.outbound, OUTBOUND),
            RULE.name: (self.project.rules, RULE),
        }
