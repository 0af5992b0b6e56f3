"""Lines whose number LiveKit itself sells, killed at each write: of a purchase, of a removal, of an edit taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.ledger import Charge
from tests.dynamic.test_livekit_numbers import NOTHING, TAG, bought, events, file, rules, written
from tests.faults.interruption import AtWrite
from tests.support.model_engine import Killed
from tests.support.world import Stack, World
from trunkline.model.livekit_numbers import claim_of


def _die(*_: object) -> None:
    raise Killed


SIDES = pytest.mark.parametrize("side", ["before", "after"])
SAVING = pytest.mark.parametrize("checkpoints", [False, True], ids=["no checkpoints", "checkpoints"])


def at(write: int, side: str) -> Callable[..., Any]:
    return AtWrite(write, before=_die) if side == "before" else AtWrite(write, after=_die)


@SAVING
@SIDES
@pytest.mark.parametrize("write", range(3))
def test_a_first_update_that_is_killed_at_any_write_is_healed_and_charges_once(
    write: int, side: str, checkpoints: bool
) -> None:
    stack = Stack(World(), checkpoints=checkpoints)
    with pytest.raises(Killed):
        stack.up(file(), handle=at(write, side))
    stack.up(file())
    stack.up(file())
    assert written(stack, file()) == []
    (charge,) = stack.world.sandbox.ledger.entries
    number = bought(stack)
    assert isinstance(charge, Charge) and charge.number == number["e164_format"]
    assert rules(stack) == [(TAG, [claim_of(number["e164_format"]), number["id"]], ["support"])]


@SIDES
@pytest.mark.parametrize("removal", ["release", "keep"])
@pytest.mark.parametrize("write", range(2))
def test_a_removal_that_is_killed_at_any_write_is_healed_and_leaves_nothing(
    write: int, removal: str, side: str
) -> None:
    stack = Stack(World())
    stack.up(file())
    stack.up(file(removal=removal))
    with pytest.raises(Killed):
        stack.up(NOTHING, handle=at(write, side))
    for _ in range(3):
        stack.up(NOTHING)
    assert (list(stack.ids()), rules(stack)) == (["Fleet fleet"], [])
    assert events(stack) == ["Charge", *(["Release"] if removal == "release" else [])]
    assert [one["name"] for one in stack.world.sandbox.livekit.numbers] == ([] if removal == "release" else [""])


@SIDES
@pytest.mark.parametrize("write", range(3))
def test_an_edit_that_is_reverted_after_a_kill_leaves_no_rule_and_no_number_that_is_not_told(
    write: int, side: str
) -> None:
    stack = Stack(World(), checkpoints=False)
    stack.up(NOTHING)
    with pytest.raises(Killed):
        stack.up(file(), handle=at(write, side))
    for _ in range(3):
        stack.up(NOTHING)
        stack.world.clock.sleep(25 * 3600)
    numbers = list(stack.world.sandbox.livekit.numbers)
    assert len(numbers) == len(events(stack)) <= 1
    if numbers:
        told = [notice for notice in stack.world.notices if numbers[0]["e164_format"] in notice]
        assert told and len(rules(stack)) == 1
    else:
        assert rules(stack) == []


def test_a_name_given_by_hand_before_ours_does_not_keep_a_bought_number_from_its_line() -> None:
    stack = Stack(World())
    with pytest.raises(Killed):
        stack.up(file(), handle=at(1, "after"))
    stack.world.sandbox.livekit.numbers.edit(bought(stack)["e164_format"], name="mine")
    stack.up(file())
    assert (bought(stack)["name"], events(stack), written(stack, file())) == (TAG, ["Charge"], [])
