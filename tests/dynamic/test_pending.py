"""A number that is in the account and not active yet: paid for, told in every preview, and nothing is bought for it."""

from __future__ import annotations

import pytest

from sandbox.twilio.settings import TwilioSettings
from tests.dynamic.inventories import BOUGHT, inventory
from tests.support.model_engine import State
from tests.support.world import Stack, World

FILE = inventory({"bought": BOUGHT})
NUMBER = "+16505551234"


@pytest.fixture
def stack() -> Stack:
    return Stack(World(twilio=TwilioSettings(pending_seconds=100.0, pending_status="pending-address")))


def told(stack: Stack) -> tuple[str, str]:
    """Give the status and what is waited for."""
    outputs = stack.engine.state.resources["PhoneNumber", "bought"].outputs
    return outputs["status"], outputs.get("waitingFor", "")


def test_a_number_that_is_not_active_yet_is_pending_and_fails_nothing(stack: Stack) -> None:
    stack.up(FILE)

    assert told(stack) == ("pending", 'status "pending-address"')
    assert stack.world.notices == [
        f"warning: {NUMBER} of line bought is in the twilio account, but not active yet: it waits for"
        ' status "pending-address". It is paid for.'
    ]
    assert stack.up(FILE) == []


def test_every_preview_says_what_it_waits_for(stack: Stack) -> None:
    stack.up(FILE)
    stack.world.notices.clear()

    stack.preview(FILE)

    assert stack.world.notices == [
        f'{NUMBER} of line "bought" is not active yet: it waits for status "pending-address".'
    ]


def test_once_it_is_active_the_state_says_so_and_nothing_is_written(stack: Stack) -> None:
    stack.up(FILE)
    mark = stack.world.sandbox.journal.mark()
    stack.world.clock.sleep(200.0)
    stack.world.notices.clear()

    assert stack.up(FILE) == []

    assert (told(stack), stack.world.notices) == (("owned", ""), [])
    assert stack.world.sandbox.journal.writes(mark) == []


def test_a_pending_number_is_found_again_where_the_state_is_lost(stack: Stack) -> None:
    stack.up(FILE)
    stack.engine.state = State()

    stack.up(FILE)

    assert told(stack) == ("pending", 'status "pending-address"')
    assert [charge.number for charge in stack.world.sandbox.ledger.charges()] == [NUMBER]


def test_a_pending_number_that_leaves_the_account_has_vanished(stack: Stack) -> None:
    """It was seen: nothing about it is on order."""
    stack.up(FILE)
    stack.world.sandbox.twilio.release_by_hand(NUMBER)

    stack.up(FILE)

    assert told(stack) == ("vanished", "")
