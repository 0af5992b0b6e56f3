"""A line leaves a shared trunk in an update that leaves out a part, or fails: it is not cut off, and no way is shut."""

from __future__ import annotations

import pytest

from sandbox import Fault
from tests.dynamic import test_crossing as crossing
from tests.dynamic.test_sharing import CARRIERS, NUMBERS, Watched, answered, file
from tests.support.model_engine import Failed
from tests.support.world import Stack, World

PROVIDERS = ("twilio", "vonage", "custom")
FLEET, OWN, SHARED = ("Fleet", "fleet"), ("InboundTrunk", "two"), ("InboundTrunk", "tw")


def begun(provider: str) -> tuple[World, Stack, Watched]:
    world = World()
    stack = Stack(world)
    stack.up(file(provider, 2, shared=True))
    return world, stack, Watched(world, NUMBERS[provider][:2])


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("left_out", [FLEET, OWN, SHARED], ids=str)
def test_what_is_left_out_cuts_nobody_off_and_the_next_update_finishes_the_move(
    provider: str, left_out: tuple[str, str]
) -> None:
    world, stack, watched = begun(provider)
    text, trunk = file(provider, 2, shared=True, apart=("two",)), stack.ids()["InboundTrunk tw"]

    # Without the shared trunk itself the move is made: the other one takes the number.
    if left_out == SHARED:
        stack.up(text, handle=watched, exclude={left_out})
    else:
        with pytest.raises(Failed):
            stack.up(text, handle=watched, exclude={left_out})
        assert watched.silent == []
    stack.up(text, handle=watched)

    assert answered(world) == {number: ["support-agent"] for number in NUMBERS[provider][:2]}
    assert set(watched.silent) == {NUMBERS[provider][1]}
    assert stack.ids()["InboundTrunk tw"] == trunk
    assert stack.up(text) == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_move_that_failed_when_the_fleet_had_noted_it_is_finished_by_the_next_update(provider: str) -> None:
    world = World()
    stack = Stack(world)
    stack.up(crossing.file(provider, one="tw", two="tw", three="other"))
    text = crossing.file(provider, one="tw", two="other", three="other")
    world.sandbox.faults.add(Fault("status", vendor="livekit", path="UpdateSIPInboundTrunk", status=400))
    with pytest.raises(Failed):
        stack.up(text)
    world.sandbox.faults.clear()

    stack.up(text)

    assert answered(world) == {number: ["support-agent"] for number in NUMBERS[provider]}
    assert stack.up(text) == []


# The engine holds a custom line's own rule, which a line that joins would lose.
@pytest.mark.parametrize(
    ("provider", "joins"), [*((name, False) for name in PROVIDERS), *((name, True) for name in CARRIERS)]
)
def test_a_shared_trunk_that_is_made_anew_takes_and_gives_numbers_as_ever(provider: str, joins: bool) -> None:
    world = World()
    stack = Stack(world)
    apart, together = (file(provider, 2, shared=True, apart=apart) for apart in (("two",), ()))
    stack.up(apart if joins else together)
    trunk, text = stack.ids()["InboundTrunk tw"], together if joins else apart

    stack.up(text, replace={SHARED})

    assert stack.ids()["InboundTrunk tw"] == trunk
    assert answered(world) == {number: ["support-agent"] for number in NUMBERS[provider][:2]}
    assert stack.up(text) == []
