"""Our own objects whose tag somebody took off, while no update that made them has ended well yet."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.faults import Fault
from tests.dynamic.inventories import inventory
from tests.dynamic.neighbourhood import WAY_OUT, recorded, said
from tests.dynamic.orders import BUYS, LINES, charged, claim, vendor_of
from tests.support.model_engine import Failed
from tests.support.world import Stack, World

PERHAPS = "It may be the line's own, without its tag: `pulumi up` puts that on again where this preview says that"
EACH = pytest.mark.parametrize("line", ["bought", "searched", "vonage"])


@pytest.fixture
def world() -> World:
    return World()


def failed(world: World, line: str) -> tuple[Stack, str]:
    """Let a first purchase fail; give the stack and the file."""
    stack, text = Stack(world), inventory({line: LINES[line]})
    world.sandbox.faults.add(
        Fault("status", vendor=vendor_of(line), write=True, path=BUYS[vendor_of(line)], status=400, when="before")
    )
    with pytest.raises(Failed):
        stack.up(text)
    return stack, text


def rule(world: World) -> dict[str, Any]:
    (only,) = world.sandbox.livekit.dispatch_rules()
    return dict(only)


@EACH
def test_a_trunk_without_its_tag_may_be_the_line_s_own_and_is_after_the_next_update(world: World, line: str) -> None:
    stack, text = failed(world, line)
    id_, number = claim(world)["sip_trunk_id"], claim(world)["numbers"][0]
    world.sandbox.livekit.edit_trunk(id_, metadata="")

    assert said(stack, text) == [
        f'InboundTrunk {id_} ("{line}") cannot stand beside ours, so LiveKit refuses calls to {number} (line "{line}").'
        f" {PERHAPS} InboundTrunk {id_} changes. Otherwise remove it there, or accept it in numbers.yaml:"
        f" `accepted: [{{id: {id_}, reason: …}}]`."
    ]

    stack.up(text)
    assert (claim(world)["sip_trunk_id"], charged(world)) == (id_, [number])
    assert said(stack, text) == []
    stack.up(text)
    assert recorded(stack) == []


@EACH
def test_so_may_a_rule(world: World, line: str) -> None:
    stack, text = failed(world, line)
    id_ = rule(world)["sip_dispatch_rule_id"]
    world.sandbox.livekit.edit_rule(id_, name="by hand")

    (notice,) = said(stack, text)
    assert f" {PERHAPS} DispatchRule {id_} changes. Otherwise remove it there, or accept it" in notice

    stack.up(text)
    assert rule(world)["sip_dispatch_rule_id"] == id_
    assert said(stack, text) == []


def test_a_trunk_with_more_than_the_line_s_number_is_somebody_else_s(world: World) -> None:
    stack, text = failed(world, "bought")
    id_, (number,) = claim(world)["sip_trunk_id"], claim(world)["numbers"]
    world.sandbox.livekit.delete(id_)
    other = world.sandbox.livekit.add_inbound_trunk(name="pbx", numbers=[number, "+442071234999"])

    (notice,) = said(stack, text)
    assert notice.endswith(WAY_OUT % other["sip_trunk_id"])


def test_nor_is_one_that_stands_beside_the_line_s_own(world: World) -> None:
    stack, text = failed(world, "bought")
    (number,) = claim(world)["numbers"]
    other = world.sandbox.livekit.add_inbound_trunk(name="pbx", numbers=[number])

    (notice,) = said(stack, text)
    assert notice.endswith(WAY_OUT % other["sip_trunk_id"])
