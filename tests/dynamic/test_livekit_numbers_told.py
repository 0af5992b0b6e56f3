"""What `explain` and a refresh say of lines whose number LiveKit itself sells."""

from __future__ import annotations

import pytest

from providers.switchboard import of_listings
from tests.dynamic.test_livekit_numbers import bought, file
from tests.support.world import Stack, World
from trunkline.calls import Call
from trunkline.explain.board import Switchboard, explain
from trunkline.explain.inventories import of_inventory
from trunkline.explain.states import of_state
from trunkline.inventory import parse
from trunkline.model.livekit_numbers import claim_of
from trunkline.outputs import Line, StackOutputs, Summary

NUMBER = "+14155550123"


def answered(board: Switchboard, to: str) -> tuple[bool, str, str]:
    """Say whether a call is answered, by which line's number, and why."""
    answer = explain(board, Call(called=to, caller="+13035550100", source="192.0.2.1"))
    return answer.answered, answer.line, answer.reason


def test_the_file_says_who_answers_its_number() -> None:
    board = of_inventory(parse(file(phone_number=NUMBER), "numbers.yaml"))
    assert answered(board, NUMBER) == (True, "desk", 'agent "support" answers')
    assert not answered(board, "+14155550124")[0]


def test_livekit_says_who_answers_it_by_the_rule_that_claims_it() -> None:
    stack = Stack(World())
    stack.up(file())
    number = bought(stack)["e164_format"]
    board = of_listings(stack.world.process().vendors.adapters, trunkless=False)
    assert answered(board, number) == (True, "desk", 'agent "support" answers')
    assert not answered(board, "+14155550124")[0]


@pytest.mark.parametrize("provider", ["livekit", "twilio"])
def test_the_state_says_who_answers_it_and_takes_its_rule_for_no_one_else_s(provider: str) -> None:
    line = Line(
        id="desk", phone_number=NUMBER, provider=provider, country="US", agent="support", agent_name="support",
        inbound=True, outbound=False, acquired="purchased", removal="protect", dispatch_rule_id="SDR_1",
        inbound_trunk_id="" if provider == "livekit" else "ST_1",
    )  # fmt: skip
    summary = Summary.of([line])
    outputs = StackOutputs(schema_version=1, inventory_digest="", agents={}, lines={"desk": line}, summary=summary)
    board = of_state(outputs)
    assert answered(board, NUMBER) == (True, "desk", 'agent "support" answers')
    claims = () if provider == "twilio" else (claim_of(NUMBER),)
    assert [rule.trunk_ids for rule in board.rules] == [claims or ("ST_1",)]
