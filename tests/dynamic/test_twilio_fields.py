"""Fields of a Twilio trunk that are written only where the file names them."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.faults import Fault
from tests.support.world import Stack, World
from trunkline.errors import SettingsError
from trunkline.settings import Settings

FILE = """\
version: 1
agents: {{desk: {{agent_name: desk-agent}}}}
trunks:
  us: {{provider: twilio, domain_name: acme-us.pstn.twilio.com{more}}}
numbers:
  desk: {{trunk: us, search: {{country: US}}, agent: desk, outbound: false}}
"""
GIVEN = (
    ", disaster_recovery_url: https://desk.example.com/twiml, disaster_recovery_method: GET, cnam_lookup_enabled: true,"
    " transfer_caller_id: from-transferor"
)
PLAIN, NAMED = FILE.format(more=""), FILE.format(more=GIVEN)
NAMES = ("disaster_recovery_url", "disaster_recovery_method", "cnam_lookup_enabled", "transfer_caller_id")
AS_MADE = (None, "POST", False, "from-transferee")
AS_NAMED = ("https://desk.example.com/twiml", "GET", True, "from-transferor")


def trunk(stack: Stack) -> dict[str, Any]:
    (found,) = stack.world.sandbox.twilio.store.table("trunks").values()
    return dict(found)


def held(stack: Stack) -> tuple[Any, ...]:
    return tuple(trunk(stack)[name] for name in NAMES)


def test_they_are_made_with_the_trunk_and_a_second_update_is_silent() -> None:
    stack = Stack(World())
    stack.up(NAMED)
    stack.world.sandbox.journal.clear()
    assert (held(stack), stack.preview(NAMED), stack.up(NAMED), stack.world.writes()) == (AS_NAMED, [], [], [])


def test_they_come_and_go_with_their_keys_in_one_write_each() -> None:
    stack = Stack(World())
    stack.up(PLAIN)
    ids, found = stack.ids(), [held(stack)]
    stack.world.sandbox.journal.clear()
    for text in (NAMED, PLAIN):
        stack.up(text)
        found.append(tuple(value or AS_MADE[at] for at, value in enumerate(held(stack))))
    write = f"twilio POST /v1/Trunks/{trunk(stack)['sid']}"
    assert (found, stack.ids(), stack.world.writes()) == ([AS_MADE, AS_NAMED, AS_MADE], ids, [write, write])


RECORDED = FILE.format(more=", recording: {mode: record-from-answer-dual, trim: trim-silence}")
UNRECORDED = {"mode": "do-not-record", "trim": "do-not-trim"}


def test_a_recording_is_set_beside_the_trunk_and_goes_with_its_key() -> None:
    stack = Stack(World())
    stack.up(RECORDED)
    sid, found = trunk(stack)["sid"], [trunk(stack)["recording"]]
    stack.world.sandbox.journal.clear()
    silent = (stack.preview(RECORDED), stack.up(RECORDED))
    for text in (FILE.format(more=", recording: {trim: trim-silence}"), PLAIN):
        stack.up(text)
        found.append(trunk(stack)["recording"])
    assert (found, silent, stack.world.writes(), trunk(stack)["sid"]) == (
        [
            {"mode": "record-from-answer-dual", "trim": "trim-silence"},
            {"mode": "do-not-record", "trim": "trim-silence"},
            UNRECORDED,
        ],
        ([], []),
        [f"twilio POST /v1/Trunks/{sid}/Recording"] * 2,
        sid,
    )


def test_a_trunk_whose_recording_got_no_answer_is_the_same_trunk_after_the_next_update() -> None:
    world = World()
    stack = Stack(world)
    world.sandbox.faults.add(Fault("drop", vendor="twilio", method="POST", path="/Recording$"))
    stack.up(RECORDED)
    held = trunk(stack)
    assert (held["recording"], stack.preview(RECORDED)) == (
        {"mode": "record-from-answer-dual", "trim": "trim-silence"},
        [],
    )


def test_what_was_set_by_hand_stays_where_the_file_names_nothing() -> None:
    stack = Stack(World())
    stack.up(PLAIN)
    stack.world.sandbox.twilio.edit_record("trunk", trunk(stack)["sid"], cnam_lookup_enabled=True)
    stack.up(FILE.format(more=", transfer_mode: disable-all"))
    assert held(stack) == (None, "POST", True, "from-transferee")


def test_a_recovery_url_is_a_neighbour_until_the_file_has_it() -> None:
    stack = Stack(World())
    stack.up(PLAIN)
    stack.world.sandbox.twilio.edit_record("trunk", trunk(stack)["sid"], disaster_recovery_url=AS_NAMED[0])
    told = []
    for text in (PLAIN, NAMED):
        stack.world.notices.clear()
        stack.preview(text)
        told.append(sum("disaster recovery URL" in notice for notice in stack.world.notices))
    assert told == [1, 0]


ACCOUNT = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "token"}


@pytest.mark.parametrize(("name", "value"), [("TWILIO_REGION", "ie1"), ("TWILIO_EDGE", "dublin")])
def test_another_region_is_refused_before_anything_is_asked_there(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.load({**ACCOUNT, name: value}, lambda _: None)
    [problem] = raised.value.problems
    assert (problem.rule, problem.message) == (
        "malformed-setting",
        f"{name} is {value}, and lines are kept in the account's home region, us1, alone",
    )


def test_the_home_region_may_be_named() -> None:
    settings = Settings.load({**ACCOUNT, "TWILIO_REGION": "us1", "TWILIO_EDGE": ""}, lambda _: None)
    assert settings.configured == {"twilio"}
