"""What the file accepts beside our lines: silent in previews, on record for the audit, and noticed once it is gone."""

from __future__ import annotations

import pytest

from tests.dynamic.inventories import CUSTOM, inventory
from tests.dynamic.neighbourhood import our, recorded, said
from tests.support.model_engine import FLEET
from tests.support.world import Stack, World

DESK = inventory({"desk": CUSTOM})
ACCEPTED = f"{DESK}accepted:\n  - {{id: SDR_canary, reason: a canary of 5 %}}\n"
NOT_THERE = "SDR_canary is accepted in numbers.yaml (a canary of 5 %), but stands beside no line any more."
TWO_STACKS = """\
version: 1
agents: {support: {agent_name: support-agent}}
defaults: {agent: support}
numbers:
  here: {phone_number: "+442071234567", sip_address: sip.example.com, stacks: [test]}
  there: {phone_number: "+442071234568", sip_address: sip.example.com, stacks: [other]}
"""


@pytest.fixture
def stack() -> Stack:
    """A line, applied, and a rule that answers its calls."""
    stack = Stack(World())
    stack.up(DESK)
    stack.world.sandbox.livekit.add_dispatch_rule(
        sip_dispatch_rule_id="SDR_canary",
        trunk_ids=[our(stack, "InboundTrunk", "desk")],
        numbers=["+442071234567"],
        rule={"dispatch_rule_individual": {"room_prefix": "canary-"}},
    )
    return stack


def test_what_is_accepted_is_said_no_more_and_recorded_with_its_reason(stack: Stack) -> None:
    (notice,) = said(stack, DESK)
    assert "`accepted: [{id: SDR_canary, reason: …}]`" in notice

    assert said(stack, ACCEPTED) == []
    stack.up(ACCEPTED)
    (one,) = recorded(stack)
    assert (one["id"], one["code"], one["accepted"]) == ("SDR_canary", "foreign-rule", "a canary of 5 %")


def test_accepting_and_taking_it_back_writes_at_no_vendor(stack: Stack) -> None:
    stack.up(DESK)
    mark = stack.world.sandbox.journal.mark()

    assert [(step.op, step.key) for step in stack.up(ACCEPTED)] == [("update", FLEET)]
    assert [(step.op, step.key) for step in stack.up(DESK)] == [("update", FLEET)]
    assert stack.world.sandbox.journal.writes(mark) == []


def test_something_else_than_what_is_accepted_is_still_said(stack: Stack) -> None:
    stack.world.sandbox.livekit.add_dispatch_rule(
        sip_dispatch_rule_id="SDR_other",
        trunk_ids=[our(stack, "InboundTrunk", "desk")],
        inbound_numbers=["+13035550100"],
        rule={"dispatch_rule_individual": {"room_prefix": "other-"}},
    )

    (notice,) = said(stack, ACCEPTED)
    assert notice.startswith("DispatchRule SDR_other ")


def test_what_is_accepted_and_not_there_any_more_is_said_and_recorded(stack: Stack) -> None:
    stack.world.sandbox.livekit.delete("SDR_canary")

    assert said(stack, ACCEPTED) == [f"{NOT_THERE} Take it out of `accepted`."]
    stack.up(ACCEPTED)
    assert recorded(stack) == [{"code": "accepted-not-there", "id": "SDR_canary", "lines": [], "message": NOT_THERE}]


@pytest.mark.parametrize(
    ("stacks", "told"), [("", False), (", stacks: [test, other]", False), (", stacks: [test]", True)]
)
def test_what_another_stack_may_have_beside_its_lines_is_not_missed(stacks: str, told: bool) -> None:
    """The entry is of the file, the notice of a stack."""
    stack = Stack(World())
    text = TWO_STACKS + f"accepted:\n  - {{id: SDR_canary, reason: a canary of 5 %{stacks}}}\n"

    assert bool(said(stack, text)) is told
