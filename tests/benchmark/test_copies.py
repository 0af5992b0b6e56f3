"""Copies of a line are what the model of the engine would have made."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from bench import calls, copies, fleet
from tests.support.world import Stack, World


def _made(by: Callable[[Stack], object]) -> Stack:
    stack = Stack(World())
    by(stack)
    return stack


@pytest.mark.parametrize("lines", [1, 2, 3, 23])
def test_a_stack_with_copies_is_to_the_last_id_that_of_an_update_of_as_many_lines(lines: int) -> None:
    copied, made = _made(lambda stack: copies.up(stack, lines)), _made(lambda stack: stack.up(fleet.of(lines)))
    assert copied.world.sandbox.snapshot() == made.world.sandbox.snapshot()
    assert copied.engine.state == made.engine.state
    assert copied.preview(fleet.of(lines)) == []


def test_the_account_pays_for_as_many_lines_as_are_counted_and_no_copy_is_made_that_it_does_not_pay_for() -> None:
    stack = _made(lambda stack: copies.up(stack, 12))
    (price,) = {entry.amount for entry in stack.world.sandbox.ledger.charges()}
    assert price * 10_000 <= Decimal(calls.BALANCE)
    with pytest.raises(ValueError, match="does not pay"):
        _made(lambda stack: copies.up(stack, 12, str(price * 11)))
