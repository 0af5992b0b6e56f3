"""Trunks of others beside ours: named where they take our calls, or let in whom a line keeps out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dynamic.inventories import CUSTOM, having, inventory
from tests.dynamic.neighbourhood import DESK, OURS, PARTNER, THEIRS, THEY_REACH, WAY_OUT, our, said
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


def test_a_trunk_takes_calls_to_a_line_that_is_to_get_none(world: World) -> None:
    stack, text = Stack(world), inventory({"desk": having(CUSTOM, "inbound: false")})
    stack.up(text)
    world.sandbox.livekit.add_inbound_trunk(**SECOND, numbers=[OURS])
    world.sandbox.livekit.add_dispatch_rule(**RULE_FOR_THEIRS)

    assert said(stack, text) == [
        f'InboundTrunk ST_theirs ("partner") lets in calls to {OURS} (line "desk") that the line keeps out:'
        f" {THEY_REACH}. {WAY_OUT % 'ST_theirs'}"
    ]


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
