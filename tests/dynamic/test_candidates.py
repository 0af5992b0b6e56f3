"""What a preview says of a number that a search would find: nobody promises the one that a sample showed."""

from __future__ import annotations

import pytest

from tests.dynamic.inventories import BOUGHT, SEARCHED, VONAGE, inventory
from tests.support.world import Stack, World


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


def shown(stack: Stack, line: str) -> str:
    """Give the number that the last run chose."""
    return str(stack.engine.state.resources["Fleet", "fleet"].inputs["lines"][line]["phoneNumber"])


def test_a_candidate_of_a_sample_is_said_to_be_one_of_many_and_how_to_fix_it(stack: Stack) -> None:
    file = inventory({"bought": BOUGHT, "searched": SEARCHED, "vonage": VONAGE})

    stack.preview(file)

    (notice,) = stack.world.notices
    number = notice.split("`")[1].split('"')[1]
    assert notice == (
        f'line "searched" buys a number like {number}: twilio answers every search with another sample of what it'
        f' offers. To buy this very one, write `phone_number: "{number}"` in place of its `search`.'
    )

    stack.up(
        inventory(
            {
                "searched": SEARCHED.replace(
                    "search: {country: US, area_code: 650, type: local}", f'phone_number: "{number}"'
                )
            }
        )
    )
    assert [charge.number for charge in stack.world.sandbox.ledger.charges()] == [number]


def test_what_is_claimed_is_no_candidate_any_more(stack: Stack) -> None:
    file = inventory({"searched": SEARCHED})
    stack.up(file)
    stack.world.notices.clear()

    assert stack.preview(file) == []

    assert stack.world.notices == []
    assert [charge.number for charge in stack.world.sandbox.ledger.charges()] == [shown(stack, "searched")]


def test_two_lines_with_one_wish_never_take_one_number(stack: Stack) -> None:
    stack.up(inventory({"one": SEARCHED, "two": SEARCHED}))

    assert len({charge.number for charge in stack.world.sandbox.ledger.charges()}) == 2
