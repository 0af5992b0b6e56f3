"""An order whose line has left the file: its tag tells whose it is, or else its claim, which stays for a day."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.faults import Fault
from tests.dynamic.inventories import BOUGHT, CUSTOM, VONAGE, having, inventory
from tests.dynamic.orders import ACCOUNT, BUYS, charged
from tests.faults.holdings import tagged
from tests.support.model_engine import Killed
from tests.support.world import Stack, World

MARKED = inventory({"custom": CUSTOM, "vonage": having(VONAGE, "removal: release")})
FILE, WITHOUT = inventory({"custom": CUSTOM, "vonage": VONAGE}), inventory({"custom": CUSTOM})
DAY = 24 * 3600.0


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def stack(world: World) -> Stack:
    made = Stack(world)
    made.up(WITHOUT)
    return made


def killed(stack: Stack, *, bought: bool) -> None:
    """Kill a run at its purchase, before or after that is carried out."""

    def dying(sandbox: Any, request: Any) -> Any:
        if request.path != BUYS["vonage"]:
            return sandbox.handle(request)
        if bought:
            sandbox.handle(request)
        raise Killed

    with pytest.raises(Killed):
        stack.up(FILE, handle=dying)


def lags(world: World) -> None:
    lag = Fault("stale", vendor="vonage", method="GET", path=ACCOUNT["vonage"], lag_seconds=5000.0, times=None)
    world.sandbox.faults.add(lag)


def there(world: World) -> dict[tuple[str, str], str]:
    """What is tagged for the line."""
    return {place: owner for place, owner in tagged(world.sandbox, "trunkline:acme/test/").items() if owner == "vonage"}


def told(stack: Stack, text: str) -> list[str]:
    stack.world.notices.clear()
    stack.preview(text)
    return list(stack.world.notices)


def test_a_purchase_of_a_killed_run_is_named_whenever_it_shows_and_keeps_its_trunk_and_rule(
    world: World, stack: Stack
) -> None:
    lags(world)
    killed(stack, bought=True)
    before, (number,) = there(world), charged(world)

    for _ in range(4):
        stack.up(WITHOUT)
        (waiting,) = told(stack, WITHOUT)
        assert waiting.startswith(f'{number} may be on order for line "vonage", which numbers.yaml no longer has.')
    world.sandbox.faults.clear()
    stack.up(WITHOUT)

    assert there(world) == before
    assert told(stack, WITHOUT) == [
        f'{number} is owned, 1.25 EUR a month, for line "vonage", which numbers.yaml no longer has. Put the line back,'
        " or put it back with `removal: release`, apply, and remove it."
    ]
    # The way out.
    stack.up(MARKED)
    stack.up(WITHOUT)
    assert (there(world), len(world.sandbox.ledger.releases())) == ({}, 1)


def test_what_a_purchase_that_was_never_sent_has_left_goes_after_a_day(world: World, stack: Stack) -> None:
    killed(stack, bought=False)
    before = there(world)

    for _ in range(3):
        stack.up(WITHOUT)
    assert there(world) == before
    assert stack.up(WITHOUT) == []
    world.clock.sleep(DAY)
    stack.up(WITHOUT)

    assert there(world) == {}
    assert stack.up(WITHOUT) == []


def test_an_order_that_cannot_be_given_back_yet_is_named_when_it_comes(world: World, stack: Stack) -> None:
    late = Fault("late_order", vendor="vonage", method="POST", path=BUYS["vonage"], lag_seconds=500.0)
    world.sandbox.faults.add(late)
    stack.up(MARKED)
    (number,) = charged(world)
    for _ in range(3):
        stack.up(WITHOUT)
    world.clock.sleep(1000.0)

    assert told(stack, WITHOUT) == [
        f'{number} is owned, 1.25 EUR a month, for line "vonage", which numbers.yaml no longer has. Put the line back,'
        " or put it back with `removal: release`, apply, and remove it."
    ]


@pytest.mark.parametrize("checkpoints", [False, True], ids=["saved at the end", "saved at each step"])
def test_a_purchase_that_twilio_carries_out_when_its_line_and_claim_are_gone_is_named_and_found_by_its_tag(
    world: World, checkpoints: bool
) -> None:
    stack, sent = Stack(world, checkpoints=checkpoints), []
    file = inventory({"custom": CUSTOM, "bought": BOUGHT})
    stack.up(WITHOUT)

    def dying(sandbox: Any, request: Any) -> Any:
        if request.method != "POST" or not request.path.endswith(BUYS["twilio"]):
            return sandbox.handle(request)
        sent.append(request)
        raise Killed

    with pytest.raises(Killed):
        stack.up(file, handle=dying)
    for _ in range(2):
        stack.up(WITHOUT)
    assert tagged(world.sandbox, "trunkline:acme/test/bought") == {}
    world.sandbox.handle(sent[0])

    assert told(stack, WITHOUT) == [
        '+16505551234 is owned, 1.15 USD a month, for line "bought", which numbers.yaml no longer has. Put the line'
        " back, or put it back with `removal: release`, apply, and remove it."
    ]
    # The way out.
    stack.up(file)
    assert (charged(world), told(stack, file)) == (["+16505551234"], [])
