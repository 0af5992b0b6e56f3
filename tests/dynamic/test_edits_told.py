"""What an edit that cannot be done, or does nothing, is told: one cause once, and a way that leads somewhere."""

from __future__ import annotations

import pytest

from sandbox.faults import Fault
from tests.dynamic.inventories import BOUGHT, HEAD, SEARCHED, VONAGE, having, inventory
from tests.support.model_engine import Failed
from tests.support.world import Stack, World

A, B, C = "+16505551234", "+16505551235", "+16505551236"
LINES = HEAD.count("\n") + 2
"""The place of the file's first line."""
AGENT = "version: 1\nagents: {a: {agent_name: x}}\nnumbers:\n"
FILE = f'{AGENT}  a: {{provider: twilio, phone_number: "{A}", agent: a}}\n'
"""One line, whose trunk at its carrier is not written."""


def holding(number: str, agent: str = "sales") -> str:
    return BOUGHT.replace(A, number).replace("agent: sales", f"agent: {agent}")


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


def refusals(stack: Stack, text: str) -> list[str]:
    """Run `up`, which must be refused without a write; give the reasons."""
    mark = stack.world.sandbox.journal.mark()
    with pytest.raises(Failed) as failure:
        stack.up(text)
    assert stack.world.sandbox.journal.writes(mark) == []
    return failure.value.messages


def notices(stack: Stack, text: str) -> list[str]:
    """Preview; give what is told beside the plan."""
    stack.world.notices.clear()
    stack.preview(text)
    return stack.world.notices


def test_a_line_that_is_given_another_carrier_is_not_said_to_have_vanished(stack: Stack) -> None:
    stack.up(inventory({"a": BOUGHT}))
    stack.world.notices.clear()
    assert refusals(stack, inventory({"a": BOUGHT.replace("twilio", "vonage")})) == [
        f'numbers.yaml:{LINES}: line "a" moves from twilio to vonage; a line\'s provider changes with a port of its'
        f' number alone. Where it was ported, write `ported_from: twilio` beside `phone_number: "{A}"`; otherwise add a'
        " new line, and mark this one `removal: release` or `keep`"
    ]
    assert stack.world.notices == []


def test_nor_is_the_trunk_that_no_line_of_the_file_uses_then_told_beside_it(stack: Stack) -> None:
    stack.up(FILE)
    assert refusals(stack, FILE.replace("twilio", "vonage")) == [
        f'numbers.yaml:4: line "a" moves from twilio to vonage; a line\'s provider changes with a port of its number'
        f' alone. Where it was ported, write `ported_from: twilio` beside `phone_number: "{A}"`; otherwise add a new'
        " line, and mark this one `removal: release` or `keep`"
    ]


def test_two_lines_that_exchange_their_numbers_are_told_once_to_swap_the_agents(stack: Stack) -> None:
    stack.up(inventory({"a": holding(A), "b": holding(B)}))
    assert refusals(stack, inventory({"a": holding(B), "b": holding(A)})) == [
        f'numbers.yaml:{LINES}: line "a" and line "b" exchange their numbers ("a" holds {A}, the file says {B};'
        f' "b" holds {B}, the file says {A}), and a line keeps its number. Nothing was changed. Write each number back'
        " where it was, and swap the agents instead, with whatever else is to go with a number: `agent`, `label`,"
        " `tags`"
    ]


def test_what_is_advised_for_an_exchange_is_done_in_place(stack: Stack) -> None:
    stack.up(inventory({"a": holding(A), "b": holding(B, "support")}))
    ids = stack.ids()
    stack.up(inventory({"a": holding(A, "support"), "b": holding(B)}))
    assert stack.ids() == ids


def test_a_ring_of_three_lines_is_one_exchange(stack: Stack) -> None:
    stack.up(inventory({"a": holding(A), "b": holding(B), "c": holding(C)}))
    (reason,) = refusals(stack, inventory({"a": holding(B), "b": holding(C), "c": holding(A)}))
    assert 'line "a", line "b" and line "c" exchange their numbers' in reason


def test_a_line_that_is_given_another_line_s_number_is_told_whose_it_is(stack: Stack) -> None:
    stack.up(inventory({"a": holding(A), "b": holding(B)}))
    assert refusals(stack, inventory({"a": holding(B), "b": holding(C)})) == [
        f'numbers.yaml:{LINES}: line "a" holds {A}, the file says {B}; a line\'s number never changes. {B} is the'
        f' number of line "b": write {A} back here, and give "b" the agent that is to answer',
        f'numbers.yaml:{LINES + 1}: line "b" holds {B}, the file says {C}; a line\'s number never changes. Add a new'
        f" line for {C}, and mark this one `removal: release` or `keep`",
    ]


def test_an_edited_search_is_said_to_change_nothing_until_it_is_recorded(stack: Stack) -> None:
    stack.up(inventory({"a": SEARCHED}))
    number = stack.engine.state.settled["a"]
    edited = inventory({"a": SEARCHED.replace("area_code: 650", "area_code: 212")})
    said = (
        f'The edited `search` of line "a" changes nothing: {number} is its number.'
        " For another number add a new line, and mark this one `removal: release` or `keep`."
    )
    assert notices(stack, inventory({"a": SEARCHED})) == []
    assert notices(stack, edited) == [said]
    stack.up(edited)
    assert notices(stack, edited) == []


def test_a_search_that_is_edited_before_its_number_was_bought_says_how_to_search_anew(stack: Stack) -> None:
    refuses = Fault("status", vendor="vonage", method="POST", path="number/buy", status=401)
    stack.world.sandbox.faults.add(refuses)
    with pytest.raises(Failed):
        stack.up(inventory({"a": VONAGE}))
    stack.world.sandbox.faults.clear()
    edited = VONAGE.replace("GB", "US").replace("mobile", "local")
    (said,) = notices(stack, inventory({"a": edited}))
    number = said.partition("nothing: ")[2].split()[0]
    assert said == (
        f'The edited `search` of line "a" changes nothing: {number} was chosen for it.'
        f' To search anew, write `give_up: "{number}"` on the line.'
    )
    stack.up(inventory({"a": having(edited, f'give_up: "{number}"')}))
    assert stack.engine.state.settled["a"].startswith("+1")


@pytest.mark.parametrize(
    ("search", "reason"),
    [
        (
            "country: US, type: mobile",
            "twilio offers no mobile number of US at all. Write `type: local` or `type: toll_free` in the search,"
            " of which it has some",
        ),
        (
            "country: VA",
            "twilio offers no number of VA, of whatever type. Correct the search's `country`, or take the line to a"
            " carrier that sells there",
        ),
        (
            "country: US, area_code: 999",
            "twilio offers no local number of US with area_code 999. Change `area_code` of the search, or run again"
            " later",
        ),
    ],
)
def test_a_search_that_finds_nothing_is_told_why(stack: Stack, search: str, reason: str) -> None:
    text = inventory({"a": f"{{provider: twilio, search: {{{search}}}, agent: sales}}"})
    assert refusals(stack, text) == [f'numbers.yaml:{LINES}: line "a": {reason}']


def test_a_removal_that_the_vendor_refused_is_not_told_to_be_put_back_in_the_next_update(stack: Stack) -> None:
    stack.up(inventory({"a": having(BOUGHT, "removal: release"), "b": holding(B)}))
    without = inventory({"b": holding(B)})
    stack.world.sandbox.faults.add(
        Fault("status", path="IncomingPhoneNumbers/", method="DELETE", status=400, times=None)
    )
    with pytest.raises(Failed):
        stack.up(without)
    assert notices(stack, without) == [
        f'{A} is owned, 1.15 USD a month, for line "a", whose removal was begun and did not come to its end. This'
        " update goes on with it."
    ]
    stack.world.sandbox.faults.clear()
    stack.up(without)
    assert (notices(stack, without), len(stack.world.sandbox.ledger.releases())) == ([], 1)
