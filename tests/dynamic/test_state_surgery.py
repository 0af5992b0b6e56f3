"""Entries that were taken out of the state, or exchanged in it: what they stood for is named, or found again."""

from __future__ import annotations

import re

import pytest

from tests.dynamic.fleets import file, two
from tests.dynamic.inventories import BOUGHT, VONAGE, having, inventory
from tests.support.model_engine import Failed
from tests.support.world import Stack, World

NUMBER = "+16505551234"


@pytest.mark.parametrize("removal", ["release", "keep"])
def test_a_number_that_was_taken_out_of_the_state_before_its_line_left_is_named_from_then_on(removal: str) -> None:
    """At Vonage it carries no tag, and what claimed it goes with its line."""
    world = World()
    stack = Stack(world)
    stack.up(inventory({"vonage": having(VONAGE, f"removal: {removal}")}))
    (number,) = world.sandbox.vonage.numbers()
    del stack.engine.state.resources["PhoneNumber", "vonage"]
    stack.up(inventory({}))

    for _ in range(2):
        world.notices.clear()
        assert stack.up(inventory({})) == []
        assert world.notices == [
            f'{number} is owned, 1.25 EUR a month, for line "vonage", of which nothing else is there any more, nor does'
            f' the state have it. Release it at the carrier, or take it by a line with `phone_number: "{number}"` and'
            " `adopt: true`."
        ]
    taken = inventory({"other": f'{{provider: vonage, phone_number: "{number}", agent: support, adopt: true}}'})
    stack.up(taken)
    world.notices.clear()
    assert (stack.up(taken), world.notices) == ([], [])


def test_a_number_that_moved_to_another_stack_before_the_first_one_looked_is_not_said_to_be_the_first_one_s() -> None:
    world = World()
    a, b = two(world)
    number = str(world.sandbox.vonage.add_number("+447400551234")["msisdn"])
    line = f'{{provider: vonage, country: GB, phone_number: "+{number}", agent: support, adopt: true}}'
    a.up(file(far=f"a: {line}"))
    a.up(file(far=f"a: {having(line, 'removal: keep')}"))
    moved = file(far=f"b: {line}")
    a.up(moved)
    b.up(moved)
    world.notices.clear()

    assert (a.up(moved), world.notices) == ([], [])


@pytest.mark.parametrize("kind", ["InboundTrunk", "OutboundTrunk", "DispatchRule", "PhoneNumber"])
def test_entries_of_two_lines_that_were_exchanged_in_the_state_are_taken_out_and_found_again(kind: str) -> None:
    world = World()
    stack = Stack(world)
    text = inventory({"a": BOUGHT, "b": BOUGHT.replace(NUMBER, "+16505551236")})
    stack.up(text)
    ids, resources, mark = stack.ids(), stack.engine.state.resources, world.sandbox.journal.mark()
    resources[kind, "a"], resources[kind, "b"] = resources[kind, "b"], resources[kind, "a"]

    with pytest.raises(Failed, match=re.escape("take this entry out (`pulumi state delete`; the ")):
        stack.up(text)

    for name in ("a", "b"):
        del stack.engine.state.resources[kind, name]
    stack.up(text)
    assert (world.sandbox.journal.writes(mark), stack.ids(), stack.up(text)) == ([], ids, [])
