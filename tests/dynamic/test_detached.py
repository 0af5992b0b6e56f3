"""Lines marked `removal: keep` that `pulumi destroy` has let go while the file still has them."""

from __future__ import annotations

import re

import pytest

from tests.dynamic.fleets import refusals
from tests.dynamic.inventories import ALL, having, inventory
from tests.engine.reach import answered
from tests.support.world import Stack, World

TAKE = "Set `adopt: true`"
NUMBERS = {"searched": "+16508272128", "vonage": "+447400551233"}


def detached(name: str) -> Stack:
    """Give a stack of which one line was marked, and let go by `destroy`."""
    stack = Stack(World())
    stack.up(inventory(ALL))
    stack.up(inventory({**ALL, name: having(ALL[name], "removal: keep")}))
    stack.destroy(target=tuple(key for key in stack.engine.state.resources if key[1] == name))
    return stack


@pytest.mark.parametrize("name", ALL)
def test_a_line_that_destroy_detached_is_refused_before_the_first_write_and_adopted_when_told(name: str) -> None:
    stack = detached(name)
    charges, number = stack.world.sandbox.ledger.charges(), NUMBERS.get(name)
    advice = f'Write `phone_number: "{number}"` in place of `search`, and `adopt: true`' if number else TAKE

    for line in (having(ALL[name], "removal: keep"), ALL[name]):
        reasons = refusals(stack, inventory({**ALL, name: line}))
        assert (len(reasons), advice in reasons[0], f'line "{name}"' in reasons[0]) == (1, True, True)

    exact = re.sub("search: {.*?}", f'phone_number: "{number}"', ALL[name])
    for line in (having(exact, "removal: keep, adopt: true"), having(exact, "adopt: true")):
        text = inventory({**ALL, name: line})
        stack.up(text)
        assert stack.up(text) == []
    assert (len(answered(stack.world.sandbox)), stack.world.sandbox.ledger.charges()) == (4, charges)
    assert stack.world.sandbox.ledger.releases() == []


@pytest.mark.parametrize("name", ALL)
def test_one_whose_line_is_taken_out_then_stays_as_it_is(name: str) -> None:
    stack = detached(name)
    rest = inventory({other: line for other, line in ALL.items() if other != name})
    mark = stack.world.sandbox.journal.mark()

    stack.up(rest)

    assert (stack.up(rest), stack.world.sandbox.journal.writes(mark)) == ([], [])


@pytest.mark.parametrize("name", ("bought", "vonage"))
def test_a_marked_line_whose_livekit_trunk_somebody_deleted_has_it_made_again(name: str) -> None:
    stack = Stack(World())
    text = inventory({**ALL, name: having(ALL[name], "removal: keep")})
    stack.up(text)
    stack.up(text)
    for kind in ("DispatchRule", "InboundTrunk", "OutboundTrunk"):
        stack.world.process().adapter(kind).delete(stack.ids()[f"{kind} {name}"])

    stack.up(text)

    assert (stack.up(text), len(answered(stack.world.sandbox))) == ([], 4)
