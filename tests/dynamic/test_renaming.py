"""A line keeps what it has under a new name, also where its first purchase failed and it only has a claim."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.faults import Fault
from tests.dynamic.inventories import BOUGHT, SEARCHED, VONAGE, having, inventory
from tests.dynamic.orders import FROM_THE_START
from tests.faults.interruption import AtWrite
from tests.support.model_engine import Failed, Killed
from tests.support.world import Stack, World

BUYING = {"twilio": "IncomingPhoneNumbers", "vonage": "number/buy"}
LINES = {"bought": BOUGHT, "searched": SEARCHED, "vonage": VONAGE}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(params=[False, True], ids=["saved at the end", "saved at each step"])
def stack(world: World, request: pytest.FixtureRequest) -> Stack:
    return Stack(world, checkpoints=request.param)


def unfunded(world: World, line: str, times: int | None = 1) -> None:
    vendor = "vonage" if line == "vonage" else "twilio"
    status = 420 if vendor == "vonage" else 402
    # Vonage's 420 alone would mean that the number is not to be had.
    body = '{"error-code": "420", "error-code-label": "insufficient credit"}' if vendor == "vonage" else None
    path = BUYING[vendor]
    world.sandbox.faults.add(
        Fault(action="status", status=status, body=body, vendor=vendor, method="POST", path=path, times=times)
    )


def fails(stack: Stack, text: str) -> None:
    with pytest.raises(Failed, match=r"Nothing was changed"):
        stack.up(text)


def claims(world: World) -> list[tuple[str, str, list[str]]]:
    """Give id, tag field and numbers of each inbound trunk."""
    return [(one["sip_trunk_id"], one["metadata"], one["numbers"]) for one in world.sandbox.livekit.inbound_trunks()]


def tag(line: str, name: str, numbers: list[str]) -> str:
    """Give what the tag field of a claim says, with what it says of its numbers from the start."""
    notes = [f"#{word}={number}" for word in FROM_THE_START[line] for number in numbers]
    return "".join((f"trunkline:acme/test/{name}", *notes))


def _kill(*_: Any) -> None:
    raise Killed


def called(line: str, former: str) -> str:
    return having(LINES[line], f"renamed_from: {former}")


@pytest.mark.parametrize("line", LINES)
def test_a_rename_says_nothing_of_a_number_that_moves(world: World, stack: Stack, line: str) -> None:
    """The trunk stays and has another tag, so that every call to the number is answered."""
    stack.up(inventory({"before": LINES[line]}))
    world.notices.clear()
    stack.preview(inventory({"after": called(line, "before")}))
    assert [notice for notice in world.notices if "moves" in notice] == []


@pytest.mark.parametrize("line", LINES)
def test_a_line_whose_first_purchase_failed_is_renamed_with_its_claim(world: World, stack: Stack, line: str) -> None:
    unfunded(world, line)
    fails(stack, inventory({"before": LINES[line]}))
    [(trunk, _, numbers)] = claims(world)

    stack.up(inventory({"after": called(line, "before")}))

    assert claims(world) == [(trunk, tag(line, "after", numbers), numbers)]
    assert [charge.number for charge in world.sandbox.ledger.charges()] == numbers
    written = world.writes()
    stack.up(inventory({"after": LINES[line]}))
    assert world.writes() == written


@pytest.mark.parametrize("line", LINES)
def test_it_is_renamed_twice_and_back_again_while_purchases_fail(world: World, stack: Stack, line: str) -> None:
    unfunded(world, line, times=4)
    fails(stack, inventory({"one": LINES[line]}))
    [(trunk, _, numbers)] = claims(world)

    fails(stack, inventory({"two": called(line, "one")}))
    fails(stack, inventory({"three": called(line, "two")}))
    fails(stack, inventory({"one": called(line, "three")}))
    stack.up(inventory({"one": LINES[line]}))

    assert claims(world) == [(trunk, tag(line, "one", numbers), numbers)]
    assert [charge.number for charge in world.sandbox.ledger.charges()] == numbers


@pytest.mark.parametrize("write", range(3))
@pytest.mark.parametrize("line", LINES)
def test_a_renaming_that_was_killed_is_finished_under_the_new_name(
    world: World, stack: Stack, line: str, write: int
) -> None:
    unfunded(world, line)
    fails(stack, inventory({"before": LINES[line]}))
    [(trunk, _, numbers)] = claims(world)
    text = inventory({"after": called(line, "before")})

    with pytest.raises(Killed):
        stack.up(text, handle=AtWrite(write, after=_kill))
    stack.up(text)

    assert claims(world) == [(trunk, tag(line, "after", numbers), numbers)]
    assert [charge.number for charge in world.sandbox.ledger.charges()] == numbers


@pytest.mark.parametrize("line", LINES)
def test_it_is_renamed_and_marked_in_one_edit_and_then_removed(world: World, stack: Stack, line: str) -> None:
    unfunded(world, line)
    fails(stack, inventory({"before": LINES[line]}))

    stack.up(inventory({"after": having(called(line, "before"), "removal: release")}))
    stack.up(inventory({}))
    stack.up(inventory({}))

    assert claims(world) == []
    assert len(world.sandbox.ledger.charges()) == len(world.sandbox.ledger.releases()) == 1
