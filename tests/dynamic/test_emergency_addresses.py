"""The emergency address of a Twilio number: bought with it, kept as the file names it, and cleared before a release."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.model_engine import Failed
from tests.support.world import Stack, World

NUMBER = "+16505551234"
FILE = """\
version: 1
guard: {{max_purchases: 2}}
agents: {{desk: {{agent_name: desk-agent}}}}
numbers:
  desk: {{provider: twilio, phone_number: "+16505551234", agent: desk, outbound: false{more}}}
"""
FIX = "Write the SID (AD…) of an address of your account that Twilio has enabled for emergency calls"
PLAIN = FILE.format(more="")


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


def address(stack: Stack, *, emergency: bool = True) -> str:
    return str(stack.world.sandbox.twilio.add_address("US", emergency=emergency)["sid"])


def naming(sid: str, more: str = "") -> str:
    return FILE.format(more=f", emergency_address_sid: {sid}{more}")


def held(stack: Stack) -> tuple[Any, ...]:
    number = stack.world.sandbox.twilio.number(NUMBER)
    assert number is not None
    return number["emergency_address_sid"], number["emergency_status"]


def test_it_comes_with_the_purchase_and_a_second_update_is_silent(stack: Stack) -> None:
    text = naming(sid := address(stack))
    stack.up(text)
    buys = [one for one in stack.world.writes() if "IncomingPhoneNumbers" in one]
    assert (held(stack), len(buys)) == ((sid, "Active"), 1)
    assert (stack.preview(text), stack.up(text)) == ([], [])


def test_it_comes_changes_and_goes_with_its_key_in_one_write_each(stack: Stack) -> None:
    stack.up(PLAIN)
    first, second = address(stack), address(stack)
    stack.world.sandbox.journal.clear()
    found = []
    for text in (naming(first), naming(second), PLAIN):
        stack.up(text)
        found.append(held(stack))
    assert (found, len(stack.world.writes())) == ([(first, "Active"), (second, "Active"), (None, "Inactive")], 3)
    assert stack.preview(PLAIN) == []


def test_one_that_was_changed_by_hand_is_put_back_where_the_file_names_it_and_stays_elsewhere(stack: Stack) -> None:
    named, other = address(stack), address(stack)
    found = []
    for text in (naming(named), PLAIN):
        stack.up(text)
        stack.world.sandbox.twilio.edit_number(NUMBER, emergency_address_sid=other, emergency_status="Active")
        stack.up(text)
        found.append(held(stack)[0])
    assert found == [named, other]


def test_that_of_an_adopted_number_stays_when_its_key_goes(stack: Stack) -> None:
    sid = address(stack)
    stack.world.sandbox.twilio.add_number(NUMBER)
    adopted = naming(sid, ", adopt: true")
    stack.up(adopted)
    stack.up(FILE.format(more=", adopt: true"))
    assert (held(stack), stack.preview(FILE.format(more=", adopt: true"))) == ((sid, "Active"), [])


def test_a_number_that_has_one_is_released_once_the_file_says_so(stack: Stack) -> None:
    sid = address(stack)
    stack.up(naming(sid))
    with pytest.raises(Failed, match="clear_emergency_address"):
        stack.up(naming(sid, ", removal: release"))
    stack.up(naming(sid, ", removal: release, clear_emergency_address: true"))
    stack.up(PLAIN[: PLAIN.index("numbers:")] + "numbers: {}\n")
    assert stack.world.sandbox.twilio.number(NUMBER) is None


def test_one_that_the_account_lacks_or_that_is_for_no_emergency_is_refused_before_anything_is_bought(
    stack: Stack,
) -> None:
    wrong, missing = address(stack, emergency=False), "AD" + "0" * 32
    told = []
    for sid in (wrong, missing):
        with pytest.raises(Failed) as failure:
            stack.up(naming(sid))
        told += [message.partition('"desk"')[2] for message in failure.value.messages]
    assert (stack.world.sandbox.twilio.numbers(), stack.world.writes()) == ((), [])
    assert told == [
        f": {NUMBER} cannot be bought as it stands: address {wrong} is enabled for no emergency calls. {FIX}",
        f": {NUMBER} cannot be bought as it stands: the account has no address {missing}. {FIX}",
    ]
