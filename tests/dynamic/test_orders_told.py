"""What previews and the guard say of a number that may be on order."""

from __future__ import annotations

import pytest

from tests.dynamic.inventories import BOUGHT, HEAD, SEARCHED, VONAGE, inventory
from tests.dynamic.orders import claim, order
from tests.support.model_engine import Failed, State
from tests.support.world import Stack, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(params=[False, True], ids=["saved at the end", "saved at each step"])
def stack(world: World, request: pytest.FixtureRequest) -> Stack:
    return Stack(world, checkpoints=request.param)


def test_every_preview_says_what_may_be_on_order_its_price_and_the_way_out(world: World, stack: Stack) -> None:
    number = order(world, stack, "vonage")
    world.notices.clear()

    stack.preview(inventory({"vonage": VONAGE}))

    assert world.notices == [
        f'{number} of line "vonage" may be on order at vonage, 1.25 EUR a month: it was asked for, and is neither in'
        " the account nor on offer. Nothing else is bought for the line; it is taken as soon as it shows. If vonage"
        f' says that it never came, write `give_up: "{number}"` on the line.'
    ]


def test_it_is_said_since_when_where_livekit_shows_it(world: World, stack: Stack) -> None:
    order(world, stack, "vonage")
    world.sandbox.livekit.edit_trunk(claim(world)["sip_trunk_id"], created_at="2026-11-25T09:30:00Z")
    world.notices.clear()

    stack.preview(inventory({"vonage": VONAGE}))

    assert "may be on order at vonage, since 2026-11-25T09:30:00Z, 1.25 EUR a month: " in world.notices[0]


def test_the_price_is_known_where_the_state_is_lost_too(world: World, stack: Stack) -> None:
    order(world, stack, "bought")
    stack.engine.state = State()

    stack.up(inventory({"bought": BOUGHT}, HEAD.replace("max_purchases: 5", "max_monthly_increase: {USD: 2}")))

    assert stack.engine.state.resources["Fleet", "fleet"].inputs["lines"]["bought"]["monthlyCost"] == {
        "amount": "1.15",
        "currency": "USD",
    }


def test_the_guard_counts_what_may_be_on_order(world: World, stack: Stack) -> None:
    order(world, stack, "bought")

    with pytest.raises(Failed, match=r"2 lines would buy a number in one update, .*: bought, searched"):
        stack.up(
            inventory({"bought": BOUGHT, "searched": SEARCHED}, HEAD.replace("max_purchases: 5", "max_purchases: 1"))
        )
    with pytest.raises(Failed, match=r"the purchases of bought, searched cost 2.30 USD a month"):
        stack.up(
            inventory(
                {"bought": BOUGHT, "searched": SEARCHED},
                HEAD.replace("max_purchases: 5", "max_monthly_increase: {USD: 2}"),
            )
        )
