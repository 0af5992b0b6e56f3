"""What the file and LIVEKIT_SIP_URI say together: ports that are another transport's, hosts that nobody reaches."""

from __future__ import annotations

import pytest

from tests.unit.plan.inventories import plan_of

HEAD = "version: 1\nagents: {desk: {agent_name: desk}}\n"
LINE = 'numbers:\n  a: {provider: vonage, phone_number: "+442079460123", agent: desk}\n'


def warned(sip_host: str, transport: str = "", line: str = LINE) -> list[tuple[str, int]]:
    trunk = f"trunks:\n  t: {{provider: vonage, transport: {transport}}}\n" if transport else ""
    return [(each.rule, each.line) for each in plan_of(HEAD + trunk + line, sip_host=sip_host).warnings]


@pytest.mark.parametrize(
    ("sip_host", "transport", "expected"),
    [
        ("x.sip.livekit.cloud", "", []),
        ("x.sip.livekit.cloud", "tls", []),
        ("x.sip.livekit.cloud", "udp", [("udp-to-cloud", 4)]),
        ("sip.example.com:5061", "", [("port-transport", 4)]),
        ("sip.example.com:5061", "tcp", [("port-transport", 4)]),
        ("sip.example.com:5061", "tls", []),
        ("sip.example.com:5060", "tls", [("port-transport", 4)]),
        ("sip.example.com:5060", "udp", []),
        ("192.168.0.7:5060", "tcp", [("private-sip-host", 4)]),
        ("localhost", "tcp", [("private-sip-host", 4)]),
        ("203.0.113.7", "tcp", []),
    ],
)
def test_what_is_odd_is_a_warning_at_the_trunk(sip_host: str, transport: str, expected: list[tuple[str, int]]) -> None:
    assert warned(sip_host, transport) == expected


def test_a_trunk_without_calls_in_has_no_way_to_livekit() -> None:
    assert warned("localhost", "tcp", LINE.replace("agent: desk", "inbound: false")) == []


def test_nor_has_a_custom_one() -> None:
    line = 'numbers:\n  a: {phone_number: "+442079460123", sip_address: sip.example.com, agent: desk}\n'
    assert warned("localhost", line=line) == []
