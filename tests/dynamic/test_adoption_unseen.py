"""An adoption whose answer was lost, taken back while the carrier's account shows the number no more."""

from __future__ import annotations

import pytest

from providers.dynamic.leftovers import PATIENCE
from sandbox import Fault
from tests.dynamic.approval import applied, saved
from tests.dynamic.inventories import BOUGHT, having, inventory
from tests.support.model_engine import Failed
from tests.support.world import Stack, World

NUMBER = "+16505551234"
ADOPTED = having(BOUGHT, "adopt: true")
NOTHING = inventory({})


@pytest.fixture
def stack() -> Stack:
    """One whose adoption was carried out, and nobody saw it; no answer shows the number since."""
    stack = Stack(World())
    sandbox = stack.world.sandbox
    sandbox.twilio.add_number(NUMBER, friendly_name="Front desk")
    sandbox.faults.add(Fault("drop", vendor="twilio", method="POST", path="/IncomingPhoneNumbers/PN", when="after"))
    with pytest.raises(Failed, match="Whether the vendor carried it out is not known"):
        stack.up(inventory({"bought": ADOPTED}))
    return stack


def hide(stack: Stack) -> None:
    """Let the account's answers show the time before it had the number."""
    path = "IncomingPhoneNumbers.json"
    stack.world.sandbox.faults.add(
        Fault("stale", vendor="twilio", method="GET", path=path, lag_seconds=1e6, times=None)
    )


def answered(stack: Stack) -> bool:
    """Whether the number goes to LiveKit, and a rule there has the trunk in which it stands."""
    livekit = stack.world.sandbox.livekit
    (trunk,) = [one["sip_trunk_id"] for one in livekit.inbound_trunks() if NUMBER in one["numbers"]]
    return any(trunk in rule["trunk_ids"] for rule in livekit.dispatch_rules())


def test_a_line_that_adopts_does_not_go_unmarked_where_its_number_is_not_shown(stack: Stack) -> None:
    hide(stack)

    told = stack.refused(NOTHING)

    assert f'line "bought" ({NUMBER}, 1.15 USD a month) is no longer in numbers.yaml, but was never marked' in told
    assert answered(stack)


@pytest.mark.parametrize("removal", ["release", "keep"])
def test_nor_does_one_that_is_marked_before_an_update_that_had_it_ends_well(removal: str) -> None:
    world = World()
    stack = Stack(world)
    world.sandbox.twilio.add_number(NUMBER, friendly_name="Front desk")
    world.sandbox.faults.add(
        Fault("drop", vendor="twilio", method="POST", path="/IncomingPhoneNumbers/PN", when="after")
    )
    marked = inventory({"bought": having(ADOPTED, f"removal: {removal}")})
    with pytest.raises(Failed):
        stack.up(marked)
    hide(stack)

    told = stack.refused(NOTHING)

    assert "no update that had the line has ended well yet. Put the line back as it was" in told
    assert answered(stack)
    world.sandbox.faults.clear()
    stack.up(marked)
    stack.up(NOTHING)
    record = world.sandbox.twilio.number(NUMBER)
    assert record is None if removal == "release" else record is not None and record["trunk_sid"] is None


def test_where_the_number_has_left_the_account_the_mark_is_the_way_out(stack: Stack) -> None:
    world = stack.world
    twilio = world.sandbox.twilio
    with twilio.store.transaction():
        twilio.release(twilio.owned_number(NUMBER))
    stack.refused(NOTHING)

    stack.up(inventory({"bought": having(ADOPTED, "removal: keep")}))
    stack.refused(NOTHING)
    world.clock.sleep(PATIENCE)
    stack.up(NOTHING)

    assert world.sandbox.livekit.dispatch_rules() == ()


@pytest.mark.parametrize("removal", ["release", "keep"])
def test_a_mark_that_is_applied_while_nothing_shows_the_number_lets_it_go_only_when_it_shows(
    stack: Stack, removal: str
) -> None:
    """Put back marked, applied and removed, all before the account shows what the lost update wrote."""
    hide(stack)
    stack.refused(NOTHING)
    marked = inventory({"bought": having(ADOPTED, f"removal: {removal}")})
    stack.up(marked)

    told = stack.refused(NOTHING)

    assert told.endswith(
        f'line "bought" ({NUMBER}, 1.15 USD a month) is no longer in numbers.yaml. The twilio account had its number'
        " when an update began to adopt it, and does not show it since 2027-01-15 08:00 UTC. If its answers lag, the"
        " number's calls would go to LiveKit, where nobody answers them, so nothing was changed. Put the line back as"
        " it was, run `pulumi up` once the account shows the number, then remove it; or remove it after 2027-01-16"
        " 08:00 UTC: the number counts as gone then"
    )
    assert answered(stack)
    stack.up(marked)
    stack.world.sandbox.faults.clear()
    stack.up(NOTHING)
    record = stack.world.sandbox.twilio.number(NUMBER)
    assert record is None if removal == "release" else record is not None and record["trunk_sid"] is None
    assert stack.world.sandbox.livekit.dispatch_rules() == ()


def test_a_plan_that_was_saved_while_it_was_not_shown_is_applied_later(stack: Stack) -> None:
    """Since when it is not shown, each preview counts anew until an update records it."""
    hide(stack)
    marked = inventory({"bought": having(ADOPTED, "removal: keep")})
    plan = saved(stack, marked)
    stack.world.clock.sleep(60)

    applied(stack, marked, plan)

    assert "is no longer in numbers.yaml" in stack.refused(NOTHING)
