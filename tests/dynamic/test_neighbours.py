"""What stands beside ours: each thing that changes where our calls end is named, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dynamic.inventories import BOUGHT, CUSTOM, VONAGE, having, inventory
from tests.dynamic.neighbourhood import WAY_OUT, our, recorded, said
from tests.support.model_engine import FLEET
from tests.support.world import Stack, World

OURS, PARTNER = "+442071234567", "+13035550100"
DESK = inventory({"desk": CUSTOM})
INDIVIDUAL = {"dispatch_rule_individual": {"room_prefix": "theirs-"}}
THEIRS: dict[str, Any] = {
    "sip_dispatch_rule_id": "SDR_theirs",
    "name": "canary",
    "rule": INDIVIDUAL,
    "room_config": {"agents": [{"agent_name": "canary-agent"}]},
}
THEY_REACH = "they reach agent canary-agent in rooms theirs-…"


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


SECOND: dict[str, Any] = {"sip_trunk_id": "ST_theirs", "name": "partner"}
RULE_FOR_THEIRS: dict[str, Any] = {**THEIRS, "trunk_ids": ["ST_theirs"]}


@pytest.mark.parametrize(
    ("trunk", "does"),
    [
        (
            {"numbers": ["44 20 7123-4567"]},
            f'cannot stand beside ours ($OUR_TRUNK), so LiveKit refuses calls to {OURS} (line "desk")',
        ),
        (
            {"numbers": [OURS, "+1999"], "allowed_numbers": ["1 303 555 0100"]},
            f"cannot stand beside ours ($OUR_TRUNK), so LiveKit refuses calls from 1 303 555 0100 to {OURS}"
            ' (line "desk")',
        ),
        (
            {"numbers": [OURS], "allowed_addresses": ["198.51.100.0/24"]},
            "cannot stand beside ours ($OUR_TRUNK), so LiveKit refuses calls from 198.51.100.0/24 to"
            f' {OURS} (line "desk")',
        ),
        ({"numbers": []}, ""),
        ({"numbers": ["+442071234568"]}, ""),
    ],
)
def test_a_second_trunk_is_named_where_livekit_cannot_tell_it_from_ours(
    stack: Stack, trunk: dict[str, Any], does: str
) -> None:
    stack.world.sandbox.livekit.add_inbound_trunk(**SECOND, **trunk)
    stack.world.sandbox.livekit.add_dispatch_rule(**RULE_FOR_THEIRS)

    does = does.replace("$OUR_TRUNK", our(stack, "InboundTrunk", "desk"))
    expected = [f'InboundTrunk ST_theirs ("partner") {does}. {WAY_OUT % "ST_theirs"}'] if does else []
    assert said(stack, DESK) == expected


GUARDED = having(CUSTOM, f'allowed_callers: ["{PARTNER}"], allowed_addresses: [203.0.113.0/24]')


@pytest.mark.parametrize(
    ("trunk", "whose"),
    [
        ({"numbers": []}, "calls"),
        ({"numbers": [OURS], "allowed_numbers": ["+15"]}, "calls from +15"),
        ({"numbers": [], "allowed_addresses": ["192.0.2.7"]}, "calls from 192.0.2.7"),
        ({"numbers": [], "allowed_addresses": ["192.0.2.7", "sip.example.com"]},
         "calls from 192.0.2.7, sip.example.com"),
        ({"numbers": [], "allowed_addresses": ["not an address"]}, "calls"),
        ({"numbers": [OURS], "allowed_numbers": ["+15"], "allowed_addresses": ["192.0.2.7"]},
         "calls from +15, 192.0.2.7"),
    ],
)  # fmt: skip
def test_a_second_trunk_that_lets_in_whom_a_guarded_line_keeps_out_is_named(
    world: World, trunk: dict[str, Any], whose: str
) -> None:
    stack, text = Stack(world), inventory({"desk": GUARDED})
    stack.up(text)
    world.sandbox.livekit.add_inbound_trunk(**SECOND, **trunk)

    assert said(stack, text) == []
    world.sandbox.livekit.add_dispatch_rule(**RULE_FOR_THEIRS)
    assert said(stack, text) == [
        f'InboundTrunk ST_theirs ("partner") lets in {whose} to {OURS} (line "desk") that the line keeps out:'
        f" {THEY_REACH}. {WAY_OUT % 'ST_theirs'}"
    ]


def test_a_trunk_for_the_very_callers_of_a_guarded_line_blocks_them(world: World) -> None:
    stack, text = Stack(world), inventory({"desk": GUARDED})
    stack.up(text)
    world.sandbox.livekit.add_inbound_trunk(**SECOND, numbers=[OURS])
    world.sandbox.livekit.add_dispatch_rule(**RULE_FOR_THEIRS)

    trunk = our(stack, "InboundTrunk", "desk")
    assert said(stack, text) == [
        f'InboundTrunk ST_theirs ("partner") cannot stand beside ours ({trunk}), so LiveKit refuses calls from'
        f' {PARTNER}, 203.0.113.0/24 to {OURS} (line "desk"). It lets in callers whom the line keeps out, too.'
        f" {WAY_OUT % 'ST_theirs'}"
    ]


def test_a_rule_for_every_trunk_lets_into_a_self_hosted_server_whom_a_guarded_line_keeps_out(world: World) -> None:
    """LiveKit Cloud answers a call that no trunk takes with 404; a server of one's own asks these rules."""
    stack, text = Stack(world), inventory({"desk": GUARDED})
    stack.up(text)
    world.sandbox.livekit.add_dispatch_rule(**THEIRS)

    assert said(stack, text) == [
        f'DispatchRule SDR_theirs ("canary") lets in calls to {OURS} (line "desk") that the line keeps out:'
        f" {THEY_REACH}. {WAY_OUT % 'SDR_theirs'}"
    ]


def test_a_rule_for_every_trunk_is_named_before_the_first_update_too_of_a_line_for_calls_out(world: World) -> None:
    stack, text = Stack(world), inventory({"desk": having(CUSTOM, "inbound: false")})
    world.sandbox.livekit.add_dispatch_rule(**THEIRS)
    before = said(stack, text)

    stack.up(text)

    assert "SDR_theirs" in "".join(before)
    assert said(stack, text) == before
    assert stack.preview(text) == []


def test_a_trunk_takes_calls_to_a_line_that_is_to_get_none(world: World) -> None:
    stack, text = Stack(world), inventory({"desk": having(CUSTOM, "inbound: false")})
    stack.up(text)
    world.sandbox.livekit.add_inbound_trunk(**SECOND, numbers=[OURS])
    world.sandbox.livekit.add_dispatch_rule(**RULE_FOR_THEIRS)

    assert said(stack, text) == [
        f'InboundTrunk ST_theirs ("partner") lets in calls to {OURS} (line "desk") that the line keeps out:'
        f" {THEY_REACH}. {WAY_OUT % 'ST_theirs'}"
    ]


def test_our_own_object_whose_tag_was_taken_off_by_hand_is_no_neighbour(stack: Stack) -> None:
    stack.world.sandbox.livekit.edit_rule(our(stack, "DispatchRule", "desk"), name="renamed by hand")
    stack.world.sandbox.livekit.edit_trunk(our(stack, "InboundTrunk", "desk"), metadata="")

    assert said(stack, DESK) == []


def test_what_a_line_is_about_to_adopt_is_no_neighbour(world: World) -> None:
    world.sandbox.livekit.add_inbound_trunk(**SECOND, numbers=[OURS])
    world.sandbox.livekit.add_dispatch_rule(**{**RULE_FOR_THEIRS, "room_config": {}})
    stack, text = Stack(world), inventory({"desk": having(CUSTOM, "adopt: true, outbound: false")})

    before = said(stack, text)
    stack.up(text)
    after = said(stack, text)
    assert [notice for notice in (*before, *after) if "ST_theirs" in notice and "accepted" in notice] == []
    assert our(stack, "InboundTrunk", "desk") == "ST_theirs"


def test_the_preview_of_an_adoption_names_what_stands_beside_the_objects_that_it_takes(world: World) -> None:
    livekit, rule = world.sandbox.livekit, {**THEIRS, "room_config": {}}
    livekit.add_inbound_trunk(sip_trunk_id="ST_live", numbers=[OURS], allowed_numbers=[PARTNER])
    livekit.add_dispatch_rule(**{**rule, "sip_dispatch_rule_id": "SDR_live", "trunk_ids": ["ST_live"]})
    livekit.add_inbound_trunk(**SECOND, numbers=[])
    livekit.add_dispatch_rule(**RULE_FOR_THEIRS)

    notices = said(Stack(world), inventory({"desk": having(CUSTOM, "adopt: true, outbound: false")}))
    assert [notice for notice in notices if "accepted" in notice] == [
        f'InboundTrunk ST_theirs ("partner") lets in calls to {OURS} (line "desk") that the line keeps out:'
        f" {THEY_REACH}. {WAY_OUT % 'ST_theirs'}"
    ]
