"""Dumping an account, applying the file on a fresh stack, and what the world was before and is after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from providers import holdings
from tests.dump.account import HOST
from tests.support.model_engine import Step
from tests.support.world import Stack, World, site
from trunkline.calls import Call, Rule, Trunk, canonical, match
from trunkline.calls.live import rule_of, trunk_of
from trunkline.dump import Description, Holdings, compose, render
from trunkline.inventory import parse
from trunkline.plan import Plan, compile_plan
from trunkline.secret import Secret

ANYBODY, ELSEWHERE = "+15005550000", "192.0.2.99"


def hold(world: World) -> Holdings:
    return holdings.read(world.process().vendors, HOST, lambda what: None)


@dataclass
class Dumped:
    """A dump of a world, and a fresh stack for it. `secrets` are the passwords that an operator would set."""

    world: World
    description: Description
    text: str
    secrets: Mapping[str, str]

    @classmethod
    def of(cls, world: World) -> Dumped:
        held = hold(world)
        description = compose(held)
        values = {one.id: one.props["authPassword"] for one in held.outbound}
        values |= {one.id: one.also["pin"] for one in held.rules}
        recorded = {one.id: one.optional["egressSecrets"] for one in held.rules}
        secrets = {
            one.name: recorded[one.object_id][one.place] if one.place else values[one.object_id]
            for one in description.secrets
        }
        return cls(world, description, render(description, "Dumped."), {**secrets, "vonageApiSecret": "canary"})

    @property
    def plan(self) -> Plan:
        secrets = {name: Secret(value) for name, value in self.secrets.items()}
        here = replace(site(), config_secrets=frozenset(secrets), secrets=secrets)
        return compile_plan(parse(self.text, "numbers.yaml").for_stack("test"), here)

    def up(self) -> tuple[list[Step], list[Step]]:
        """Apply on a fresh stack; give the steps, and those of the next preview."""
        stack = Stack(self.world)
        stack.engine.secrets = dict(self.secrets)
        plan = self.plan
        return stack.engine.up(plan, self.world.process()), stack.engine.preview(plan, self.world.process())


def but_for_tags(world: World) -> dict[str, Any]:
    """Give all that the vendors hold, but for the fields that hold tags and the times of changes."""
    livekit, twilio, vonage = world.sandbox.livekit, world.sandbox.twilio, world.sandbox.vonage
    untagged = {"metadata", "name", "friendly_name", "_updated"}
    names = ("numbers", "trunks", "origination_urls", "credential_lists", "credentials", "trunk_lists",
             "trunk_address_lists", "ip_access_control_lists")  # fmt: skip
    tables = {f"twilio {name}": twilio.store.table(name) for name in names}
    tables["vonage numbers"] = vonage.store.table("numbers")
    found: dict[str, Any] = {
        table: {key: {k: v for k, v in each.items() if k not in untagged} for key, each in records.items()}
        for table, records in tables.items()
    }
    found["inbound"] = [_without(one, "metadata") for one in livekit.inbound_trunks()]
    found["outbound"] = [_without(one, "metadata") for one in livekit.outbound_trunks()]
    found["rules"] = [_without(one, "name") for one in livekit.dispatch_rules()]
    return found


def _without(one: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in one.items() if key != name}


def where_calls_go(held: Holdings) -> dict[tuple[str, str, str], tuple[object, ...]]:
    """Give (number as called, caller, source) -> how the call ends, for all that any trunk or rule tells apart."""
    trunks, rules = [trunk_of(one) for one in held.inbound], [rule_of(one) for one in held.rules]
    return {key: _end(Call(called=key[0], caller=key[1], source=key[2]), trunks, rules) for key in _calls(held)}


def answered(held: Holdings) -> set[str]:
    """Give the numbers at which an agent, or the question for a PIN, answers somebody."""
    trunks, rules = [trunk_of(one) for one in held.inbound], [rule_of(one) for one in held.rules]
    return {
        canonical(called)
        for called, caller, source in _calls(held)
        if match(Call(called=called, caller=caller, source=source), trunks, rules).reached
    }


def _end(call: Call, trunks: list[Trunk], rules: list[Rule]) -> tuple[object, ...]:
    met = match(call, trunks, rules)
    rule = met.rule
    ends = (rule.id, rule.form, rule.room, rule.pin, rule.agents) if rule else ()
    return (met.outcome, met.trunk.id if met.trunk else "", *ends)


def _calls(held: Holdings) -> Iterator[tuple[str, str, str]]:
    listed = {canonical(number) for one in (*held.inbound, *held.outbound) for number in one.props["numbers"]}
    numbers = sorted(listed | {one.number for one in held.numbers})
    callers = {caller for one in held.inbound for caller in one.props["allowedNumbers"]}
    callers |= {caller for one in held.rules for caller in one.also["callers"]}
    sources = {entry.partition("/")[0] for one in held.inbound for entry in one.props["allowedAddresses"]}
    for number in numbers:
        for called in (number, number.removeprefix("+")):
            for caller in sorted({*callers, ANYBODY, ""}):
                for source in sorted({*sources, ELSEWHERE}):
                    yield called, caller, source
