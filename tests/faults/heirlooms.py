"""What people made at LiveKit for a number before a line adopts it, in the shapes that live projects have.

An adoption takes what the line names. Everything else stays as it was, at every moment, and an object that serves
somebody else too is not taken at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sandbox.world import Sandbox
from tests.faults.holdings import records
from tests.faults.oracle import Oracle, Violation
from trunkline.calls import canonical

Fields = Mapping[str, Any]

_OURS = {"agents": [{"agent_name": "support-agent", "metadata": "by hand"}]}
_OTHER = {"agents": [{"agent_name": "old-agent"}]}
_BOTH = {"agents": [{"agent_name": "support-agent"}, {"agent_name": "recorder", "metadata": "{}"}]}
_NEITHER = {"agents": [{"agent_name": "scribe"}, {"agent_name": "night"}]}
_WALLS = {"auth_username": "pbx", "auth_password": "Old-Secret-123", "allowed_addresses": ["192.0.2.0/24"]}
_PIN = {"dispatch_rule_individual": {"room_prefix": "desk-", "pin": "4711"}}
_DIRECT = {"dispatch_rule_direct": {"room_name": "front-desk", "pin": "12"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """`trunk` and `rule`: their fields. `is_shared`: they serve a number or a trunk that no line names.

    `is_refused`: the file alone does not say what is to become of it.
    """

    trunk: Fields
    rule: Fields | None
    is_shared: str = ""
    is_refused: bool = False


SHAPES = (
    Shape(trunk={}, rule={"room_config": _OURS}),
    Shape(trunk=_WALLS, rule={"room_config": _BOTH, "rule": _PIN}),
    Shape(trunk={"allowed_numbers": ["+16505550177"], "krisp_enabled": True}, rule={"rule": _DIRECT}),
    Shape(trunk={"headers": {"X-Old": "1"}, "media_encryption": 1}, rule={"room_config": _OTHER, "rule": _PIN}),
    Shape(trunk={"attributes_to_headers": {"a": "X-A"}}, rule={"room_config": _BOTH, "attributes": {"tier": "gold"}}),
    Shape(trunk=_WALLS, rule=None),
    Shape(trunk={}, rule={"room_config": _OURS}, is_shared="number", is_refused=True),
    Shape(trunk=_WALLS, rule={"rule": _PIN}, is_shared="trunk", is_refused=True),
    Shape(trunk={}, rule={"room_config": _NEITHER}, is_refused=True),
)
# Which fields an object may change for a key that a line names; what holds our tag may change with any.
_MANAGED = {
    "label": ("name",),
    "krisp_enabled": ("krisp_enabled",),
    "allowed_callers": ("allowed_numbers",),
    "headers": ("headers",),
}
_TAGS = {"inbound_trunk": ("metadata",), "dispatch_rule": ("name",)}


@dataclass
class Heirloom:
    """What stands there for a number. `was`: (table, id) -> its fields at first. `named`: what its line ever named.

    `by_hand`: what somebody has deleted.
    """

    number: str
    shape: Shape
    was: dict[tuple[str, str], Fields]
    named: set[str] = field(default_factory=set)
    by_hand: set[str] = field(default_factory=set)

    def judge(self, sandbox: Sandbox, oracles: Iterable[Oracle]) -> None:
        """Raises Violation for what nobody named and what is changed or gone."""
        is_released = False
        for oracle in oracles:
            for name, line in oracle.lines.items():
                if line.get("phone_number") == self.number:
                    self.named |= line.keys()
                    is_released |= oracle.root(name) in oracle.marked and oracle.root(name) not in oracle.present
        for (table, key), was in list(self.was.items()):
            now = records(sandbox, "livekit", table).get(key)
            if now is None and (is_released and not self.shape.is_refused):
                del self.was[table, key]
            elif now is None:
                raise Violation(f"{table} {key}, which was there for {self.number}, is gone")
            elif now is not was:
                self._judge_fields(table, key, was, now)

    def settle(self, sandbox: Sandbox) -> None:
        """Somebody changed things by hand: take them as they are."""
        there = {(table, key): records(sandbox, "livekit", table).get(key) for table, key in self.was}
        self.by_hand |= {key for (_, key), record in there.items() if record is None}
        self.was = {place: record for place, record in there.items() if record is not None}

    def _judge_fields(self, table: str, key: str, was: Fields, now: Fields) -> None:
        allowed = {*_TAGS[table], *(each for name in self.named for each in _MANAGED.get(name, ()))}
        if self.shape.is_refused:
            allowed = set()
        if self.by_hand:
            was = {**was, "trunk_ids": [each for each in was.get("trunk_ids", ()) if each not in self.by_hand]}
        for name in sorted({*was, *now} - allowed):
            if not _stays(name, was.get(name), now.get(name)):
                raise Violation(f"{table} {key}: nobody named {name}, {was.get(name)} became {now.get(name)}")


def bequeath(sandbox: Sandbox, rng: Random, number: str, shape: Shape) -> Heirloom:
    """Put a shape there for a number, spelled somehow."""
    spelled = rng.choice((number, number, f"{number[1]} {number[2:5]} {number[5:]}"))
    stranger = f"+1650557{rng.randrange(10_000):04}"
    numbers = [spelled, stranger] if shape.is_shared == "number" else [spelled]
    trunk = sandbox.livekit.add_inbound_trunk(name="Old desk", numbers=numbers, **shape.trunk)["sip_trunk_id"]
    places = [("inbound_trunk", trunk)]
    trunks = [trunk]
    if shape.is_shared == "trunk":
        other = sandbox.livekit.add_inbound_trunk(name="Night", numbers=[stranger])["sip_trunk_id"]
        places.append(("inbound_trunk", other))
        trunks.append(other)
    if shape.rule is not None:
        form = {"rule": {"dispatch_rule_individual": {"room_prefix": "old-"}}, **shape.rule}
        rule = sandbox.livekit.add_dispatch_rule(name="Old rule", trunk_ids=trunks, **form)
        places.append(("dispatch_rule", rule["sip_dispatch_rule_id"]))
    return Heirloom(number, shape, {place: records(sandbox, "livekit", place[0])[place[1]] for place in places})


def _stays(name: str, was: Any, now: Any) -> bool:
    """Whether what somebody put into a field is in it still."""
    if name == "room_config":
        agents = [each for each in (was or {}).get("agents", ()) if each["agent_name"] == "recorder"]
        return all(each in (now or {}).get("agents", ()) for each in agents)
    if name in ("numbers", "trunk_ids"):
        return {canonical(each) for each in was} <= {canonical(each) for each in now or ()}
    return bool(was == now) or (not was and not now)
