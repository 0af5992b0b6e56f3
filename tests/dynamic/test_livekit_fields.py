"""LiveKit's further fields: what the file names is written, what it names no more is taken back, the rest stays."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dynamic import recordings
from tests.support.world import SECRETS, Stack, World

FILE = """\
version: 1
agents:
  desk: {{agent_name: desk-agent{agent}}}
  scribe: {{agent_name: scribe{scribe}}}
  anyone: {{automatic_dispatch: true}}
trunks:
  pbx: {{provider: custom, sip_address: pbx.example.com{trunk}}}
numbers:
  a: {{trunk: pbx, phone_number: "+16505550100", agent: {called}{line}}}
"""


def file_of(line: str = "", *, agent: str = "", trunk: str = "", scribe: str = "", called: str = "desk") -> str:
    """Give a file with further keys of each entry."""
    return FILE.format(line=line, agent=agent, trunk=trunk, scribe=scribe, called=called)


PLAIN = file_of()
ROOM = {"room_config": {"agents": [{"agent_name": "desk-agent"}]}}


def both(fields: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {"inbound": fields, "outbound": fields}


def config(**fields: Any) -> dict[str, Any]:
    return {"room_config": {**fields, **ROOM["room_config"]}}


# What the file names -> the kinds, and what they hold beside what they hold without it.
CASES: dict[str, tuple[str, dict[str, dict[str, Any]]]] = {
    "headers to attributes": (
        file_of(", headers_to_attributes: {X-Account: account}, include_headers: x"),
        both({"headers_to_attributes": {"X-Account": "account"}, "include_headers": "SIP_X_HEADERS"}),
    ),
    "attributes to headers, of the trunk": (
        file_of(trunk=", attributes_to_headers: {tenant: X-Tenant}"),
        both({"attributes_to_headers": {"tenant": "X-Tenant"}}),
    ),
    "a line over its trunk": (
        file_of(", include_headers: none", trunk=", include_headers: all"),
        {},
    ),
    "media": (
        file_of(", media: {codecs: [{name: PCMU, rate: 8000}], only_listed_codecs: true, media_timeout: 30}"),
        both(
            {
                "media": {
                    "only_listed_codecs": True,
                    "codecs": [{"name": "PCMU", "rate": 8000}],
                    "encryption": "SIP_MEDIA_ENCRYPT_DISABLE",
                    "media_timeout": "30s",
                }
            }
        ),
    ),
    "the answer to a call that rings too long": (
        file_of(", ringing_timeout: 15, ringing_timeout_status: 503"),
        {"inbound": {"ringing_timeout": "15s", "ringing_timeout_status": "SIP_STATUS_SERVICE_UNAVAILABLE"}},
    ),
    "realm": (file_of(", auth_realm: pbx"), {"inbound": {"auth_realm": "pbx"}}),
    "destination country": (file_of(", destination_country: FR"), {"outbound": {"destination_country": "FR"}}),
    "from host": (file_of(", from_host: calls.example.com"), {"outbound": {"from_host": "calls.example.com"}}),
    "hidden number": (file_of(", hide_phone_number: true"), {"rule": {"hide_phone_number": True}}),
    "participant's metadata": (file_of(", metadata: vip"), {"rule": {"metadata": "vip"}}),
    "one room with a PIN": (
        file_of(agent=', room: open-room, pin: "12345"'),
        {"rule": {"rule": {"dispatch_rule_direct": {"room_name": "open-room", "pin": "12345"}}}},
    ),
    "a room for each number called": (
        file_of(agent=", dispatch_rule: callee, randomize: true"),
        {"rule": {"rule": {"dispatch_rule_callee": {"room_prefix": "call-", "randomize": True}}}},
    ),
    "rooms without a random end": (
        file_of(agent=", no_randomness: true"),
        {"rule": {"rule": {"dispatch_rule_individual": {"room_prefix": "call-", "no_randomness": True}}}},
    ),
    "PIN by secret": (
        file_of(agent=", pin: {secret: ukOfficePassword}"),
        {"rule": {"rule": {"dispatch_rule_individual": {"room_prefix": "call-", "pin": SECRETS["ukOfficePassword"]}}}},
    ),
    "the rule's own": (
        file_of(agent=", krisp_enabled: true, media_encryption: require, room_preset: voice"),
        {
            "rule": {
                "krisp_enabled": True,
                "media_encryption": "SIP_MEDIA_ENCRYPT_REQUIRE",
                "media": {"encryption": "SIP_MEDIA_ENCRYPT_REQUIRE"},
                "room_preset": "voice",
            }
        },
    ),
    "room": (
        file_of(agent=", room_config: {empty_timeout: 300, max_participants: 4, tags: {team: growth}}"),
        {"rule": config(empty_timeout=300, max_participants=4, tags={"team": "growth"})},
    ),
    "room, the rest": (
        file_of(
            agent=", room_config: {name: voice, departure_timeout: 20, metadata: m, min_playout_delay: 1,"
            " max_playout_delay: 2, sync_streams: true}"
        ),
        {
            "rule": config(
                name="voice",
                departure_timeout=20,
                metadata="m",
                min_playout_delay=1,
                max_playout_delay=2,
                sync_streams=True,
            )
        },
    ),
    "recordings": (
        file_of(agent=f", room_config: {{egress: {recordings.SAID}}}"),
        {"rule": config(egress=recordings.HELD)},
    ),
    "metadata as text": (
        file_of(agent=', metadata: "job dispatch metadata"'),
        {"rule": {"room_config": {"agents": [{"agent_name": "desk-agent", "metadata": "job dispatch metadata"}]}}},
    ),
    "several agents": (
        file_of(agent=", deployment: staging", scribe=", restart_policy: never", called="[desk, scribe]"),
        {
            "rule": {
                "room_config": {
                    "agents": [
                        {"agent_name": "desk-agent", "deployment": "staging"},
                        {"agent_name": "scribe", "restart_policy": "JRP_NEVER"},
                    ]
                }
            }
        },
    ),
    "attributes of the agent": (
        file_of(agent=", attributes: {voice: alto}"),
        {"rule": {"room_config": {"agents": [{"agent_name": "desk-agent", "attributes": {"voice": "alto"}}]}}},
    ),
    "nobody by name": (file_of(called="anyone"), {"rule": {"room_config": None}}),
}
every_case = pytest.mark.parametrize(("text", "more"), CASES.values(), ids=CASES)


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


def held(stack: Stack) -> dict[str, dict[str, Any]]:
    """Give the line's objects as they stand at LiveKit."""
    livekit = stack.world.sandbox.livekit
    kinds = {
        "inbound": livekit.inbound_trunks(),
        "outbound": livekit.outbound_trunks(),
        "rule": livekit.dispatch_rules(),
    }
    return {name: said(one) for name, (one,) in kinds.items()}


def said(value: Any) -> Any:
    """Leave out what says nothing: an empty message is to LiveKit what none is."""
    if not isinstance(value, dict):
        return value
    found = {key: said(one) for key, one in value.items()}
    return {key: one for key, one in found.items() if one not in (None, {})}


def plain() -> dict[str, dict[str, Any]]:
    fresh = Stack(World())
    fresh.up(PLAIN)
    return held(fresh)


def expected(more: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {name: said({**one, **more.get(name, {})}) for name, one in plain().items()}


@every_case
def test_what_the_file_names_stands_at_livekit_and_a_second_update_is_silent(
    stack: Stack, text: str, more: dict[str, dict[str, Any]]
) -> None:
    stack.up(text)
    assert held(stack) == expected(more)
    stack.world.sandbox.journal.clear()
    assert (stack.preview(text), stack.up(text), stack.world.writes()) == ([], [], [])


@every_case
def test_a_key_that_comes_later_is_written_in_place_and_taken_back_when_it_goes(
    stack: Stack, text: str, more: dict[str, dict[str, Any]]
) -> None:
    stack.up(PLAIN)
    ids = stack.ids()
    stack.up(text)
    assert (held(stack), stack.ids()) == (expected(more), ids)
    stack.up(PLAIN)
    assert (held(stack), stack.ids(), stack.up(PLAIN)) == (plain(), ids, [])


@every_case
def test_what_was_changed_by_hand_is_drift_where_the_file_names_it(
    stack: Stack, text: str, more: dict[str, dict[str, Any]]
) -> None:
    stack.up(text)
    livekit, was = stack.world.sandbox.livekit, plain()
    for name, fields in more.items():
        ours = held(stack)[name]
        edited = {key: was[name].get(key) for key in fields}
        if name == "rule":
            livekit.edit_rule(ours["sip_dispatch_rule_id"], **edited)
        else:
            livekit.edit_trunk(ours["sip_trunk_id"], **edited)
    stack.up(text)
    assert held(stack) == expected(more)


BY_HAND: dict[str, dict[str, Any]] = {
    "inbound": {
        "headers_to_attributes": {"X-Old": "old"},
        "include_headers": "SIP_ALL_HEADERS",
        "ringing_timeout_status": "SIP_STATUS_BUSY_HERE",
        "auth_realm": "old",
        "media": {"only_listed_codecs": True, "encryption": "SIP_MEDIA_ENCRYPT_DISABLE"},
    },
    "outbound": {"destination_country": "DE", "from_host": "old.example.com", "attributes_to_headers": {"a": "X-A"}},
    "rule": {
        "rule": {"dispatch_rule_individual": {"room_prefix": "call-", "pin": "4711", "no_randomness": True}},
        "hide_phone_number": True,
        "metadata": "old",
        "krisp_enabled": True,
        "room_preset": "old",
        "room_config": {
            "empty_timeout": 60,
            "tags": {"old": "1"},
            "egress": {"room": {"room_name": "old"}},
            "agents": [{"agent_name": "desk-agent", "deployment": "old", "attributes": {"old": "1"}}],
        },
    },
}


def test_what_the_file_does_not_name_is_kept_by_every_edit(stack: Stack) -> None:
    stack.up(PLAIN)
    livekit, made = stack.world.sandbox.livekit, held(stack)
    livekit.edit_trunk(made["inbound"]["sip_trunk_id"], **BY_HAND["inbound"])
    livekit.edit_trunk(made["outbound"]["sip_trunk_id"], **BY_HAND["outbound"])
    livekit.edit_rule(made["rule"]["sip_dispatch_rule_id"], **BY_HAND["rule"])
    set_by_hand = held(stack)
    assert stack.up(PLAIN) == []
    stack.up(file_of(", label: Desk, headers: {X-Team: a}, attributes: {tenant: b}"))
    edits: dict[str, dict[str, Any]] = {
        "inbound": {"name": "Desk", "headers": {"X-Team": "a"}},
        "outbound": {"name": "Desk", "headers": {"X-Team": "a"}},
        "rule": {"attributes": {"tenant": "b"}},
    }
    assert held(stack) == {name: {**one, **edits[name]} for name, one in set_by_hand.items()}


def test_another_form_of_room_keeps_the_pin_that_was_set_by_hand(stack: Stack) -> None:
    stack.up(PLAIN)
    rule = {"dispatch_rule_individual": {"room_prefix": "call-", "pin": "4711"}}
    stack.world.sandbox.livekit.edit_rule(held(stack)["rule"]["sip_dispatch_rule_id"], rule=rule)
    stack.up(file_of(agent=", room: open-room"))
    assert held(stack)["rule"]["rule"] == {"dispatch_rule_direct": {"room_name": "open-room", "pin": "4711"}}


def test_a_pin_is_in_no_state_in_clear_where_the_file_names_a_secret(stack: Stack) -> None:
    stack.up(file_of(agent=", pin: {secret: ukOfficePassword}"))
    stack.world.sandbox.livekit.edit_rule(
        held(stack)["rule"]["sip_dispatch_rule_id"],
        rule={"dispatch_rule_individual": {"room_prefix": "call-", "pin": "998877"}},
    )
    assert "998877" not in str(stack.preview(file_of(agent=", pin: {secret: ukOfficePassword}")))
