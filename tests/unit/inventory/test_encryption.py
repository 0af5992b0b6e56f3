"""What no call survives is refused offline: SRTP without TLS, and a line that demands what its trunk does not speak."""

from __future__ import annotations

import pytest

from trunkline.errors import InventoryError
from trunkline.inventory import parse, warnings

HEAD = """\
version: 1
agents: {desk: {agent_name: desk}}
trunks:
"""
NUMBERS = {"twilio": "+16505551234", "vonage": "+442079460123", "custom": "+442071234567"}


def file_of(provider: str, trunk: str, line: str) -> str:
    declared = f"  t: {{provider: {provider}{trunk}}}\n" if trunk is not None else ""
    keys = f'provider: {provider}, phone_number: "{NUMBERS[provider]}", agent: desk{line}'
    return f"{HEAD}{declared}numbers:\n  a: {{{keys}}}\n"


def problems(text: str) -> list[tuple[str, int]]:
    try:
        parse(text, "numbers.yaml")
    except InventoryError as error:
        return [(problem.rule, problem.line) for problem in error.problems]
    return []


@pytest.mark.parametrize("provider", ["twilio", "vonage"])
@pytest.mark.parametrize(
    ("trunk", "line", "expected"),
    [
        (", media_encryption: require", "", [("srtp-without-tls", 4)]),
        (", media_encryption: require, transport: tcp", "", [("srtp-without-tls", 4)]),
        (", media_encryption: require, transport: udp", "", [("srtp-without-tls", 4)]),
        (", media_encryption: require, transport: tls", "", []),
        (", media_encryption: require, transport: tls", ", media_encryption: allow", []),
        (", media_encryption: require, transport: tls", ", media_encryption: require", []),
        (", media_encryption: require, transport: tls", ", media_encryption: disable", [("encryption-mismatch", 6)]),
        (", media_encryption: allow", "", []),
        (", transport: tls", "", []),
        (", transport: tls", ", media_encryption: require", [("encryption-mismatch", 6)]),
        ("", ", media_encryption: require", [("encryption-mismatch", 6)]),
        ("", ", media_encryption: require, inbound: false", [("encryption-mismatch", 6)]),
        ("", ", media_encryption: require, outbound: false", [("encryption-mismatch", 6)]),
        (", media_encryption: allow", ", media_encryption: require", [("encryption-mismatch", 6)]),
        ("", ", media_encryption: allow", []),
    ],
)
def test_a_carrier_s_encryption_fits_its_transport_and_its_lines(
    provider: str, trunk: str, line: str, expected: list[tuple[str, int]]
) -> None:
    assert problems(file_of(provider, trunk, line)) == expected


@pytest.mark.parametrize("provider", ["twilio", "vonage"])
def test_a_line_without_a_declared_trunk_has_no_encryption(provider: str) -> None:
    keys = f'provider: {provider}, phone_number: "{NUMBERS[provider]}", agent: desk, media_encryption: require'
    text = f"version: 1\nagents: {{desk: {{agent_name: desk}}}}\nnumbers:\n  a: {{{keys}}}\n"
    assert problems(text) == [("encryption-mismatch", 4)]


def test_the_refusal_gives_twilio_s_reason_and_the_way_out() -> None:
    with pytest.raises(InventoryError) as raised:
        parse(file_of("twilio", ", media_encryption: require", ""), "numbers.yaml")
    assert [(problem.message, problem.fix) for problem in raised.value.problems] == [
        (
            'trunk "t": it requires SRTP with `transport: auto`, but Twilio accepts secure calls over TLS alone'
            " (error 32209), so every call fails",
            "add `transport: tls`, or delete `media_encryption`",
        )
    ]


def of_agent(encryption: str, provider: str, trunk: str, line: str = "") -> list[tuple[str, int]]:
    agents = f"agents: {{desk: {{agent_name: desk, media_encryption: {encryption}}}, scribe: {{agent_name: scribe}}}}"
    return problems(file_of(provider, trunk, line).replace("agents: {desk: {agent_name: desk}}", agents))


SECURE = ", media_encryption: require, transport: tls"


@pytest.mark.parametrize("provider", ["twilio", "vonage"])
@pytest.mark.parametrize(
    ("encryption", "trunk", "line", "expected"),
    [
        ("require", "", "", [("encryption-mismatch", 6)]),
        ("require", ", transport: tls", "", [("encryption-mismatch", 6)]),
        ("require", SECURE, "", []),
        ("require", "", ", inbound: false", []),
        ("allow", "", "", []),
        ("allow", SECURE, "", []),
        ("disable", "", "", []),
        ("disable", SECURE, "", [("encryption-mismatch", 6)]),
        ("disable", SECURE, ", media_encryption: require", [("encryption-mismatch", 6)]),
        ("disable", SECURE, ", outbound: false", [("encryption-mismatch", 6)]),
    ],
)
def test_an_agent_s_encryption_which_its_rule_sets_over_the_trunk_s_fits_too(
    provider: str, encryption: str, trunk: str, line: str, expected: list[tuple[str, int]]
) -> None:
    assert of_agent(encryption, provider, trunk, line) == expected


def test_a_further_agent_s_encryption_is_no_rule_s() -> None:
    assert of_agent("require", "twilio", "").pop() == ("encryption-mismatch", 6)
    text = file_of("twilio", "", "").replace("agent: desk", "agent: [scribe, desk]")
    agents = "agents: {desk: {agent_name: desk, media_encryption: require}, scribe: {agent_name: scribe}}"
    assert problems(text.replace("agents: {desk: {agent_name: desk}}", agents)) == []


@pytest.mark.parametrize(
    ("trunk", "line", "expected"),
    [
        ("acme.pstn.twilio.com", "", []),
        ("acme.pstn.twilio.com, media_encryption: require, transport: tls", "", []),
        ("acme.pstn.twilio.com, media_encryption: require", "", [("srtp-without-tls", 6)]),
        ("ACME.pstn.Twilio.com, media_encryption: require, transport: udp", "", [("srtp-without-tls", 6)]),
        (
            '"acme.pstn.dublin.twilio.com:5060", media_encryption: require, transport: tcp',
            "",
            [("srtp-without-tls", 6)],
        ),
        ("acme.pstn.twilio.com", ", media_encryption: require", [("srtp-without-tls", 6)]),
        ("acme.pstn.twilio.com, media_encryption: require", ", media_encryption: allow", []),
        ("acme.pstn.twilio.com, media_encryption: require", ", outbound: false", []),
        ("pstn.twilio.com.example.com, media_encryption: require", "", []),
    ],
)
def test_a_custom_trunk_to_twilio_takes_tls_for_srtp_too(
    trunk: str, line: str, expected: list[tuple[str, int]]
) -> None:
    assert problems(file_of("custom", f", sip_address: {trunk}", f", trunk: t{line}")) == expected


def test_so_does_a_line_with_its_own_address() -> None:
    keys = 'provider: custom, phone_number: "+442071234567", agent: desk, sip_address: acme.pstn.twilio.com'
    text = f"version: 1\nagents: {{desk: {{agent_name: desk}}}}\nnumbers:\n  a: {{{keys}, media_encryption: require}}\n"
    assert problems(text) == [("srtp-without-tls", 4)]


@pytest.mark.parametrize(
    "host", ["acme.livekit.cloud", "ACME.LiveKit.cloud", '"acme.livekit.cloud:5061", transport: tls']
)
def test_the_websocket_host_is_no_sip_address(host: str) -> None:
    assert problems(file_of("custom", f", sip_address: {host}", ", trunk: t")) == [("address", 4)]


def found(trunk: str, line: str = "") -> list[tuple[str, int]]:
    inventory = parse(file_of("custom", f", sip_address: {trunk}", f", trunk: t{line}"), "numbers.yaml")
    return [(warning.rule, warning.line) for warning in warnings(inventory)]


@pytest.mark.parametrize(
    ("trunk", "line", "expected"),
    [
        ("sip.example.com", "", []),
        ("sip.example.com, media_encryption: require, transport: tls", "", []),
        ("sip.example.com, media_encryption: require", "", [("srtp-in-clear", 4)]),
        ("sip.example.com", ", media_encryption: require", [("srtp-in-clear", 6)]),
        ('"sip.example.com:5061", transport: tcp', "", [("port-transport", 4)]),
        ('"sip.example.com:5060", transport: tls', "", [("port-transport", 4)]),
        ('"sip.example.com:5061", transport: tls', "", []),
        ('"sip.example.com:5080", transport: udp', "", []),
        ("acme.sip.livekit.cloud", "", [("sip-address", 4)]),
    ],
)
def test_what_is_odd_about_a_custom_trunk_is_a_warning(trunk: str, line: str, expected: list[tuple[str, int]]) -> None:
    assert found(trunk, line) == expected


TWILIO = (
    "54.172.60.0/30, 54.244.51.0/30, 54.171.127.192/30, 35.156.191.128/30, 54.65.63.192/30, 54.169.127.128/30,"
    " 54.252.254.64/30"
)


@pytest.mark.parametrize(
    ("networks", "missing"),
    [
        (f"{TWILIO}, 177.71.206.192/30", ""),
        (f"{TWILIO}, 177.71.206.192, 177.71.206.193, 177.71.206.194, 177.71.206.195", ""),
        ("0.0.0.0/0", ""),
        (TWILIO, "177.71.206.192/30"),
        (f"{TWILIO}, 177.71.206.192/31", "177.71.206.192/30"),
    ],
)
def test_an_allow_list_that_keeps_the_carrier_out_is_a_warning(networks: str, missing: str) -> None:
    keys = f'provider: twilio, phone_number: "+16505551234", agent: desk, allowed_addresses: [{networks}]'
    inventory = parse(f"{HEAD}  t: {{provider: twilio}}\nnumbers:\n  a: {{{keys}}}\n", "numbers.yaml")
    message = f'line "a": allowed_addresses leave out {missing}, from which twilio may send calls'
    assert [warning.message for warning in warnings(inventory)] == ([message] if missing else [])
