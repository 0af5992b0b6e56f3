"""Rules of others beside ours: each that changes where our calls end is named, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dynamic.inventories import BOUGHT, CUSTOM, VONAGE, having, inventory
from tests.dynamic.neighbourhood import DESK, OURS, PARTNER, THEIRS, THEY_REACH, WAY_OUT, our, recorded, said
from tests.support.model_engine import FLEET
from tests.support.world import Stack, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def stack(world: World) -> Stack:
    """One custom line, applied."""
    stack = Stack(world)
    stack.up(DESK)
    return stack


def test_a_fleet_alone_is_told_of_nothing_and_records_nothing(stack: Stack) -> None:
    assert said(stack, DESK) == []
    assert "neighbours" not in stack.engine.state.resources[FLEET].inputs


def test_a_rule_that_beats_ours_is_named_in_every_preview_and_recorded_by_an_update_without_a_write(
    stack: Stack,
) -> None:
    trunk = our(stack, "InboundTrunk", "desk")
    stack.world.sandbox.livekit.add_dispatch_rule(**THEIRS, trunk_ids=[trunk], numbers=[OURS])

    text = f'DispatchRule SDR_theirs ("canary") answers calls to {OURS} (line "desk") in place of ours: {THEY_REACH}.'
    assert said(stack, DESK) == said(stack, DESK) == [f"{text} {WAY_OUT % 'SDR_theirs'}"]
    before = stack.world.sandbox.journal.mark()
    stack.up(DESK)
    assert stack.world.sandbox.journal.writes(before) == []
    assert recorded(stack) == [{"code": "foreign-rule", "id": "SDR_theirs", "lines": ["desk"], "message": text}]
    assert said(stack, DESK) == [f"{text} {WAY_OUT % 'SDR_theirs'}"]
    stack.world.sandbox.livekit.delete("SDR_theirs")
    stack.up(DESK)
    assert "neighbours" not in stack.engine.state.resources[FLEET].inputs


def test_what_others_named_in_several_lines_is_told_in_one(stack: Stack) -> None:
    agents = {"agents": [{"agent_name": "canary\n\n- agent"}]}
    rule = {"dispatch_rule_individual": {"room_prefix": "a\n# b-"}}
    stack.world.sandbox.livekit.add_dispatch_rule(
        **{**THEIRS, "room_config": agents, "rule": rule},
        trunk_ids=[our(stack, "InboundTrunk", "desk")],
        numbers=[OURS],
    )

    text = (
        f'DispatchRule SDR_theirs ("canary") answers calls to {OURS} (line "desk") in place of ours: they reach agent'
        " canary\\n\\n- agent in rooms a\\n# b-…."
    )
    assert said(stack, DESK) == [f"{text} {WAY_OUT % 'SDR_theirs'}"]
    stack.up(DESK)
    assert [one["message"] for one in recorded(stack)] == [text]


@pytest.mark.parametrize(
    ("rule", "does"),
    [
        ({"numbers": [OURS]}, f"answers calls to {OURS} (line \"desk\") in place of ours: {THEY_REACH}"),
        ({"numbers": [OURS[1:]]}, f"answers calls to {OURS} (line \"desk\") in place of ours: {THEY_REACH}"),
        ({"numbers": ["+44 20 7123 4567"]}, ""),
        ({"numbers": ["+442071234568"]}, ""),
        (
            {"inbound_numbers": [PARTNER, "+13035550101"]},
            f"answers calls from {PARTNER}, +13035550101 to {OURS} (line \"desk\") in place of ours: {THEY_REACH}",
        ),
        (
            {"rule": {"dispatch_rule_direct": {"room_name": "bridge", "pin": "4711"}}, "room_config": {}},
            f"asks for a PIN on calls to {OURS} (line \"desk\") before ours answers: with it, they reach no agent that"
            " it names in room bridge",
        ),
        (
            {"rule": {"dispatch_rule_callee": {"room_prefix": "theirs-"}}},
            f"cannot stand beside ours ($OUR_RULE), so LiveKit refuses calls to {OURS} (line \"desk\")",
        ),
        (
            {"trunk_ids": ["$OUR_TRUNK", "ST_another"]},
            f"cannot stand beside ours ($OUR_RULE), so LiveKit refuses calls to {OURS} (line \"desk\")",
        ),
        (
            {"numbers": [OURS, OURS[1:]]},
            f"cannot stand beside itself, so LiveKit refuses calls to {OURS} (line \"desk\")",
        ),
        ({"trunk_ids": ["ST_another"], "numbers": [OURS]}, ""),
        ({"trunk_ids": []}, ""),
        ({"trunk_ids": [], "numbers": [OURS]}, ""),
        ({"trunk_ids": [], "rule": {"dispatch_rule_direct": {"room_name": "bridge", "pin": "4711"}}}, ""),
    ],
)  # fmt: skip
def test_a_rule_is_named_exactly_where_livekit_would_not_take_ours(
    stack: Stack, rule: dict[str, Any], does: str
) -> None:
    ids = {"$OUR_TRUNK": our(stack, "InboundTrunk", "desk"), "$OUR_RULE": our(stack, "DispatchRule", "desk")}
    fields = {"trunk_ids": ["$OUR_TRUNK"], **rule}
    fields["trunk_ids"] = [ids.get(id, id) for id in fields["trunk_ids"]]
    stack.world.sandbox.livekit.add_dispatch_rule(**{**THEIRS, **fields})

    does = does.replace("$OUR_RULE", ids["$OUR_RULE"])
    assert said(stack, DESK) == (
        [f'DispatchRule SDR_theirs ("canary") {does}. {WAY_OUT % "SDR_theirs"}'] if does else []
    )
    assert "4711" not in " ".join(stack.world.notices)


@pytest.mark.parametrize(
    ("line", "number", "spelled", "named"),
    [
        (BOUGHT, "+16505551234", "+16505551234", True),
        (BOUGHT, "+16505551234", "16505551234", False),
        (VONAGE, "", "plus", False),
        (VONAGE, "", "digits", True),
    ],
)
def test_a_rule_counts_in_the_spelling_in_which_the_carrier_names_our_number(
    world: World, line: str, number: str, spelled: str, named: bool
) -> None:
    stack, text = Stack(world), inventory({"line": line})
    stack.up(text)
    ours = number or stack.engine.state.settled["line"]
    numbers = [{"plus": ours, "digits": ours[1:]}.get(spelled, spelled)]
    world.sandbox.livekit.add_dispatch_rule(**THEIRS, trunk_ids=[our(stack, "InboundTrunk", "line")], numbers=numbers)

    assert bool(said(stack, text)) is named


def test_two_foreign_rules_that_clash_with_each_other_are_both_named(stack: Stack) -> None:
    for id in ("SDR_a", "SDR_b"):
        fields = {**THEIRS, "sip_dispatch_rule_id": id, "numbers": ["+1999"], "trunk_ids": []}
        stack.world.sandbox.livekit.add_dispatch_rule(**fields)

    refused = f'so LiveKit refuses calls to {OURS} (line "desk").'
    assert said(stack, DESK) == [
        f'DispatchRule SDR_a ("canary") cannot stand beside SDR_b, {refused} {WAY_OUT % "SDR_a"}',
        f'DispatchRule SDR_b ("canary") cannot stand beside SDR_a, {refused} {WAY_OUT % "SDR_b"}',
    ]


def test_a_rule_for_several_of_our_lines_is_named_once(world: World) -> None:
    lines = {f"desk-{n}": CUSTOM.replace("+442071234567", f"+44207123456{n}") for n in range(7)}
    stack, text = Stack(world), inventory(lines)
    stack.up(text)
    trunks = [our(stack, "InboundTrunk", line) for line in lines]
    world.sandbox.livekit.add_dispatch_rule(**THEIRS, trunk_ids=trunks, inbound_numbers=[PARTNER])

    (one,) = said(stack, text)
    numbers = ", ".join(f"+44207123456{n}" for n in range(5))
    names = ", ".join(f"desk-{n}" for n in range(5))
    assert f"answers calls from {PARTNER} to {numbers} and 2 more (lines {names} and 2 more) in place of ours" in one
    stack.up(text)
    assert [each["lines"] for each in recorded(stack)] == [sorted(lines)]


def test_a_rule_for_every_trunk_is_named_before_the_first_update_too_of_a_line_for_calls_out(world: World) -> None:
    stack, text = Stack(world), inventory({"desk": having(CUSTOM, "inbound: false")})
    world.sandbox.livekit.add_dispatch_rule(**THEIRS)
    before = said(stack, text)

    stack.up(text)

    assert "SDR_theirs" in "".join(before)
    assert said(stack, text) == before
    assert stack.preview(text) == []


def test_our_own_object_whose_tag_was_taken_off_by_hand_is_no_neighbour(stack: Stack) -> None:
    stack.world.sandbox.livekit.edit_rule(our(stack, "DispatchRule", "desk"), name="renamed by hand")
    stack.world.sandbox.livekit.edit_trunk(our(stack, "InboundTrunk", "desk"), metadata="")

    assert said(stack, DESK) == []
