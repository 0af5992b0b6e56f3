"""Who is told of a number's calls: a URL at its carrier, written where the file names it and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.world import Stack, World

US, GB = "+16505551234", "+447400123456"
URL, OTHER = "https://desk.example.com/calls", "http://other.example.com/calls?a=b"
FILE = """\
version: 1
agents: {{desk: {{agent_name: desk-agent}}}}
numbers:
  us: {{provider: twilio, phone_number: "+16505551234", agent: desk, outbound: false{us}}}
  gb: {{provider: vonage, phone_number: "+447400123456", agent: desk{gb}}}
"""
PLAIN = FILE.format(us="", gb="")
TOLD = FILE.format(
    us=f", status_callback: '{URL}', status_callback_method: GET",
    gb=f", status_callback: '{URL}'",
)


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


def held(stack: Stack) -> tuple[Any, ...]:
    twilio, vonage = stack.world.sandbox.twilio.number(US), stack.world.sandbox.vonage.number(GB)
    assert twilio is not None and vonage is not None
    return twilio["status_callback"], twilio["status_callback_method"], vonage.get("voiceStatusCallback", "")


def test_they_come_with_the_purchase_and_a_second_update_is_silent(stack: Stack) -> None:
    stack.up(TOLD)
    assert held(stack) == (URL, "GET", URL)
    stack.world.sandbox.journal.clear()
    assert (stack.preview(TOLD), stack.up(TOLD), stack.world.writes()) == ([], [], [])


def test_they_come_change_and_go_with_their_keys_in_one_write_a_number(stack: Stack) -> None:
    stack.up(PLAIN)
    stack.world.sandbox.journal.clear()
    found = []
    for text in (TOLD, TOLD.replace(URL, OTHER), PLAIN):
        stack.up(text)
        found.append(held(stack))
    assert found == [(URL, "GET", URL), (OTHER, "GET", OTHER), ("", "POST", "")]
    assert (len(stack.world.writes()), stack.preview(PLAIN)) == (6, [])


def test_one_that_was_changed_by_hand_is_put_back_where_the_file_names_it_and_stays_elsewhere(stack: Stack) -> None:
    found = []
    for text in (TOLD, PLAIN):
        stack.up(text)
        stack.world.sandbox.twilio.edit_number(US, status_callback=OTHER)
        stack.up(text)
        found.append(held(stack)[0])
    assert found == [URL, OTHER]


def test_one_that_vonage_never_shows_is_not_lost_when_the_way_of_the_calls_changes(stack: Stack) -> None:
    stack.up(TOLD)
    stack.world.sandbox.vonage.edit_number(GB, voiceCallbackValue="sip:elsewhere@pbx.example.com")
    stack.up(TOLD)
    assert held(stack)[2] == URL


def test_those_of_adopted_numbers_stay_where_no_key_names_them_and_are_taken_where_one_does(stack: Stack) -> None:
    stack.world.sandbox.twilio.add_number(US)
    stack.world.sandbox.twilio.edit_number(US, status_callback=OTHER, status_callback_method="GET")
    stack.world.sandbox.vonage.add_number(GB)
    adopted = FILE.format(us=", adopt: true", gb=", adopt: true")
    stack.up(adopted)
    kept = held(stack)
    stack.up(adopted.replace("adopt: true}", f"adopt: true, status_callback: '{URL}'}}"))
    assert (kept[:2], held(stack)) == ((OTHER, "GET"), (URL, "GET", URL))
    stack.up(adopted)
    assert (held(stack)[0], stack.preview(adopted)) == (URL, [])
