"""Stacks that Trunkline 0.1.0 made go through an update of the present one: nothing is written, nothing is to change.

`golden/state_0.1.0.json` is what that version recorded of one file, and what the vendors held then: for a stack whose
fleet names it, and for one that gave its fleet a name of its own.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.model_engine import Recorded, State
from tests.support.world import Stack, World

MADE = json.loads((Path(__file__).parents[1] / "golden/state_0.1.0.json").read_text())


def _as_it_was(name: str) -> Stack:
    """Give the stack with the state that it had, in the world that it had."""
    made = MADE["stacks"][name]
    world = World()
    world.sandbox.restore(made["sandbox"])
    stack = Stack(world, fleet=made["fleet"])
    stack.engine.state = State({_key(each): _recorded(each) for each in made["resources"]}, made["settled"])
    return stack


def _key(each: dict[str, Any]) -> tuple[str, str]:
    return each["kind"], each["name"]


def _recorded(each: dict[str, Any]) -> Recorded:
    return Recorded(each["id"], each["inputs"], each["outputs"], each["protect"])


@pytest.mark.parametrize("name", sorted(MADE["stacks"]))
def test_an_upgrade_writes_nothing_and_has_nothing_to_change(name: str) -> None:
    stack = _as_it_was(name)
    ids = stack.ids()
    steps = [*stack.preview(MADE["inventory"]), *stack.up(MADE["inventory"]), *stack.up(MADE["inventory"])]
    assert (steps, stack.world.writes(), stack.ids()) == ([], [], ids)


@pytest.mark.parametrize("name", sorted(MADE["stacks"]))
def test_a_state_that_is_lost_after_an_upgrade_is_taken_back_without_a_write(name: str) -> None:
    stack = _as_it_was(name)
    ids = stack.ids()
    stack.engine.state = State()
    stack.up(MADE["inventory"])
    assert (stack.world.writes(), stack.ids()) == ([], ids)


@pytest.mark.parametrize("name", sorted(MADE["stacks"]))
def test_an_edit_after_an_upgrade_is_one_write(name: str) -> None:
    stack = _as_it_was(name)
    stack.up(MADE["inventory"].replace("agent: sales, label: Sales", "agent: support, label: Sales"))
    assert stack.world.writes() == ["livekit POST /twirp/livekit.SIP/UpdateSIPDispatchRule"]
