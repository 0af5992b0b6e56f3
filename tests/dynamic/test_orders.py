"""A number that was asked for and is not seen yet: it stays the line's, and no other is bought in its place."""

from __future__ import annotations

import pytest

from sandbox.faults import Fault
from tests.dynamic.inventories import BOUGHT, CUSTOM, VONAGE, having, inventory
from tests.dynamic.orders import (
    ACCOUNT,
    BUYS,
    FROM_THE_START,
    LINES,
    charged,
    claim,
    lags,
    loses_the_reply,
    order,
    said_by,
    status,
    vendor_of,
)
from tests.faults.interruption import AtWrite
from tests.faults.scene import index_of
from tests.support.model_engine import Killed, State
from tests.support.world import Stack, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(params=[False, True], ids=["saved at the end", "saved at each step"])
def stack(world: World, request: pytest.FixtureRequest) -> Stack:
    return Stack(world, checkpoints=request.param)


@pytest.mark.parametrize("line", LINES)
def test_however_long_look_ups_lag_a_line_is_charged_once_and_taken_when_its_number_shows(
    world: World, stack: Stack, line: str
) -> None:
    number, file = order(world, stack, line), inventory({line: LINES[line]})

    for _ in range(3):
        stack.up(file)
        assert (charged(world), status(stack, line)) == ([number], "ordered")

    world.clock.sleep(2000.0)
    stack.up(file)
    assert (charged(world), status(stack, line)) == ([number], "owned")
    assert claim(world)["metadata"] == said_by(world, line)
    world.clock.sleep(2000.0)
    assert stack.up(file) == []


@pytest.mark.parametrize("line", LINES)
def test_an_order_is_known_by_its_claim_alone_where_the_state_is_lost(world: World, stack: Stack, line: str) -> None:
    number = order(world, stack, line)
    stack.engine.state = State()

    stack.up(inventory({line: LINES[line]}))

    assert (charged(world), status(stack, line)) == ([number], "ordered")


@pytest.mark.parametrize("line", LINES)
def test_an_order_is_known_by_the_state_where_somebody_deletes_its_claim(world: World, stack: Stack, line: str) -> None:
    number = order(world, stack, line)
    for trunk in (*world.sandbox.livekit.inbound_trunks(), *world.sandbox.livekit.outbound_trunks()):
        world.sandbox.livekit.delete(trunk["sip_trunk_id"])

    stack.up(inventory({line: LINES[line]}))

    assert (charged(world), status(stack, line), claim(world)["numbers"]) == ([number], "ordered", [number])


@pytest.mark.parametrize("line", LINES)
def test_a_purchase_whose_run_was_killed_is_not_replaced_while_look_ups_lag(
    world: World, stack: Stack, line: str
) -> None:
    file = inventory({line: LINES[line]})
    lags(world, line)

    def die() -> None:
        raise Killed

    with pytest.raises(Killed):
        stack.up(file, handle=AtWrite(index_of(file, BUYS[vendor_of(line)]), after=die))
    for _ in range(3):
        stack.up(file)

    assert len(charged(world)) == 1
    assert status(stack, line) == "ordered"


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("line", ["searched", "vonage"])
def test_a_claim_that_a_killed_runs_request_makes_late_costs_a_lost_state_nothing(line: str, seed: int) -> None:
    """Its line has another number by now. Of two claims that one is taken which holds it, whatever their ids are."""
    world = World(seed)
    stack, file = Stack(world), inventory({line: LINES[line]})
    stack.up(file)
    ids, number, mark = stack.ids(), charged(world), world.sandbox.journal.mark()
    late = {"searched": "+16505550999", "vonage": "+447400999999"}[line]
    world.sandbox.livekit.add_inbound_trunk(
        name=line, numbers=[late], metadata=f"trunkline:acme/test/{line}#{FROM_THE_START[line][0]}={late}"
    )
    stack.engine.state = State()

    stack.up(file)
    written = [each for each in world.sandbox.journal.writes(mark) if each.vendor == "livekit"]
    assert (stack.ids(), written) == (ids, [])

    stack.up(file)
    assert (claim(world)["sip_trunk_id"], claim(world)["numbers"]) == (ids[f"InboundTrunk {line}"], number)
    assert (charged(world), stack.up(file)) == (number, [])


def test_what_is_on_order_does_not_stop_other_lines(world: World, stack: Stack) -> None:
    order(world, stack, "vonage")

    stack.up(inventory({"custom": CUSTOM, "vonage": VONAGE}))

    assert ("DispatchRule", "custom") in stack.engine.state.resources
    assert stack.up(inventory({"custom": CUSTOM, "vonage": VONAGE})) == []


def test_routing_that_does_not_find_the_new_number_yet_leaves_it_on_order(world: World, stack: Stack) -> None:
    """The purchase is read back; the look-up before the routing shows the past again."""
    file = inventory({"vonage": VONAGE})
    first = index_of_read_back(file)
    lag = Fault("stale", vendor="vonage", method="GET", path=ACCOUNT["vonage"], lag_seconds=60, skip=first, times=None)
    world.sandbox.faults.add(lag)

    stack.up(file)
    assert (len(charged(world)), status(stack, "vonage")) == (1, "ordered")
    world.clock.sleep(100.0)
    stack.up(file)
    assert (len(charged(world)), status(stack, "vonage")) == (1, "owned")
    world.clock.sleep(100.0)
    assert stack.up(file) == []


def index_of_read_back(file: str) -> int:
    """Give how many look-ups of the account a first `up` makes until the purchase was read back."""
    world = World()
    Stack(world).up(file)
    asked = [entry for entry in world.sandbox.journal if entry.vendor == "vonage" and entry.path in ACCOUNT["vonage"]]
    bought = next(entry.index for entry in world.sandbox.journal if entry.path == BUYS["vonage"])
    return len([entry for entry in asked if entry.index < bought]) + 1


def test_a_vanished_number_that_is_bought_again_may_be_on_order_too(world: World, stack: Stack) -> None:
    file = inventory({"bought": BOUGHT})
    stack.up(file)
    world.sandbox.twilio.release_by_hand("+16505551234")
    world.sandbox.twilio.unsell("+16505551234")
    again = inventory({"bought": having(BOUGHT, "repurchase: true")})
    world.clock.sleep(100.0)
    lags(world, "bought", seconds=50.0)
    loses_the_reply(world, "bought")

    stack.up(again)
    assert status(stack, "bought") == "ordered"
    stack.up(again)
    assert status(stack, "bought") == "ordered"
    world.clock.sleep(100.0)
    stack.up(again)

    assert status(stack, "bought") == "owned"
    assert charged(world) == ["+16505551234", "+16505551234"]
    assert stack.up(again) == []


@pytest.mark.parametrize("line", LINES)
def test_what_may_be_on_order_is_not_asked_for_again(world: World, stack: Stack, line: str) -> None:
    order(world, stack, line)
    stack.engine.state = State()
    mark = world.sandbox.journal.mark()

    stack.up(inventory({line: LINES[line]}))

    buys = [entry for entry in world.sandbox.journal.writes(mark) if entry.path.endswith(BUYS[vendor_of(line)])]
    assert buys == []


@pytest.mark.parametrize("line", LINES)
def test_a_purchase_that_only_its_answer_shows_is_on_order_and_never_vanishes(
    world: World, stack: Stack, line: str
) -> None:
    vendor = vendor_of(line)
    world.sandbox.faults.add(Fault("late_order", vendor=vendor, method="POST", path=BUYS[vendor], lag_seconds=1000.0))
    file = inventory({line: LINES[line]})

    for _ in range(3):
        stack.up(file)
        assert status(stack, line) == "ordered"
    world.clock.sleep(2000.0)
    stack.up(file)

    assert (status(stack, line), len(charged(world))) == ("owned", 1)
    assert stack.up(file) == []
