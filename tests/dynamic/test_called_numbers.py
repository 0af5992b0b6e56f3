"""Numbers that no carrier sells: they are LiveKit's alone, and compared as LiveKit compares them."""

from __future__ import annotations

import pytest

from tests.support.model_engine import Failed
from tests.support.world import Stack, World
from trunkline.errors import InventoryError
from trunkline.inventory import parse

FILE = """\
version: 1
defaults: {country: US}
agents: {desk: {agent_name: desk-agent}}
trunks: {pbx: {provider: custom, sip_address: pbx.example.com}}
numbers:
"""
LINE = "  {name}: {{trunk: pbx, called_number: {number}, agent: desk{more}}}\n"


def line(number: str, name: str = "desk", more: str = "") -> str:
    return LINE.format(number=number, name=name, more=more)


@pytest.mark.parametrize("number", ["2000", "020 7123 4567", "desk"])
def test_an_extension_gets_its_trunks_and_rule_and_a_second_update_is_silent(number: str) -> None:
    stack = Stack(World())
    text = FILE + line(f'"{number}"')
    stack.up(text)
    livekit = stack.world.sandbox.livekit
    (inbound,), (outbound,) = livekit.inbound_trunks(), livekit.outbound_trunks()
    assert (inbound["numbers"], outbound["numbers"], len(livekit.dispatch_rules())) == ([number], [number], 1)
    stack.world.sandbox.journal.clear()
    assert (stack.preview(text), stack.up(text), stack.world.writes()) == ([], [], [])


def test_an_extension_is_of_no_country() -> None:
    assert parse(FILE + line('"2000"'), "numbers.yaml").lines["desk"].country == ""


def test_two_spellings_of_one_number_are_one_number() -> None:
    with pytest.raises(InventoryError) as caught:
        parse(FILE + line('"20-00"', "a") + line('"2000"', "b"), "numbers.yaml")
    assert [(one.rule, one.line) for one in caught.value.problems] == [("livekit-conflict", 7)]


def test_an_extension_is_renamed_and_removed_like_any_line() -> None:
    stack = Stack(World())
    stack.up(FILE + line('"2000"'))
    ids = set(stack.ids().values())
    stack.up(FILE + line('"2000"', "front", ", renamed_from: desk, removal: release"))
    assert set(stack.ids().values()) >= {id for id in ids if id.startswith(("ST_", "SDR_"))}
    stack.up(FILE.replace("numbers:", "numbers: {}"))
    livekit = stack.world.sandbox.livekit
    assert (livekit.inbound_trunks(), livekit.outbound_trunks(), livekit.dispatch_rules()) == ((), (), ())


IN_TOWN = """\
version: 1
agents: {desk: {agent_name: desk-agent}}
numbers:
  desk: {provider: twilio, search: {country: US, region: CA, locality: TOWN}, agent: desk, outbound: false}
"""


def test_a_search_by_place_buys_a_number_of_that_place_once() -> None:
    stack = Stack(World())
    text = IN_TOWN.replace("TOWN", "San Jose")
    stack.up(text)
    assert stack.engine.state.resources["PhoneNumber", "desk"].id[:5] in ("+1408", "+1669")
    stack.world.sandbox.journal.clear()
    assert (stack.preview(text), stack.up(text), stack.world.writes()) == ([], [], [])


def test_a_place_without_numbers_is_named_with_what_narrowed_the_search() -> None:
    stack = Stack(World())
    with pytest.raises(Failed) as caught:
        stack.up(IN_TOWN.replace("TOWN", "Nowhere"))
    assert [text for text in caught.value.messages if "region CA and locality Nowhere" in text]
    assert stack.world.writes() == []


def test_a_foreign_rule_for_an_extension_is_named_and_one_for_other_digits_is_not() -> None:
    stack = Stack(World())
    stack.up(FILE + line('"2000"'))
    livekit = stack.world.sandbox.livekit
    (trunk,) = livekit.inbound_trunks()
    theirs = {
        number: livekit.add_dispatch_rule(
            name="theirs",
            trunk_ids=[trunk["sip_trunk_id"]],
            numbers=[number],
            rule={"dispatch_rule_direct": {"room_name": "theirs"}},
        )["sip_dispatch_rule_id"]
        for number in ("2000", "000")
    }
    stack.world.notices.clear()
    stack.preview(FILE + line('"2000"'))
    told = "\n".join(stack.world.notices)
    assert (theirs["2000"] in told, theirs["000"] in told) == (True, False)
