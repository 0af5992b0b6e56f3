"""What the Fleet refuses before the first write: each test ends with an untouched world."""

from __future__ import annotations

import pytest

from sandbox.faults import Fault
from tests.dynamic.inventories import ALL, BOUGHT, CUSTOM, HEAD, SEARCHED, VONAGE, having, inventory
from tests.support.model_engine import Failed
from tests.support.world import Stack, World

NUMBER = "+16505551234"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def stack(world: World) -> Stack:
    return Stack(world)


def refusals(stack: Stack, text: str) -> list[str]:
    """Run `up`, which must be refused without a write; give the reasons."""
    before = stack.world.sandbox.journal.mark()
    with pytest.raises(Failed) as failure:
        stack.up(text)
    assert stack.world.sandbox.journal.writes(before) == []
    return failure.value.messages


@pytest.mark.parametrize("gone", ALL)
def test_a_line_that_was_never_marked_cannot_leave_the_file(stack: Stack, gone: str) -> None:
    stack.up(inventory(ALL))

    reasons = refusals(stack, inventory({name: line for name, line in ALL.items() if name != gone}))

    assert len(reasons) == 1
    assert f'line "{gone}"' in reasons[0]
    assert "removal: release" in reasons[0]
    assert f"renamed_from: {gone}" in reasons[0]


def test_an_empty_file_is_refused_with_every_line_named(stack: Stack) -> None:
    stack.up(inventory(ALL))

    reasons = refusals(stack, inventory({}))

    assert [reason.split('"')[1] for reason in reasons] == sorted(ALL)


def test_marking_and_removing_in_one_edit_is_no_marking(stack: Stack) -> None:
    """The mark must have been applied while the line was still in the file."""
    stack.up(inventory({"bought": BOUGHT, "vonage": VONAGE}))

    refusals(stack, inventory({"vonage": having(VONAGE, "removal: release")}))


def test_more_purchases_than_the_guard_allows_buy_nothing(stack: Stack) -> None:
    head = HEAD.replace("max_purchases: 5", "max_purchases: 1")

    reasons = refusals(stack, inventory({"bought": BOUGHT, "searched": SEARCHED}, head))

    assert reasons == [
        "numbers.yaml:2: 2 lines would buy a number in one update, guard.max_purchases allows 1: bought, searched."
        " Raise guard.max_purchases in numbers.yaml, or apply fewer at a time"
    ]


def test_purchases_over_the_monthly_limit_buy_nothing(stack: Stack) -> None:
    head = HEAD.replace("max_purchases: 5", "max_monthly_increase: {USD: 2}")

    reasons = refusals(stack, inventory({"bought": BOUGHT, "searched": SEARCHED}, head))

    assert reasons == [
        "numbers.yaml:2: the purchases of bought, searched cost 2.30 USD a month, the guard allows 2 USD."
        " Raise guard.max_monthly_increase.USD in numbers.yaml"
    ]


def test_a_currency_without_a_limit_is_over_it(stack: Stack) -> None:
    head = HEAD.replace("max_purchases: 5", "max_monthly_increase: {USD: 2}")

    # Only what is paid in it is named.
    assert refusals(stack, inventory({"bought": BOUGHT, "vonage": VONAGE}, head)) == [
        'numbers.yaml:20: line "vonage": the purchases of vonage cost 1.25 EUR a month, the guard allows 0 EUR.'
        " Set guard.max_monthly_increase.EUR in numbers.yaml"
    ]


def test_more_releases_than_the_guard_allows_release_nothing(stack: Stack) -> None:
    head = HEAD.replace("max_releases: 2", "max_releases: 1")
    marked = {name: having(line, "removal: release") for name, line in ALL.items()}
    stack.up(inventory(ALL))
    stack.up(inventory(marked))

    reasons = refusals(stack, inventory({}, head))

    assert reasons == [
        "numbers.yaml:2: 4 lines would be released in one update, guard.max_releases allows 1:"
        " bought, custom, searched, vonage. Raise guard.max_releases in numbers.yaml, or apply fewer at a time"
    ]


def test_a_line_never_changes_its_number(stack: Stack) -> None:
    stack.up(inventory({"bought": BOUGHT}))

    reasons = refusals(stack, inventory({"bought": BOUGHT.replace("51234", "51235")}))

    assert len(reasons) == 1
    assert f'line "bought" holds {NUMBER}, the file says +16505551235' in reasons[0]
    assert "Add a new line" in reasons[0]


def test_a_line_never_changes_its_carrier(stack: Stack) -> None:
    stack.up(inventory({"searched": SEARCHED}))

    reasons = refusals(stack, inventory({"searched": SEARCHED.replace("twilio", "vonage")}))

    assert any("moves from twilio to vonage" in reason for reason in reasons)


def test_a_number_does_not_move_to_a_new_line_in_one_edit(stack: Stack) -> None:
    stack.up(inventory({"bought": BOUGHT}))

    reasons = refusals(stack, inventory({"other": BOUGHT}))

    assert any("renamed_from: bought" in reason and 'held by line "bought"' in reason for reason in reasons)


def test_even_adopt_does_not_take_a_number_from_another_line(stack: Stack) -> None:
    stack.up(inventory({"bought": BOUGHT}))

    reasons = refusals(stack, inventory({"other": having(BOUGHT, "adopt: true")}))

    assert any('held by line "bought"' in reason for reason in reasons)


def test_two_lines_do_not_swap_their_numbers(stack: Stack) -> None:
    other = BOUGHT.replace("51234", "51235")
    stack.up(inventory({"a": BOUGHT, "b": other}))

    reasons = refusals(stack, inventory({"a": other, "b": BOUGHT}))

    assert len(reasons) == 1
    assert 'line "a" and line "b" exchange their numbers' in reasons[0]


def test_a_number_of_somebody_else_in_the_account_is_not_taken(stack: Stack) -> None:
    stack.world.sandbox.twilio.add_number(NUMBER, friendly_name="Reception")

    reasons = refusals(stack, inventory({"bought": BOUGHT}))

    assert reasons == [
        f'numbers.yaml:19: line "bought": {NUMBER} is in the twilio account already and was not made by Trunkline.'
        " Set `adopt: true` to take it over in place; nothing is bought then"
    ]


def test_a_number_of_another_fleet_names_its_owner(stack: Stack) -> None:
    Stack(stack.world, name="prod", fleet="acme/prod").up(inventory({"sales": BOUGHT}))

    reasons = refusals(stack, inventory({"bought": BOUGHT}))

    assert 'belongs to line "sales" of fleet "acme/prod"' in reasons[0]


def test_a_number_in_a_foreign_livekit_trunk_is_not_wired(stack: Stack) -> None:
    stack.world.sandbox.livekit.add_inbound_trunk(name="By hand", numbers=["+442071234567"])

    reasons = refusals(stack, inventory({"custom": CUSTOM}))

    assert len(reasons) == 1
    assert "which was not made by Trunkline. Set `adopt: true` on the line" in reasons[0]


def test_a_number_that_is_not_on_offer_is_said_before_anything_is_made(stack: Stack) -> None:
    stack.world.sandbox.twilio.sell(NUMBER)

    assert f"{NUMBER} is not on offer at twilio" in refusals(stack, inventory(ALL))[0]


def test_adopt_never_buys(stack: Stack) -> None:
    reasons = refusals(stack, inventory({"bought": having(BOUGHT, "adopt: true")}))

    assert "adoption never buys" in reasons[0]


def test_a_renamed_stack_is_told_to_keep_its_fleet(stack: Stack) -> None:
    stack.up(inventory(ALL))
    stack.fleet = "acme/renamed"

    reasons = refusals(stack, inventory(ALL))

    assert reasons == [
        'this stack belongs to fleet "acme/test", but is now called "acme/renamed". Nothing was changed. Run'
        " `pulumi config set trunkline:fleet acme/test`; a fleet keeps its name, whatever its stack is called"
    ]


def test_a_half_made_line_may_be_withdrawn_without_a_mark(stack: Stack) -> None:
    """Its number was never bought, so there is nothing to lose."""
    stack.world.sandbox.faults.add(_no_purchase())
    with pytest.raises(Failed):
        stack.up(inventory({"bought": BOUGHT}))

    stack.up(inventory({}))

    assert stack.world.sandbox.ledger.charges() == []
    assert stack.ids() == {**_trunk_ids(stack), "Fleet fleet": "acme/test"}


def _trunk_ids(stack: Stack) -> dict[str, str]:
    return {name: id_ for name, id_ in stack.ids().items() if name.endswith("twilio-us")}


def _no_purchase() -> Fault:
    return Fault("status", vendor="twilio", method="POST", path="IncomingPhoneNumbers", status=400)
