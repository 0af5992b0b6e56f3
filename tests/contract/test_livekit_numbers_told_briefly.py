"""LiveKit's answers to writes about its own numbers where they are as brief as its page shows them."""

from __future__ import annotations

import pytest

from sandbox.faults import Fault
from tests.contract.test_livekit_numbers import NUMBER, TAG, World


@pytest.fixture
def world() -> World:
    return World()


def test_an_answer_to_a_write_may_tell_of_id_number_and_status_alone(world: World) -> None:
    """As the vendor's page of 2026-08-24 shows them: the rest is read of the number itself."""
    world.sandbox.livekit.numbers.answer_tersely()
    bought = world.carrier.buy(NUMBER, world.desired)
    routed = world.carrier.route(bought, world.desired)
    assert (bought.country, bought.type, bought.props) == ("US", "local", {"tag": "", "dispatchRuleId": world.rule})
    assert (routed.props, routed.id) == ({"tag": TAG, "dispatchRuleId": world.rule}, bought.id)
    assert [rpc for rpc, _ in world.sent()] == [
        "PurchasePhoneNumber",
        "GetPhoneNumber",
        "UpdatePhoneNumber",
        "GetPhoneNumber",
    ]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("late_order", path="PurchasePhoneNumber", lag_seconds=3600),
        Fault("status", path="GetPhoneNumber", times=None),
    ],
    ids=["not listed yet", "out of reach"],
)
def test_a_purchase_that_was_answered_so_is_one_though_the_number_cannot_be_read(world: World, fault: Fault) -> None:
    world.sandbox.livekit.numbers.answer_tersely()
    world.sandbox.faults.add(fault)
    bought = world.carrier.buy(NUMBER, world.desired)
    assert (bought.number, bought.country, bought.props) == (NUMBER, "US", {"tag": "", "dispatchRuleId": world.rule})
