"""Small files, each with a field that few need: they load, are applied, and a second update is silent."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.world import Stack, World

AGENT, ROOM = "{agent_name: desk-agent}", '{agent_name: desk-agent, room: open-room, pin: "12345"}'
AT_PBX = '{provider: custom, phone_number: "+16505550100", sip_address: pbx.example.com, agent: desk'
FILES: dict[str, tuple[str, str, str]] = {
    "destination country": (
        AGENT,
        '{provider: custom, phone_number: "+33199001234", sip_address: sip.example.com, agent: desk,'
        " destination_country: FR}",
        "OutboundTrunk destinationCountry FR",
    ),
    "direct room": (ROOM, f"{AT_PBX}}}", "DispatchRule roomName open-room"),
    "headers to attributes": (
        AGENT,
        f"{AT_PBX}, headers_to_attributes: {{X-Account: account}}, include_headers: x}}",
        "InboundTrunk headersToAttributes {'X-Account': 'account'}",
    ),
    "hidden number": (AGENT, f"{AT_PBX}, hide_phone_number: true}}", "DispatchRule hidePhoneNumber True"),
    "extension": (
        AGENT,
        '{provider: custom, called_number: "2000", sip_address: pbx.example.com, agent: desk}',
        "InboundTrunk numbers ['2000']",
    ),
    "room settings": (
        "{agent_name: desk-agent, room_config: {empty_timeout: 300, max_participants: 4}}",
        f"{AT_PBX}}}",
        "DispatchRule emptyTimeout 300",
    ),
    "search by town": (
        AGENT,
        "{provider: twilio, search: {country: US, region: CA, locality: San Jose}, agent: desk, outbound: false}",
        "InboundTrunk name desk",
    ),
    "metadata as text": (
        '{agent_name: desk-agent, metadata: "job dispatch metadata"}',
        f"{AT_PBX}}}",
        "DispatchRule agents [{'agentName': 'desk-agent', 'metadata': 'job dispatch metadata'}]",
    ),
    "two agents": (
        "{agent_name: desk-agent}, scribe: {agent_name: scribe}",
        f"{AT_PBX.replace('agent: desk', 'agent: [desk, scribe]')}}}",
        "DispatchRule agents [{'agentName': 'desk-agent', 'metadata': ''}, {'agentName': 'scribe', 'metadata': ''}]",
    ),
}


def live(stack: Stack, kind: str, name: str) -> Any:
    (one,) = stack.world.process().adapter(kind).list()
    return one.every[name]


@pytest.mark.parametrize(("agents", "line", "held"), FILES.values(), ids=FILES)
def test_a_rare_field_is_applied_and_a_second_update_is_silent(agents: str, line: str, held: str) -> None:
    stack = Stack(World())
    text = f"version: 1\nagents: {{desk: {agents}}}\nnumbers:\n  desk: {line}\n"
    stack.up(text)
    kind, name, value = held.split(" ", 2)
    found = str(live(stack, kind, name))
    stack.world.sandbox.journal.clear()
    assert (found, stack.up(text), stack.world.writes()) == (value, [], [])
