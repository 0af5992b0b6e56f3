"""Adoption takes exactly what the line names: what it refuses before the first write."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dynamic.adopted import A, B, file_of, line, live, refusal, seed
from tests.faults.interruption import AtWrite
from tests.support.model_engine import Failed, Killed
from tests.support.world import Stack, World


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


def test_two_lines_on_one_trunk_are_refused_and_shared_is_the_way(stack: Stack) -> None:
    livekit = stack.world.sandbox.livekit
    trunk = seed(stack, [A, B])

    told = refusal(stack, file_of(line("a", A), line("b", B)))
    stack.up(file_of(line("a", A), line("b", B), trunk=", shared: true"))

    assert f"InboundTrunk {trunk} serves {B} too. Nothing was changed. Line b names it" in told
    assert "trunk that says `shared: true`" in told
    assert [(each["sip_trunk_id"], each["numbers"]) for each in livekit.inbound_trunks()] == [(trunk, [A, B])]
    assert [each["trunk_ids"] for each in livekit.dispatch_rules()] == [[trunk]]
    assert stack.preview(file_of(line("a", A), line("b", B), trunk=", shared: true")) == []


def test_a_trunk_with_a_number_that_nobody_names_is_not_taken(stack: Stack) -> None:
    trunk = seed(stack, [A, "1 650 555 0124"])

    told = refusal(stack, file_of(line("a", A)))

    assert f'numbers.yaml:6: line "a": InboundTrunk {trunk} serves 1 650 555 0124 too' in told
    assert "No line of this update names it" in told


def test_a_rule_that_serves_another_trunk_is_not_taken(stack: Stack) -> None:
    other = stack.world.sandbox.livekit.add_inbound_trunk(name="other", numbers=[B])["sip_trunk_id"]
    trunk = stack.world.sandbox.livekit.add_inbound_trunk(name="by hand", numbers=[A])["sip_trunk_id"]
    rule = {"name": "r", "trunk_ids": [trunk, other], "rule": {"dispatch_rule_individual": {"room_prefix": "call-"}}}
    made = stack.world.sandbox.livekit.add_dispatch_rule(**rule)["sip_dispatch_rule_id"]

    told = refusal(stack, file_of(line("a", A)))

    assert f"DispatchRule {made} serves trunk {other} ({B}) too. Nothing was changed. Give each trunk a rule" in told


@pytest.mark.parametrize("shared", [False, True], ids=["a line alone", "of two lines one"])
def test_a_rule_for_other_numbers_called_than_the_line_s_is_not_taken(stack: Stack, shared: bool) -> None:
    """It would stay so, and nobody would answer the line."""
    lines = [line("a", A), *([line("b", B)] if shared else [])]
    seed(stack, [A, B] if shared else [A], {"numbers": [f" {A[1:]}"] if shared else ["+16505550199"]})

    told = refusal(stack, file_of(*lines, trunk=", shared: true" if shared else ""))

    assert ("answers calls to  16505550123 alone, and none to +16505550124." in told) == shared
    assert ("answers calls to +16505550199 alone, and none to +16505550123." in told) != shared


def test_an_outbound_trunk_with_a_number_that_nobody_names_is_not_taken(stack: Stack) -> None:
    seed(stack, [A])
    made = stack.world.sandbox.livekit.add_outbound_trunk(
        name="out", numbers=["16505550123", B], address="sip.example.com"
    )["sip_trunk_id"]

    told = refusal(stack, file_of(line("a", A).replace(", outbound: false", "")))

    assert f"OutboundTrunk {made} serves {B} too" in told


def test_of_two_trunks_with_the_number_none_is_taken(stack: Stack) -> None:
    general = seed(stack, [A])
    vip = stack.world.sandbox.livekit.add_inbound_trunk(name="vip", numbers=[A], allowed_numbers=["+16505550111"])

    told = refusal(stack, file_of(line("a", A)))

    assert "several objects of kind InboundTrunk could be adopted for it" in told
    assert general in told
    assert vip["sip_trunk_id"] in told


def test_a_trunk_that_is_not_there_is_not_made(stack: Stack) -> None:
    every = stack.world.sandbox.livekit.add_inbound_trunk(name="every", numbers=[])["sip_trunk_id"]

    told = refusal(stack, file_of(line("a", A)))

    assert f"`adopt: true`, but no trunk at LiveKit has {A} ({every} takes every number, which no line can" in told


def test_a_trunk_of_another_fleet_is_never_adopted(stack: Stack) -> None:
    seed(stack, [A], metadata="trunkline:acme/other/a")

    told = refusal(stack, file_of(line("a", A)))

    assert 'belongs to line "a" of fleet "acme/other"' in told


def test_a_rule_that_came_after_the_adoption_is_not_taken_in_the_place_of_the_line_s_own(stack: Stack) -> None:
    trunk, livekit = seed(stack, [A]), stack.world.sandbox.livekit
    stack.up(file_of(line("a", A)))
    (own,) = livekit.dispatch_rules()
    livekit.delete(own["sip_dispatch_rule_id"])
    rule = {"name": "theirs", "trunk_ids": [trunk], "rule": {"dispatch_rule_direct": {"room_name": "board"}}}
    theirs = livekit.add_dispatch_rule(**rule, room_config={"agents": [{"agent_name": "board-agent"}]})

    told = refusal(stack, file_of(line("a", A)))
    assert livekit.dispatch_rules() == (theirs,)
    livekit.delete(theirs["sip_dispatch_rule_id"])
    stack.up(file_of(line("a", A)))

    assert f'DispatchRule {theirs["sip_dispatch_rule_id"]} "theirs", which nobody of us made, stands on its' in told
    assert [agent["agent_name"] for one in livekit.dispatch_rules() for agent in one["room_config"]["agents"]] == [
        "desk-agent"
    ]


@pytest.mark.parametrize("write", range(2))
def test_the_rule_of_a_trunk_whose_adoption_was_interrupted_is_still_adopted(write: int) -> None:
    stack = Stack(World(), checkpoints=True)
    seed(stack, [A])
    (rule,) = stack.world.sandbox.livekit.dispatch_rules()

    def dies() -> None:
        raise Killed

    with pytest.raises(Killed):
        stack.up(file_of(line("a", A)), handle=AtWrite(write, after=dies))
    stack.up(file_of(line("a", A)))

    assert [one["sip_dispatch_rule_id"] for one in stack.world.sandbox.livekit.dispatch_rules()] == [
        rule["sip_dispatch_rule_id"]
    ]


def test_what_comes_between_plan_and_write_is_not_adopted_unseen(stack: Stack) -> None:
    livekit = stack.world.sandbox.livekit
    trunk = livekit.add_inbound_trunk(name="by hand", numbers=[A])["sip_trunk_id"]
    theirs: list[str] = []

    def meanwhile(sandbox: Any, request: Any) -> Any:
        answer = sandbox.handle(request)
        if request.path.endswith("/UpdateSIPInboundTrunk") and not theirs:
            rule = {"name": "r", "trunk_ids": [trunk], "rule": {"dispatch_rule_individual": {"room_prefix": "call-"}}}
            theirs.append(livekit.add_dispatch_rule(**rule)["sip_dispatch_rule_id"])
        return answer

    with pytest.raises(Failed, match=r"was not there when this update was planned"):
        stack.up(file_of(line("a", A)), handle=meanwhile)

    assert [one["name"] for one in livekit.dispatch_rules()] == ["r"]


def test_a_rule_keeps_the_id_of_a_trunk_that_is_gone_and_is_taken(stack: Stack) -> None:
    livekit = stack.world.sandbox.livekit
    trunk = livekit.add_inbound_trunk(name="by hand", numbers=[A])["sip_trunk_id"]
    agents = {"agents": [{"agent_name": "desk-agent"}]}
    individual = {"dispatch_rule_individual": {"room_prefix": "call-"}}
    livekit.add_dispatch_rule(name="r", trunk_ids=["ST_gone", trunk], rule=individual, room_config=agents)
    before = live(stack)[1]

    stack.up(file_of(line("a", A)))

    assert live(stack)[1] == {**before, "name": "trunkline:acme/test/a#adopted"}
    assert stack.preview(file_of(line("a", A))) == []


def test_a_rule_that_answers_a_number_of_livekits_own_is_not_taken(stack: Stack) -> None:
    trunk = stack.world.sandbox.livekit.add_inbound_trunk(name="by hand", numbers=[A])["sip_trunk_id"]
    rule = {"trunk_ids": [trunk, "PN_PPN_1"], "rule": {"dispatch_rule_individual": {"room_prefix": "call-"}}}
    made = stack.world.sandbox.livekit.add_dispatch_rule(**rule)["sip_dispatch_rule_id"]

    assert f"DispatchRule {made} serves PN_PPN_1 too" in refusal(stack, file_of(line("a", A)))
