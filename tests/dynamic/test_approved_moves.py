"""What somebody does by hand between a plan and its update, so that a step on the page would not be done as it says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.dynamic.adopted import A, file_of, line, live, seed
from tests.dynamic.approval import applied, refusal, saved
from tests.dynamic.inventories import ALL, BOUGHT, VONAGE, having, inventory
from tests.support.model_engine import Failed
from tests.support.world import Stack, World

TITLE = (
    "this is not what was approved in plan.json: {} moved since. Nothing was changed. Save the plan again and have that"
    " one approved."
)
NUMBER = "+16505551234"
CUSTOM = {"custom": ALL["custom"]}
STAYS = inventory(CUSTOM)


def leaving(wish: str, mark: str) -> Stack:
    """A stack whose line `goes` is marked, and may be taken out of the file."""
    stack = Stack(World())
    stack.up(inventory({**CUSTOM, "goes": having(wish, f"removal: {mark}")}))
    return stack


@pytest.mark.parametrize("mark", ["release", "keep"])
def test_a_number_whose_tag_and_route_were_taken_off_is_not_let_go_as_the_page_says(mark: str) -> None:
    stack = leaving(BOUGHT, mark)
    plan = saved(stack, STAYS)
    stack.world.sandbox.twilio.edit_number(NUMBER, friendly_name="Reception", trunk_sid=None)

    assert refusal(stack, STAYS, plan) == [
        TITLE.format(1),
        "- number of goes, tag: trunkline:acme/test/goes => Reception, by what the vendors offer and hold",
    ]


def test_a_number_that_carries_no_tag_is_known_by_its_route() -> None:
    stack = leaving(VONAGE, "release")
    plan = saved(stack, STAYS)
    number = plan.record["lines"]["goes"]["phoneNumber"]
    was = stack.engine.state.resources["PhoneNumber", "goes"].outputs["sipUri"]
    stack.world.sandbox.vonage.edit_number(number, voiceCallbackType="sip", voiceCallbackValue="sip:desk@pbx.example")

    assert refusal(stack, STAYS, plan) == [
        TITLE.format(1),
        f"- number of goes, sip_uri: {was} => sip:desk@pbx.example, by what the vendors offer and hold",
    ]


def test_a_number_that_left_its_account_is_not_released_as_the_page_says() -> None:
    stack = leaving(BOUGHT, "release")
    plan = saved(stack, STAYS)
    stack.world.sandbox.twilio.release_by_hand(NUMBER)

    assert refusal(stack, STAYS, plan) == [
        TITLE.format(1),
        "- number of goes: in the account => gone, by what the vendors offer and hold",
    ]


def test_an_object_of_a_line_that_goes_is_left_where_its_tag_was_taken_off() -> None:
    stack = leaving(BOUGHT, "release")
    plan = saved(stack, STAYS)
    id_ = stack.ids()["InboundTrunk goes"]
    stack.world.sandbox.livekit.edit_trunk(id_, metadata="theirs")

    title, row = refusal(stack, STAYS, plan)

    assert title == TITLE.format(1)
    assert row.startswith("- line goes, tagged: ") and row.count(id_) == 1


def test_a_plan_that_was_saved_after_the_edit_is_applied() -> None:
    stack = leaving(BOUGHT, "release")
    stack.world.sandbox.twilio.edit_number(NUMBER, friendly_name="Reception", trunk_sid=None)
    plan = saved(stack, STAYS)

    assert [step.op for step in applied(stack, STAYS, plan)] == ["update", *["delete"] * 4]
    assert stack.preview(STAYS) == []


def test_a_property_that_only_some_lines_name_has_moved_too() -> None:
    stack, file = Stack(World()), inventory({"bought": having(BOUGHT, "headers_to_attributes: {X-Tier: tier}")})
    stack.up(file)
    edited = file.replace("agent: sales", "agent: support")
    plan = saved(stack, edited)
    stack.world.sandbox.livekit.edit_trunk(
        stack.ids()["InboundTrunk bought"], headers_to_attributes={"X-Tier": "level"}
    )

    assert refusal(stack, edited, plan) == [
        TITLE.format(1),
        '- inbound trunk of bought, headers_to_attributes: {"X-Tier": "tier"} => {"X-Tier": "level"}, at the vendor',
    ]


def test_a_rule_that_answers_some_callers_alone_by_now_has_moved() -> None:
    stack, file = Stack(World()), inventory({"bought": BOUGHT})
    stack.up(file)
    edited = file.replace("agent: sales", "agent: support")
    plan = saved(stack, edited)
    stack.world.sandbox.livekit.edit_rule(stack.ids()["DispatchRule bought"], inbound_numbers=["+16505550199"])

    assert refusal(stack, edited, plan) == [
        TITLE.format(1),
        "- dispatch rule of bought, only_callers: (none) => +16505550199, at the vendor",
    ]


def test_an_adoption_that_moved_is_told_field_by_field() -> None:
    stack, file = Stack(World()), file_of(line("a", A))
    id_ = seed(stack, [A])
    plan = saved(stack, file)
    stack.world.sandbox.livekit.edit_trunk(id_, name="by another hand")

    assert refusal(stack, file, plan) == [
        TITLE.format(1),
        f"- inbound trunk {id_} of a, name: by hand => by another hand, by what the vendors offer and hold",
    ]


def test_an_object_that_is_there_no_more_to_be_adopted_is_told_by_its_name() -> None:
    stack, file = Stack(World()), file_of(line("a", A))
    id_ = seed(stack, [A])
    plan = saved(stack, file)
    stack.world.sandbox.livekit.delete(id_)

    rows = refusal(stack, file, plan)

    assert f"- inbound trunk {id_} of a: adopted => not adopted, by what the vendors offer and hold" in rows


def test_a_refusal_shows_no_more_than_the_page_does() -> None:
    stack, file = Stack(World()), file_of(line("a", A))
    seed(stack, [A], {"room_config": {"agents": [{"agent_name": "x", "metadata": '{"api_key": "canary-123456"}'}]}})
    plan = saved(stack, file)
    _, rule = live(stack)
    stack.world.sandbox.livekit.edit_rule(
        rule["sip_dispatch_rule_id"],
        room_config={"agents": [{"agent_name": "x", "metadata": '{"api_key": "canary-654321"}'}]},
    )

    text = "\n".join(refusal(stack, file, plan))

    assert f"dispatch rule {rule['sip_dispatch_rule_id']} of a, agents: x" in text
    assert "canary" not in text
    assert "***" in text


def _drifting(stack: Stack, file: str) -> Any:
    plan = saved(stack, file)
    return replace(plan, page={"drift": [{"kind": "inbound trunk", "name": "custom"}]})


def test_an_update_without_a_refresh_puts_nothing_right_and_so_is_refused() -> None:
    stack = Stack(World())
    stack.up(STAYS)
    stack.world.sandbox.livekit.edit_trunk(stack.ids()["InboundTrunk custom"], krisp_enabled=True)
    plan = _drifting(stack, STAYS)
    mark = stack.world.sandbox.journal.mark()

    with pytest.raises(Failed) as refused:
        applied(stack, STAYS, plan, refresh=False)

    assert refused.value.messages == [
        "plan.json puts right what was changed by hand, which an update finds by its refresh alone, and this one has"
        " none. Nothing was changed. Run it without `--refresh=false`."
    ]
    assert stack.world.sandbox.journal.writes(mark) == []
    assert [step.op for step in applied(stack, STAYS, plan)] == ["update"]
