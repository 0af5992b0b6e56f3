"""A carrier that nothing uses stops nothing; one that something uses stops the update with one error."""

from __future__ import annotations

import pytest

from sandbox.faults import Fault
from tests.dynamic.inventories import ALL, BOUGHT, CUSTOM, HEAD, VONAGE, having, inventory
from tests.support.model_engine import Failed
from tests.support.world import Stack, World

TROUBLE = {"an outage": 503, "wrong credentials": 401}
NO_TRUNK = HEAD[: HEAD.index("  twilio-us:")]
UNUSED = {"twilio": {"custom": CUSTOM}, "vonage": {"bought": BOUGHT}}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def stack(world: World) -> Stack:
    return Stack(world)


def down(world: World, vendor: str, status: int) -> None:
    world.sandbox.faults.add(Fault(action="status", status=status, vendor=vendor, times=None))


def head_of(vendor: str) -> str:
    return NO_TRUNK if vendor == "twilio" else HEAD


@pytest.mark.parametrize("status", TROUBLE.values(), ids=TROUBLE)
@pytest.mark.parametrize("vendor", UNUSED)
def test_a_carrier_that_nothing_uses_gives_one_notice_and_the_update_goes_on(
    world: World, stack: Stack, vendor: str, status: int
) -> None:
    down(world, vendor, status)
    text = inventory(UNUSED[vendor], head_of(vendor))

    stack.up(text)

    assert [notice[: notice.index(";")] for notice in world.notices] == [
        f"{vendor} did not say what it holds, so leftovers there were not looked for"
    ]
    assert stack.up(text) == []


@pytest.mark.parametrize("status", TROUBLE.values(), ids=TROUBLE)
def test_an_edit_at_livekit_goes_through_while_an_unused_carrier_is_down(
    world: World, stack: Stack, status: int
) -> None:
    stack.up(inventory({"custom": CUSTOM}, NO_TRUNK))
    down(world, "twilio", status)

    stack.up(inventory({"custom": having(CUSTOM, "krisp_enabled: true")}, NO_TRUNK))

    (trunk,) = world.sandbox.livekit.inbound_trunks()
    assert trunk["krisp_enabled"] is True


@pytest.mark.parametrize("status", TROUBLE.values(), ids=TROUBLE)
@pytest.mark.parametrize("recorded", [True, False])
def test_a_carrier_of_a_line_stops_the_update_with_one_error(
    world: World, stack: Stack, recorded: bool, status: int
) -> None:
    lines = {"custom": CUSTOM, "vonage": VONAGE}
    if recorded:
        stack.up(inventory(lines))
    down(world, "vonage", status)
    mark = world.sandbox.journal.mark()

    with pytest.raises(Failed) as failure:
        stack.up(inventory(lines))

    assert len(failure.value.messages) == 1
    assert failure.value.messages[0].startswith("vonage: GET ")
    assert world.sandbox.journal.writes(mark) == []


def test_a_carrier_of_which_only_the_state_has_a_line_is_needed(world: World, stack: Stack) -> None:
    stack.up(inventory({"custom": CUSTOM, "vonage": having(VONAGE, "removal: release")}))
    down(world, "vonage", 503)

    with pytest.raises(Failed):
        stack.up(inventory({"custom": CUSTOM}))


def test_a_carrier_of_a_trunk_without_lines_is_needed(world: World, stack: Stack) -> None:
    down(world, "twilio", 503)
    mark = world.sandbox.journal.mark()

    with pytest.raises(Failed) as failure:
        stack.up(inventory({"custom": CUSTOM}))

    assert len(failure.value.messages) == 1
    assert world.sandbox.journal.writes(mark) == []


def test_what_is_left_at_a_carrier_is_swept_when_it_answers_again(world: World, stack: Stack) -> None:
    Stack(world).up(inventory(ALL))  # a state that was lost
    gone = world.sandbox.twilio.numbers()
    for number in gone:
        world.sandbox.twilio.release_by_hand(number)
    down(world, "twilio", 503)
    file = inventory({"custom": CUSTOM, "vonage": VONAGE}, NO_TRUNK)
    stack.up(file)
    world.sandbox.faults.clear()

    stack.up(file)
    stack.up(file)

    twilio = world.process().vendors.adapters
    assert (twilio["SipTrunk"].list(), twilio["CredentialList"].list()) == ((), ())
