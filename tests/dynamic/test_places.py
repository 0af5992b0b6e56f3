"""A refusal begins with the place of what it is about: the line, the guard's key, or where the lines begin."""

from __future__ import annotations

import pytest

from tests.dynamic.inventories import BOUGHT, CUSTOM, HEAD, SEARCHED, having, inventory
from tests.support.model_engine import Failed
from tests.support.world import Stack, World

FIRST, SECOND = HEAD.count("\n") + 2, HEAD.count("\n") + 3


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


def refusals(stack: Stack, text: str) -> list[str]:
    with pytest.raises(Failed) as failure:
        stack.up(text)
    return failure.value.messages


def heads(reasons: list[str]) -> list[str]:
    """Give what stands before the fact: place and line."""
    return [reason[: reason.index('"', reason.index('"') + 1) + 1] for reason in reasons]


def test_a_line_that_cannot_have_its_number_is_named_with_its_place(stack: Stack) -> None:
    reasons = refusals(
        stack,
        inventory({"a": BOUGHT, "b": having(CUSTOM.replace("custom,", "twilio,"), "adopt: true")}).replace(
            "trunk: uk-office", "trunk: twilio-us"
        ),
    )

    assert heads(reasons) == [f'numbers.yaml:{SECOND}: line "b"']


def test_a_line_that_changes_is_named_with_its_place(stack: Stack) -> None:
    stack.up(inventory({"bought": BOUGHT}))

    assert heads(refusals(stack, inventory({"bought": BOUGHT.replace("51234", "51235")}))) == [
        f'numbers.yaml:{FIRST}: line "bought"'
    ]


def test_a_renamed_line_that_changes_is_named_as_the_file_has_it(stack: Stack) -> None:
    stack.up(inventory({"bought": BOUGHT}))
    renamed = having(BOUGHT.replace("51234", "51235"), "renamed_from: bought")

    assert heads(refusals(stack, inventory({"other": renamed}))) == [f'numbers.yaml:{FIRST}: line "other"']


def test_a_line_whose_number_another_one_holds_is_named_with_its_place(stack: Stack) -> None:
    stack.up(inventory({"custom": CUSTOM}))

    reasons = refusals(stack, inventory({"custom": CUSTOM.replace("234567", "234568"), "other": CUSTOM}))

    assert heads(reasons) == [f'numbers.yaml:{FIRST}: line "custom"', f'numbers.yaml:{SECOND}: line "other"']
    assert reasons[1].startswith(f'numbers.yaml:{SECOND}: line "other": +442071234567 is held by line "custom". ')


def test_a_foreign_trunk_that_has_the_number_is_told_with_the_lines_place(stack: Stack) -> None:
    stack.world.sandbox.livekit.add_inbound_trunk(name="By hand", numbers=["+442071234567"])

    assert heads(refusals(stack, inventory({"custom": CUSTOM}))) == [f'numbers.yaml:{FIRST}: line "custom"']


def test_one_line_over_the_guards_limit_of_money_is_named_and_several_have_the_guards_place(stack: Stack) -> None:
    head = HEAD.replace("max_purchases: 5", "max_monthly_increase: {USD: 1}")

    one = refusals(stack, inventory({"bought": BOUGHT}, head))
    two = refusals(stack, inventory({"bought": BOUGHT, "searched": SEARCHED}, head))

    assert one == [
        f'numbers.yaml:{FIRST}: line "bought": the purchases of bought cost 1.15 USD a month, the guard allows 1 USD.'
        " Raise guard.max_monthly_increase.USD in numbers.yaml"
    ]
    assert two == [
        "numbers.yaml:2: the purchases of bought, searched cost 2.30 USD a month, the guard allows 1 USD."
        " Raise guard.max_monthly_increase.USD in numbers.yaml"
    ]


def test_a_limit_that_the_file_does_not_write_has_the_file_for_its_place(stack: Stack) -> None:
    lines = {f"line-{each}": BOUGHT.replace("51234", f"512{each}") for each in range(40, 51)}

    (reason,) = refusals(stack, inventory(lines, HEAD.replace("guard: {max_purchases: 5, max_releases: 2}\n", "")))

    assert reason.startswith("numbers.yaml: 11 lines would buy a number in one update, guard.max_purchases allows 10: ")


def test_a_line_that_is_gone_from_the_file_has_the_place_of_the_lines(stack: Stack) -> None:
    stack.up(inventory({"bought": BOUGHT}))

    assert heads(refusals(stack, inventory({}))) == [f'numbers.yaml:{FIRST - 1}: line "bought"']
