"""A line that searches for its number comes to another stack: it has one number, whatever its operator forgets."""

from __future__ import annotations

import pytest

from tests.dynamic.fleets import FAR, FLEETS, NEAR, ONE, STAYS, file, moving, refusals, two, writes_of
from tests.dynamic.inventories import having
from tests.support.world import Stack, World

SEARCHES = pytest.mark.parametrize("line", [NEAR, FAR], ids=["twilio", "vonage"])


@pytest.fixture
def world() -> World:
    return World()


def numbers(world: World) -> list[str]:
    return [charge.number for charge in world.sandbox.ledger.charges()]


def start(world: World, fleet: str, line: str, mark: str = "") -> tuple[Stack, Stack, str]:
    """Give two stacks of which the first has the line, with a mark or without, and its number."""
    a, b = two(world, fleet)
    for stack in (a, b):
        stack.up(moving(line, "a", mark))
    return a, b, a.engine.state.resources["PhoneNumber", "line"].id


@FLEETS
@SEARCHES
@pytest.mark.parametrize("mark", ["", "removal: keep", "removal: release"])
def test_the_new_stack_buys_none_while_the_old_one_has_a_number_for_it(
    world: World, fleet: str, line: str, mark: str
) -> None:
    _, b, number = start(world, fleet, line, mark)
    bought = numbers(world)
    scope = "acme/a" if fleet.endswith("/") else "acme/fleet/a"

    (reason,) = refusals(b, moving(line, "b"))

    assert reason.endswith(
        f'line "line": it searches for a number, and {number} is line "line" of fleet "{scope}" already. Nothing was'
        " changed, and no second number is bought for one line. If the line moves here, let that stack go on with it"
        f' until it has applied `removal: keep`, then write `phone_number: "{number}"` in place of `search`, and'
        " `adopt: true`; if another number will do, release that one there first. If both stacks are to have one, name"
        " both in its `stacks`; if this is another line, give it another name"
    )
    assert numbers(world) == bought


@FLEETS
@SEARCHES
def test_a_line_that_is_renamed_on_its_way_is_told_the_same(world: World, fleet: str, line: str) -> None:
    _, b, number = start(world, fleet, line)

    (reason,) = refusals(b, file(**STAYS, new=f"b: {having(line, 'renamed_from: line')}"))

    assert f'line "new": it searches for a number, and {number} is line "line"' in reason


@FLEETS
@SEARCHES
def test_each_stack_that_the_file_names_has_a_number_and_so_has_a_line_of_another_fleet(
    world: World, fleet: str, line: str
) -> None:
    a, b, _ = start(world, fleet, line)

    for stack in (a, b):
        stack.up(moving(line, "a, b"))
    Stack(world, name="c", fleet="other/c").up(
        file(line=f"c: {line}").replace("owner: a", "owner: c").replace("acme-us", "other")
    )

    assert len(numbers(world)) == len(set(numbers(world))) == 5
    assert writes_of(b, moving(line, "a, b")) == []


@FLEETS
@SEARCHES
def test_it_moves_with_its_number_as_the_refusal_says(world: World, fleet: str, line: str) -> None:
    a, b, number = start(world, fleet, line)
    bought = numbers(world)
    refusals(b, moving(line, "b"))
    a.up(moving(line, "a", "removal: keep"))
    search = line[line.index("search: ") : line.index("}", line.index("search: ")) + 1]
    moved = moving(line.replace(search, f'phone_number: "{number}"'), "b", "adopt: true")

    a.up(moved)
    b.up(moved)

    assert (numbers(world), world.sandbox.ledger.releases()) == (bought, [])
    for stack in (a, b):
        assert writes_of(stack, moved) == []


@FLEETS
@SEARCHES
def test_another_number_is_bought_once_the_old_stack_has_released_its_own(world: World, fleet: str, line: str) -> None:
    a, b, number = start(world, fleet, line, "removal: release")
    moved = moving(line, "b")
    refusals(b, moved)

    a.up(moved)
    b.up(moved)

    assert [release.number for release in world.sandbox.ledger.releases()] == [number]
    assert writes_of(b, moved) == []


@FLEETS
@SEARCHES
def test_the_old_stack_does_not_let_a_kept_number_go_while_the_file_has_another_one_searched_in_its_place(
    world: World, fleet: str, line: str
) -> None:
    a, b, number = start(world, fleet, line, "removal: keep")
    price = "1.15 USD" if "twilio" in line else "1.25 EUR"

    (reason,) = refusals(a, moving(line, "b"))

    assert reason == (
        f'numbers.yaml:14: line "line" ({number}, {price} a month) is of stack b now, which would search for another'
        " number, and this one, which is to be kept, be paid for in vain. Nothing was changed. Write there"
        f' `phone_number: "{number}"` in place of `search`, and `adopt: true`; or, where another number is wanted,'
        " put the line back with `removal: release` and run `pulumi up`, before it moves"
    )
    # Where each stack has a number of its own, one of them may be kept for something else.
    b.up(moving(line, "a, b", "removal: keep"))
    a.up(moving(line, "b", "removal: keep"))
    assert len(numbers(world)) == 4


@FLEETS
@pytest.mark.parametrize("line", [NEAR, ONE, FAR], ids=["near", "one", "far"])
def test_a_line_that_another_stack_has_by_the_file_is_not_said_to_be_missing_there(
    world: World, fleet: str, line: str
) -> None:
    a, _, _ = start(world, fleet, line)

    (reason,) = refusals(a, moving(line, "tset"))

    assert reason.startswith('numbers.yaml:14: line "line" (+')
    assert reason.endswith(
        " a month) is of stack tset now, and was never marked for removal here. Nothing was changed. If it moves there,"
        " put it back into this stack's `stacks` with `removal: keep` and run `pulumi up`; then give it to that one,"
        " with its `phone_number` and `adopt: true`, and run `pulumi up` here and then there. Otherwise correct its"
        " `stacks`"
    )
