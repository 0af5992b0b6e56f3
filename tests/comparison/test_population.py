"""After a dump and an update, nothing is found but what the dump left out, and what people did in the account."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.comparison.stage import of_stack
from tests.dump.population import account
from tests.dump.proof import Dumped
from tests.support.world import Stack, World
from trunkline.calls import canonical
from trunkline.comparison import LiveFinding, compare

SEEDS = 200
# What is as people left it, whoever manages it.
OF_THE_ACCOUNT = {
    "trunk-foreign", "trunk-catch-all", "trunk-open", "filter-own-number", "outbound-duplicate", "rule-catch-all",
    "rule-dangling-id", "agent-unreached", "number-unmanaged",
}  # fmt: skip


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_dumped_and_applied_account_has_findings_of_no_wrong_kind(seed: int) -> None:
    world = account(seed).world
    dumped = Dumped.of(world)
    stack = Stack(world)
    stack.engine.secrets = dict(dumped.secrets)
    plan = dumped.plan
    stack.engine.up(plan, world.process())

    found = compare(of_stack(world, stack.engine, plan, dumped.text))

    carried = {str(one.number) for name in ("twilio", "vonage") for one in world.process().owned(name).values()}
    left_out = {one.what for one in dumped.description.left_out} & carried
    of = {code: {one.subject for one in found if one.code == code} for code in {one.code for one in found}}
    assert of.keys() <= OF_THE_ACCOUNT
    assert of.get("number-unmanaged", set()) == left_out
    assert of.get("rule-dangling-id", set()) == set(_dangling(world))
    assert of.get("rule-catch-all", set()) == {
        one["sip_dispatch_rule_id"] for one in world.sandbox.livekit.dispatch_rules() if not one.get("trunk_ids")
    }
    assert sum(_trunks(one) for one in found if one.code == "trunk-open") == len(set(_open(world)))
    assert of.get("trunk-foreign", set()).isdisjoint(stack.ids().values())
    answered = {str(line.keys["agent"]) for line in dumped.description.lines if "agent" in line.keys}
    # One of automatic dispatch has no name, and no finding can name it.
    named = (one.keys.get("agent_name") for one in dumped.description.agents if one.name in answered)
    names = {str(name) for name in named if name}
    assert names.isdisjoint(of.get("agent-unreached", set()))


def _dangling(world: World) -> Iterator[str]:
    there = {one["sip_trunk_id"] for one in world.sandbox.livekit.inbound_trunks()}
    for one in world.sandbox.livekit.dispatch_rules():
        if any(id not in there and not id.startswith("PN_") for id in one.get("trunk_ids", ())):
            yield one["sip_dispatch_rule_id"]


def _trunks(finding: LiveFinding) -> int:
    """Give of how many trunks at LiveKit a finding tells."""
    return 1 if finding.subject.startswith("ST_") else int(finding.message.partition(" ")[0])


def _open(world: World) -> Iterator[str]:
    for one in world.sandbox.livekit.inbound_trunks():
        walls = one.get("auth_username") or one.get("auth_password") or one.get("allowed_addresses")
        if one.get("numbers") and not walls:
            yield one["sip_trunk_id"]


def test_a_number_that_was_released_and_one_that_was_bought_by_hand_are_found() -> None:
    world = account(3).world
    dumped = Dumped.of(world)
    stack = Stack(world)
    stack.engine.secrets = dict(dumped.secrets)
    plan = dumped.plan
    stack.engine.up(plan, world.process())
    known = {one.subject for one in compare(of_stack(world, stack.engine, plan, dumped.text))}
    taken = next(facts.line for facts in plan.lines.values() if facts.line.provider == "twilio")
    run = world.process()
    run.carrier("twilio").release(run.owned("twilio")[taken.number])
    world.sandbox.twilio.add_number("+16505559999")

    found = compare(of_stack(world, stack.engine, plan, dumped.text))

    assert {(one.code, one.subject) for one in found if one.subject not in known} == {
        ("number-gone", taken.number),
        ("number-unmanaged", canonical("+16505559999")),
    }
