"""`shared:` switched, lines that join and leave, on the real engine: ids are kept, and what moves alone is cut off."""

from __future__ import annotations

import pytest

from sandbox import Fault
from tests.engine.day import Day
from tests.engine.reach import answered
from tests.engine.stage import brief, edited

pytestmark = pytest.mark.engine

KINDS = ("InboundTrunk", "OutboundTrunk", "DispatchRule")
US, US_JOINS, US_LEAVES = "+16505551234", "+16505551235", "+16505551236"
GB, GB_JOINS, GB_LEAVES = "+447400123456", "+447400123501", "+447400123502"
DESK, DESK_JOINS, DESK_LEAVES = "+442071234567", "+442071234568", "+442071234569"
FILE = f"""\
version: 1
guard: {{max_purchases: 10}}
agents:
  support: {{agent_name: support-agent}}
trunks:
  us:
    provider: twilio
    domain_name: acme-us.pstn.twilio.com
    auth_username: livekit
    auth_password: {{secret: twilioTermination}}
    shared: true
  us-own:
    provider: twilio
    domain_name: acme-own.pstn.twilio.com
    auth_username: livekit
    auth_password: {{secret: twilioTermination}}
  gb: {{provider: vonage, shared: true}}
  gb-own: {{provider: vonage}}
  office: {{provider: custom, sip_address: sip.provider.com, shared: true}}
  office-own: {{provider: custom, sip_address: own.provider.com}}
numbers:
  a-us: {{phone_number: "{US}", trunk: us, agent: support}}
  us-joins: {{phone_number: "{US_JOINS}", trunk: us-own, agent: support}}
  us-leaves: {{phone_number: "{US_LEAVES}", trunk: us, agent: support}}
  a-gb: {{phone_number: "{GB}", trunk: gb, agent: support}}
  gb-joins: {{phone_number: "{GB_JOINS}", trunk: gb-own, agent: support}}
  gb-leaves: {{phone_number: "{GB_LEAVES}", trunk: gb, agent: support}}
  desk: {{phone_number: "{DESK}", trunk: office, agent: support}}
  desk-joins: {{phone_number: "{DESK_JOINS}", trunk: office-own, agent: support, removal: release}}
  desk-leaves: {{phone_number: "{DESK_LEAVES}", trunk: office, agent: support}}
"""
SHARED = ("us", "gb", "office")
OFFICE = {DESK, DESK_JOINS, DESK_LEAVES}
MOVES = [
    edit
    for trunk, line in (("us", "us"), ("gb", "gb"), ("office", "desk"))
    for edit in (
        (f"{line}-joins:", f"trunk: {trunk}-own", f"trunk: {trunk}"),
        (f"{line}-leaves:", f"trunk: {trunk},", f"trunk: {trunk}-own,"),
    )
]


def moved(text: str) -> str:
    """Let a line of each trunk leave it, and another one join it."""
    for name, old, new in MOVES:
        row = next(row for row in text.splitlines() if row.startswith(f"  {name}"))
        text = edited(text, row, edited(row, old, new).replace(", removal: release", ""))
    return text


def ids(day: Day, *owners: str) -> dict[str, str]:
    """Give the ids of these owners' objects at LiveKit, by kind and owner."""
    known = day.theatre.project.ids()
    return {f"{kind} {owner}": known[f"{kind} {owner}"] for kind in KINDS for owner in owners}


def numbers(told: list[str]) -> set[str]:
    """Give the numbers of which it is told what a write did to them."""
    return {one.partition(",")[0] for one in told}


def assert_those_alone_were_cut_off(day: Day, *moving: str) -> None:
    """LiveKit lets a number stand in one trunk: one that moves is in none between two requests."""
    day.moving = frozenset(moving)
    assert (numbers(day.cut), numbers(day.led_astray)) == (set(moving), set(moving) - OFFICE)
    assert len(answered(day.sandbox)) == 9
    assert (len(day.charged), day.released) == (6, [])
    day.settles()


def test_a_line_joins_and_a_line_leaves_each_shared_trunk_and_its_neighbours_are_never_cut_off(day: Day) -> None:
    before = ids(day, *SHARED)

    day.run("up", file=moved(FILE))

    assert ids(day, *SHARED) == before
    held = {
        number
        for trunk in day.sandbox.livekit.inbound_trunks()
        if trunk["name"] in SHARED
        for number in trunk["numbers"]
    }
    assert held == {US, GB, DESK, US_JOINS, GB_JOINS, DESK_JOINS}
    assert_those_alone_were_cut_off(day, US_JOINS, US_LEAVES, GB_JOINS, GB_LEAVES, DESK_JOINS, DESK_LEAVES)


# A custom line's own rule is protected, so that only marked lines come to share a trunk.
ON, OFF = "shared: true", "shared: false"
SWITCHED = FILE.replace(ON, OFF).replace(
    "trunk: office, agent: support}", "trunk: office, agent: support, removal: release}"
)


def test_sharing_ends_and_begins_again_with_the_first_lines_ids(day: Day) -> None:
    shared = ids(day, *SHARED)

    day.run("up", file=SWITCHED)

    apart = ids(day, "a-us", "a-gb", "desk")
    assert list(apart.values()) == list(shared.values())
    assert_those_alone_were_cut_off(day, US_LEAVES, GB_LEAVES, DESK_LEAVES)
    day.cut, day.led_astray = [], []
    mark = day.sandbox.journal.mark()

    day.run("up", file=FILE)

    assert ids(day, *SHARED) == shared
    assert [one.path for one in day.sandbox.journal.writes(mark) if one.vendor != "livekit"] == []
    assert_those_alone_were_cut_off(day, US_LEAVES, GB_LEAVES, DESK_LEAVES)


def test_a_line_that_leaves_is_cut_off_only_while_its_own_rule_is_made(day: Day) -> None:
    new = "  us-new: {provider: twilio, auth_username: livekit, auth_password: {secret: twilioTermination}}\nnumbers:\n"
    away = edited(edited(FILE, "numbers:\n", new), f'"{US_LEAVES}", trunk: us', f'"{US_LEAVES}", trunk: us-new')
    day.sandbox.faults.add(
        Fault("status", vendor="livekit", method="POST", path=".*/CreateSIPOutboundTrunk", status=400)
    )

    day.run("up", file=away, code=1)

    assert (day.cut, day.led_astray, US_LEAVES in answered(day.sandbox)) == ([], [], True)
    day.sandbox.faults.clear()
    mark = day.sandbox.journal.mark()
    day.run("up")
    writes = [brief(one) for one in day.sandbox.journal.writes(mark)]
    made = [write for write in writes if write.startswith("Create")]
    assert made == ["CreateSIPOutboundTrunk", "CreateSIPInboundTrunk", "CreateSIPDispatchRule"]
    # Of what else is due the engine may write this one at the same time: it keeps the line waiting for nothing.
    beside = writes[writes.index("CreateSIPInboundTrunk") + 1 : writes.index("CreateSIPDispatchRule")]
    assert beside in ([], ["UpdateSIPOutboundTrunk"])
    assert_those_alone_were_cut_off(day, US_LEAVES)


def test_a_move_that_ctrl_c_stops_is_finished_by_the_next_update(day: Day) -> None:
    before = ids(day, *SHARED)
    day.theatre.project.write_inventory(moved(FILE))

    assert day.interrupted("up", at=("livekit", "POST", ".*/UpdateSIPInboundTrunk")) != 0
    day.run("up")

    assert ids(day, *SHARED) == before
    assert_those_alone_were_cut_off(day, US_JOINS, US_LEAVES, GB_JOINS, GB_LEAVES, DESK_JOINS, DESK_LEAVES)
