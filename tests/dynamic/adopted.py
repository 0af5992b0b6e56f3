"""Files that adopt, and what stands at LiveKit before them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.support.model_engine import Failed
from tests.support.world import Stack

A, B = "+16505550123", "+16505550124"
HEAD = """\
version: 1
agents: {{desk: {{agent_name: desk-agent{agent}}}}}
{top}trunks:
  pbx: {{provider: custom, sip_address: sip.example.com{trunk}}}
numbers:
"""
GUARDED: dict[str, Any] = {
    "auth_username": "u",
    "auth_password": "p",
    "allowed_addresses": ["203.0.113.0/28"],
    "allowed_numbers": ["+16505550111"],
    "media_encryption": "SIP_MEDIA_ENCRYPT_REQUIRE",
    "krisp_enabled": True,
}
BOARD = {
    "name": "board room",
    "rule": {"dispatch_rule_direct": {"room_name": "board", "pin": "4711"}},
    "attributes": {"tenant": "7"},
    "room_config": {"agents": [{"agent_name": "desk-agent", "metadata": "plain text"}, {"agent_name": "scribe"}]},
}


def file_of(*lines: str, top: str = "", trunk: str = "", agent: str = "") -> str:
    """Give a file with these lines of the trunk `pbx`; `trunk` and `agent` are further keys."""
    return HEAD.format(top=top, trunk=trunk, agent=agent) + "".join(f"  {line}\n" for line in lines)


def line(name: str, number: str, more: str = "") -> str:
    return f'{name}: {{phone_number: "{number}", trunk: pbx, agent: desk, adopt: true, outbound: false{more}}}'


def seed(stack: Stack, numbers: list[str], rule: Mapping[str, Any] | None = None, **trunk: Any) -> str:
    """Make an inbound trunk and its rule by hand, and give the trunk's id."""
    livekit = stack.world.sandbox.livekit
    made: str = livekit.add_inbound_trunk(name="by hand", numbers=numbers, **trunk)["sip_trunk_id"]
    individual = {"dispatch_rule_individual": {"room_prefix": "call-"}}
    livekit.add_dispatch_rule(**{"name": "r", "trunk_ids": [made], "rule": individual, **(rule or {})})
    return made


def live(stack: Stack) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the only inbound trunk and the only rule."""
    livekit = stack.world.sandbox.livekit
    (trunk,), (rule,) = livekit.inbound_trunks(), livekit.dispatch_rules()
    return dict(trunk), dict(rule)


def inputs(stack: Stack, kind: str) -> dict[str, Any]:
    return stack.engine.state.resources[kind, "a"].inputs


def refusal(stack: Stack, text: str) -> str:
    """Preview and update are refused alike, and nothing is written."""
    mark = stack.world.sandbox.journal.mark()
    with pytest.raises(Failed) as preview:
        stack.preview(text)
    with pytest.raises(Failed) as up:
        stack.up(text)
    assert up.value.messages == preview.value.messages
    assert stack.world.sandbox.journal.writes(mark) == []
    return "\n".join(up.value.messages)
