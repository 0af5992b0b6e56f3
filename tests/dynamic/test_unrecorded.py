"""A state without the Fleet's record: a line that the file has lost by mistake is not cut off in a trunk of several."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.dynamic.test_sharing import NUMBERS, answered, file
from tests.support.model_engine import FLEET, Failed, State
from tests.support.world import Stack, World

PROVIDERS = ("twilio", "vonage", "custom")
LOST = ("state delete of the Fleet", "the Fleet made anew unread", "all lost")
MARK = ", removal: release"


def lose(stack: Stack, how: str) -> dict[str, Any]:
    """Lose the record; give the flags with which nothing else has it."""
    if how == LOST[0]:
        del stack.engine.state.resources[FLEET]
    elif how == LOST[2]:
        stack.engine.state = State()
    return {"replace": (FLEET,), "refresh": False} if how == LOST[1] else {}


@pytest.mark.parametrize("shared", [True, False], ids=["shared", "no longer shared"])
@pytest.mark.parametrize("how", LOST)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_line_that_the_file_lost_is_named_before_the_first_write(provider: str, how: str, shared: bool) -> None:
    world = World()
    stack = Stack(world)
    stack.up(file(provider, 3, shared=True))
    flags, mark, number = lose(stack, how), world.sandbox.journal.mark(), NUMBERS[provider][2]

    with pytest.raises(Failed, match=re.escape(number) + r'.* stands in LiveKit trunk ST_\w+ of trunk "tw"') as failure:
        stack.up(file(provider, 2, shared=shared), **flags)

    assert ('of line "three"' in str(failure.value)) == (how != "all lost")
    assert world.sandbox.journal.writes(mark) == []
    # The way that the refusal names.
    stack.up(file(provider, 3, shared=True))
    stack.up(file(provider, 3, shared=True, more=MARK))
    stack.up(file(provider, 2, shared=True, more=MARK))
    assert answered(world) == {one: ["support-agent"] for one in NUMBERS[provider][:2]}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_one_that_was_marked_by_the_last_outputs_goes(provider: str) -> None:
    world = World()
    stack = Stack(world)
    stack.up(file(provider, 3, shared=True, more=MARK))
    lose(stack, LOST[0])

    stack.up(file(provider, 2, shared=True, more=MARK))

    assert answered(world) == {one: ["support-agent"] for one in NUMBERS[provider][:2]}


@pytest.mark.parametrize("provider", ["twilio", "vonage"])
def test_a_number_that_is_in_no_account_any_more_hinders_nothing(provider: str) -> None:
    world = World()
    stack = Stack(world)
    stack.up(file(provider, 3, shared=True))
    (world.sandbox.twilio if provider == "twilio" else world.sandbox.vonage).release_by_hand(NUMBERS[provider][2])
    stack.engine.state = State()

    stack.up(file(provider, 2, shared=True))

    assert answered(world) == {one: ["support-agent"] for one in NUMBERS[provider][:2]}


@pytest.mark.parametrize("provider", ["twilio", "vonage"])
def test_a_shared_trunk_that_the_file_lost_with_its_lines_is_not_swept_while_they_are_paid_for(provider: str) -> None:
    world = World()
    stack = Stack(world)
    stack.up(file(provider, 2, shared=True))
    stack.engine.state = State()
    empty = "version: 1\nguard: {max_releases: 3}\nagents: {support: {agent_name: support-agent}}\nnumbers: {}\n"

    for _ in range(3):
        stack.up(empty)

    assert answered(world) == {one: ["support-agent"] for one in NUMBERS[provider][:2]}
