"""A line leaves a shared trunk for good: its carrier lets go first, LiveKit's trunk last."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest

from sandbox.faults import Fault
from tests.dynamic.test_sharing import CARRIERS, NUMBERS, file
from tests.engine.reach import Reach
from tests.faults.interruption import AtWrite
from tests.support.model_engine import Failed, Killed
from tests.support.world import Stack, World

WAYS = ("release", "keep")
REFUSED = {
    "twilio": Fault("status", vendor="twilio", path=".*PhoneNumbers/.*", status=400, times=None),
    "vonage": Fault("status", vendor="vonage", method="POST", status=400, times=None),
}


def before_and_after(provider: str, way: str) -> tuple[str, str]:
    """Give a file of two lines on a shared trunk of which the second is marked, and one without it."""
    text, alone = file(provider, 2, shared=True), file(provider, 1, shared=True)
    two = next(row for row in text.splitlines(keepends=True) if row.startswith("  two:"))
    return text.replace(two, f"{two[:-2]}, removal: {way}}}\n"), alone


def held(world: World) -> list[list[str]]:
    return sorted(sorted(trunk["numbers"]) for trunk in world.sandbox.livekit.inbound_trunks())


def begun(provider: str, way: str) -> tuple[Stack, Reach, str]:
    """Give a stack of two lines, what its writes do to calls from now on, and the file that comes next."""
    stack = Stack(World())
    text, then = before_and_after(provider, way)
    stack.up(text)
    return stack, Reach(stack.world.sandbox), then


def assert_two_is_gone(stack: Stack, provider: str, text: str) -> None:
    assert stack.up(text) == []
    assert held(stack.world) == [[NUMBERS[provider][0]]]


@pytest.mark.parametrize("provider", CARRIERS)
@pytest.mark.parametrize("way", WAYS)
def test_no_call_reaches_livekit_and_no_agent(provider: str, way: str) -> None:
    stack, reach, text = begun(provider, way)

    stack.up(text)

    assert reach.led_astray == []
    assert [re.sub(r", by .*", "", one) for one in reach.cut] == [NUMBERS[provider][1]]
    assert_two_is_gone(stack, provider, text)


@pytest.mark.parametrize("provider", CARRIERS)
@pytest.mark.parametrize("way", WAYS)
def test_where_the_carrier_does_not_let_go_the_agent_goes_on_answering(provider: str, way: str) -> None:
    stack, reach, text = begun(provider, way)
    for _ in range(2):
        stack.world.sandbox.faults.add(REFUSED[provider])
        with pytest.raises(Failed):
            stack.up(text)
        stack.world.sandbox.faults.clear()
        assert (reach.led_astray, reach.cut) == ([], [])

    stack.up(text)

    assert reach.led_astray == []
    assert_two_is_gone(stack, provider, text)


@pytest.mark.parametrize("provider", CARRIERS)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("write", range(3))
@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
def test_one_that_is_killed_at_a_write_is_finished(provider: str, way: str, write: int, after: bool) -> None:
    stack, reach, text = begun(provider, way)
    with suppress(Killed):
        stack.up(text, handle=AtWrite(write, **{"after" if after else "before": _kill}))
    assert reach.led_astray == []

    stack.up(text)

    assert reach.led_astray == []
    assert_two_is_gone(stack, provider, text)


def _kill(*_: object) -> None:
    raise Killed


@pytest.mark.parametrize("provider", CARRIERS)
@pytest.mark.parametrize("way", WAYS)
def test_a_number_that_was_taken_out_of_the_state_is_answered_on_and_named(provider: str, way: str) -> None:
    """Nothing lets it go any more: it is paid for, and its carrier goes on sending its calls."""
    stack, reach, text = begun(provider, way)
    del stack.engine.state.resources["PhoneNumber", "two"]
    stack.up(text)

    for _ in range(2):
        stack.world.notices.clear()
        assert (stack.up(text), reach.cut, reach.led_astray) == ([], [], [])
        (notice,) = stack.world.notices
        assert notice.startswith(f"{NUMBERS[provider][1]} is owned, ")
        assert notice.endswith("and `adopt: true`.")


@pytest.mark.parametrize("provider", CARRIERS)
def test_a_destroy_of_one_line_takes_its_number_off_when_the_carrier_has_let_go(provider: str) -> None:
    stack, reach, text = begun(provider, "release")

    stack.destroy(target=(("PhoneNumber", "two"),))

    assert reach.led_astray == []
    stack.up(text)
    assert_two_is_gone(stack, provider, text)
