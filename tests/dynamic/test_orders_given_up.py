"""A number that may be on order is given up by name, or leaves the file with its line."""

from __future__ import annotations

import pytest

from tests.dynamic.inventories import BOUGHT, SEARCHED, VONAGE, having, inventory
from tests.dynamic.orders import (
    BUYS,
    LINES,
    charged,
    claim,
    is_refused_after_a_kill,
    lags,
    loses_the_reply,
    order,
    outsold,
    status,
)
from tests.faults.interruption import AtWrite
from tests.faults.scene import index_of
from tests.support.model_engine import Failed, Killed
from tests.support.world import Stack, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(params=[False, True], ids=["saved at the end", "saved at each step"])
def stack(world: World, request: pytest.FixtureRequest) -> Stack:
    return Stack(world, checkpoints=request.param)


@pytest.mark.parametrize("line", ["searched", "vonage"])
def test_a_number_that_never_came_is_given_up_by_name(world: World, stack: Stack, line: str) -> None:
    is_refused_after_a_kill(world, stack, line)
    trunk, (number,) = claim(world)["sip_trunk_id"], claim(world)["numbers"]
    file = inventory({line: having(LINES[line], f'give_up: "{number}"')})

    stack.up(file)

    assert (status(stack, line), charged(world)) == ("owned", claim(world)["numbers"])
    assert claim(world)["sip_trunk_id"] == trunk
    assert charged(world) != [number]
    assert stack.up(file) == []
    assert stack.up(inventory({line: LINES[line]})) == []


def test_a_line_with_a_number_of_its_own_gives_it_up_for_another(world: World, stack: Stack) -> None:
    file = inventory({"bought": BOUGHT})
    loses_the_reply(world, "bought", when="before")
    stack.up(file)
    world.sandbox.twilio.sell("+16505551234")
    other = BOUGHT.replace("51234", "51235")
    stack.up(file)
    assert status(stack, "bought") == "ordered"
    with pytest.raises(Failed, match=r'or, if \+16505551234 never came, write `give_up: "\+16505551234"` here'):
        stack.up(inventory({"bought": other}))

    giving_up = inventory({"bought": having(other, 'give_up: "+16505551234"')})
    stack.up(giving_up)

    assert (charged(world), claim(world)["numbers"]) == (["+16505551235"], ["+16505551235"])
    assert stack.up(giving_up) == []
    assert stack.up(inventory({"bought": other})) == []


def test_what_is_bought_again_and_never_comes_is_given_up_as_every_preview_says(world: World, stack: Stack) -> None:
    file, again = inventory({"bought": BOUGHT}), inventory({"bought": having(BOUGHT, "repurchase: true")})
    stack.up(file)
    world.sandbox.twilio.release_by_hand("+16505551234")
    world.sandbox.twilio.unsell("+16505551234")
    stack.up(again, handle=outsold(world, "bought", "+16505551234"))
    world.notices.clear()
    stack.preview(again)
    assert [text for text in world.notices if "may be on order" in text] == [
        '+16505551234 of line "bought" may be on order at twilio, 1.15 USD a month: it was asked for, and is neither in'
        " the account nor on offer. Nothing else is bought for the line; it is taken as soon as it shows. If twilio"
        " says that it never came, take `repurchase` out of the line: it is without its number then, and a number never"
        " changes; for another one add a new line."
    ]

    mark = world.sandbox.journal.mark()
    stack.up(file)
    assert (status(stack, "bought"), world.sandbox.journal.writes(mark)) == ("vanished", [])
    stack.up(inventory({"bought": having(BOUGHT, "removal: release")}))
    stack.up(inventory({}))

    assert ([key for key in stack.ids() if "bought" in key], charged(world)) == ([], ["+16505551234"])


def test_the_wrong_number_gives_nothing_up(world: World, stack: Stack) -> None:
    number = order(world, stack, "searched")

    stack.up(inventory({"searched": having(SEARCHED, 'give_up: "+16505550000"')}))

    assert (charged(world), claim(world)["numbers"]) == ([number], [number])


def test_a_number_that_has_come_is_not_given_up(world: World, stack: Stack) -> None:
    number = order(world, stack, "searched")
    world.clock.sleep(2000.0)
    mark = world.sandbox.journal.mark()

    with pytest.raises(Failed, match=rf"`give_up: \{number}`, but \{number} is in the twilio account"):
        stack.up(inventory({"searched": having(SEARCHED, f'give_up: "{number}"')}))

    assert world.sandbox.journal.writes(mark) == []


def test_a_number_that_comes_after_it_was_given_up_is_told_and_changes_nothing(world: World, stack: Stack) -> None:
    number = order(world, stack, "searched")
    file = inventory({"searched": having(SEARCHED, f'give_up: "{number}"')})
    stack.up(file)
    world.sandbox.faults.clear()
    stack.up(file)
    (other,) = claim(world)["numbers"]
    world.notices.clear()

    assert stack.up(inventory({"searched": SEARCHED})) == []

    assert (status(stack, "searched"), charged(world)) == ("owned", [number, other])
    assert world.notices == [
        f'{number} is owned and carries the tag of line "searched", which has {other}: it was given up, and came after'
        " all. Release it at the carrier, or take its tag off there and adopt it by a line of its own."
    ]


def test_a_number_that_the_line_has_is_not_called_given_up_where_the_file_names_another(
    world: World, stack: Stack
) -> None:
    stack.up(inventory({"bought": BOUGHT}))
    world.sandbox.twilio.add_number("+16505551236")

    for line in (BOUGHT.replace("1234", "1236"), having(BOUGHT.replace("1234", "1236"), "adopt: true")):
        with pytest.raises(Failed, match="a line's number never changes"):
            stack.preview(inventory({"bought": line}))

    assert [text for text in world.notices if "given up" in text] == []


@pytest.mark.parametrize("line", LINES)
def test_a_line_whose_number_may_be_on_order_does_not_leave_the_file_unmarked(
    world: World, stack: Stack, line: str
) -> None:
    order(world, stack, line)

    with pytest.raises(Failed, match="was never marked for removal"):
        stack.up(inventory({}))


def test_nor_does_one_that_is_on_offer_again(world: World, stack: Stack) -> None:
    """Its PhoneNumber is in the state, and the engine would refuse to delete that after it had written."""
    loses_the_reply(world, "searched", when="before")
    stack.up(inventory({"searched": SEARCHED}))

    with pytest.raises(Failed, match="was never marked for removal"):
        stack.up(inventory({}))


def test_nor_does_one_whose_run_was_killed_before_anybody_knew(world: World) -> None:
    stack = Stack(world, checkpoints=True)
    file = inventory({"vonage": VONAGE})
    lags(world, "vonage")

    def die() -> None:
        raise Killed

    with pytest.raises(Killed):
        stack.up(file, handle=AtWrite(index_of(file, BUYS["vonage"]), after=die))

    with pytest.raises(Failed, match="was never marked for removal"):
        stack.up(inventory({}))


def test_a_line_that_is_marked_for_release_leaves_the_file_while_its_number_is_on_order(
    world: World, stack: Stack
) -> None:
    order(world, stack, "searched")
    stack.up(inventory({"searched": having(SEARCHED, "removal: release")}))
    assert status(stack, "searched") == "ordered"

    stack.up(inventory({}))

    assert ("PhoneNumber", "searched") not in stack.engine.state.resources


def test_a_vonage_number_that_lags_behind_its_line_s_removal_is_given_back_unseen(world: World, stack: Stack) -> None:
    """It has no tag: once its trunk is gone, nobody would know any more whose it is."""
    number = order(world, stack, "vonage")
    stack.up(inventory({"vonage": having(VONAGE, "removal: release")}))

    stack.up(inventory({}))

    assert [release.number for release in world.sandbox.ledger.releases()] == [number]
    assert not world.sandbox.livekit.inbound_trunks()


def test_but_not_one_whose_trunk_is_another_owner_s_by_now(world: World, stack: Stack) -> None:
    number = order(world, stack, "vonage")
    stack.up(inventory({"vonage": having(VONAGE, "removal: release")}))
    world.sandbox.livekit.edit_trunk(claim(world)["sip_trunk_id"], metadata="trunkline:acme/else/line")

    stack.up(inventory({}))

    assert world.sandbox.ledger.releases() == []
    assert world.sandbox.vonage.number(number) is not None
