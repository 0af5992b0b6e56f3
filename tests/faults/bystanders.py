"""Objects of somebody else's that appear beside ours while a walk goes on, and go again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sandbox.credentials import TWILIO
from sandbox.world import Sandbox
from tests.faults.holdings import Place, records, tagged
from tests.faults.oracle import Oracle
from tests.faults.watch import Watch

Maker = Callable[[Sandbox, Random, Oracle], list[Place]]


def _rule(sandbox: Sandbox, rng: Random, oracle: Oracle) -> list[Place]:
    """A dispatch rule on a trunk of ours that beats ours, or asks for a PIN."""
    trunk = _any(sandbox, rng, oracle, "InboundTrunk")
    if not trunk:
        return []
    form = {"room_prefix": "theirs-", **({"pin": "4711"} if rng.random() < 0.5 else {})}
    rule = sandbox.livekit.add_dispatch_rule(
        name="by hand", trunk_ids=[trunk], inbound_numbers=[_stranger(rng)], rule={"dispatch_rule_individual": form}
    )
    return [("livekit", "dispatch_rule", rule["sip_dispatch_rule_id"])]


def _inbound_trunk(sandbox: Sandbox, rng: Random, oracle: Oracle) -> list[Place]:
    """A second trunk with a number of ours, for some callers."""
    trunk = _any(sandbox, rng, oracle, "InboundTrunk")
    if not trunk:
        return []
    numbers = list(records(sandbox, "livekit", "inbound_trunk")[trunk]["numbers"])
    made = sandbox.livekit.add_inbound_trunk(name="by hand", numbers=numbers[:1], allowed_numbers=[_stranger(rng)])
    return [("livekit", "inbound_trunk", made["sip_trunk_id"])]


def _origination(sandbox: Sandbox, rng: Random, oracle: Oracle) -> list[Place]:
    """An origination URL on a trunk of ours that takes its calls."""
    trunk = _any(sandbox, rng, oracle, "SipTrunk")
    return [_new(sandbox, "origination_urls", "OU", trunk, **_ORIGINATION)] if trunk else []


def _credential_list(sandbox: Sandbox, rng: Random, oracle: Oracle) -> list[Place]:
    """A credential list on a trunk of ours, which lets others call out through it."""
    trunk = _any(sandbox, rng, oracle, "SipTrunk")
    if not trunk:
        return []
    made = _new(sandbox, "credential_lists", "CL", "", friendly_name="by hand")
    return [_new(sandbox, "trunk_lists", "LK", trunk, _list=made[2]), made]


_ORIGINATION: Mapping[str, Any] = {
    "friendly_name": "by hand",
    "sip_url": "sip:theirs.example;transport=tls",
    "weight": 10,
    "priority": 0,
    "enabled": True,
}
MAKERS: tuple[Maker, ...] = (_rule, _inbound_trunk, _origination, _credential_list)


@dataclass
class Bystanders:
    """`groups`: what came together and goes together."""

    watch: Watch
    groups: list[list[Place]] = field(default_factory=list)

    def change(self, rng: Random) -> str:
        """Let one come or go, or nothing happen. Gives words for the trace."""
        fate = rng.random()
        if fate < 0.1 and self.groups:
            return self._leave(self.groups.pop(rng.randrange(len(self.groups))))
        if fate < 0.3:
            oracle = rng.choice(self.watch.oracles)
            return self._come(rng.choice(MAKERS)(self.watch.sandbox, rng, oracle))
        return ""

    def named_in(self, words: str) -> list[list[Place]]:
        """Give those whose id stands in a message."""
        return [group for group in self.groups if any(place[2] in words for place in group)]

    def have(self, number: str) -> bool:
        """Whether one of them names a number, so that a line that adopts it would take that one over."""
        there = (records(self.watch.sandbox, *place[:2])[place[2]] for group in self.groups for place in group)
        return any(number in record.get("numbers", ()) for record in there)

    def remove(self, group: list[Place]) -> None:
        """Somebody clears one out of the way."""
        self.groups.remove(group)
        self._leave(group)

    def _come(self, places: list[Place]) -> str:
        if not places:
            return ""
        self.groups.append(places)
        self.watch.foreign.update({place: records(self.watch.sandbox, *place[:2])[place[2]] for place in places})
        self.watch.settle()
        return f"{' '.join(places[0])} appears"

    def _leave(self, places: list[Place]) -> str:
        for vendor, table, key in places:
            store = getattr(self.watch.sandbox, vendor).store
            with store.transaction():
                store.drop(table, key)
            self.watch.foreign.pop((vendor, table, key), None)
        self.watch.settle()
        return f"{' '.join(places[0])} goes"


def _any(sandbox: Sandbox, rng: Random, oracle: Oracle, kind: str) -> str:
    """Give one of ours. What a line adopts may be what somebody else puts there, so such lines are left alone."""
    spared = {name for name, line in oracle.lines.items() if line.get("adopt")}
    prefix = oracle.prefix
    keys = sorted(
        key for (kind_, key), owner in tagged(sandbox, prefix).items() if kind_ == kind and owner not in spared
    )
    return rng.choice(keys) if keys else ""


def _stranger(rng: Random) -> str:
    """Who calls where a bystander lets only some in: somebody else each time, so that LiveKit finds no conflict."""
    return f"+1650556{rng.randrange(10_000):04}"


def _new(sandbox: Sandbox, table: str, letters: str, trunk: str, **fields: Any) -> Place:
    desk = sandbox.twilio.desk
    with sandbox.twilio.store.transaction():
        record = desk.new(table, letters, TWILIO.sid, **({"trunk_sid": trunk} if trunk else {}), **fields)
    return ("twilio", table, record["sid"])
