"""A carrier's trunk that stacks share: what its owner's stack alone carries out there, no other stack has otherwise."""

from __future__ import annotations

import pytest

from trunkline.errors import InventoryError
from trunkline.inventory import parse

TEXT = """\
version: 1
agents: {e: {agent_name: y}}
trunks:
  main:
    provider: twilio
    owner: eu
    domain_name: acme.pstn.twilio.com
    by_stack: {us: {headers: {X-Stack: us}}}
numbers:
  a: {phone_number: "+442071234569", agent: e, trunk: main, stacks: [eu]}
  b: {phone_number: "+16505551234", agent: e, trunk: main, stacks: [us]}
"""
OURS = "us: {headers: {X-Stack: us}}"


def told(text: str) -> list[str]:
    try:
        parse(text, "numbers.yaml")
    except InventoryError as error:
        return [str(problem) for problem in error.problems]
    return []


def refused(key: str, column: int, stack: str = "us", carrier: str = "Twilio") -> str:
    return (
        f'numbers.yaml:8:{column}: trunk "main": stack {stack} has another {key} than its owner, stack eu, which alone'
        f" makes it at {carrier}: the trunk there is as eu has it [borrowed-trunk]; write `{key}` in the entry itself,"
        f" for all stacks, or declare a trunk that {stack} owns, for its lines"
    )


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        pytest.param("media_encryption: require, transport: tls", [("media_encryption", 21), ("transport", 48)]),
        pytest.param("transfer_mode: disable-all", [("transfer_mode", 21)]),
        pytest.param('fallback: "sip:desk@pbx.example.com"', [("fallback", 21)], id="fallback"),
        pytest.param('fallback: "https://acme.example/answer"', [("fallback", 21)], id="fallback-url"),
        pytest.param("domain_name: other.pstn.twilio.com", [("domain_name", 21)]),
        pytest.param(
            "auth_username: livekit, auth_password: {secret: a}", [("auth_username", 21), ("auth_password", 45)]
        ),
        pytest.param("recording: {mode: record-from-answer}", [("recording", 21)]),
        pytest.param("cnam_lookup_enabled: true, headers: {X-A: b}", [("cnam_lookup_enabled", 21)]),
        pytest.param(
            "ip_access_control_lists: [AL0123456789abcdef0123456789abcdef]", [("ip_access_control_lists", 21)]
        ),
        pytest.param("headers: {X-A: b}, ringing_timeout_status: 480, metadata: m", [], id="LiveKit's"),
        pytest.param("sip_address: acme.pstn.dublin.twilio.com", [], id="where we call it"),
        pytest.param("domain_name: acme.pstn.twilio.com", [], id="the same"),
    ],
)
def test_a_key_that_the_owner_alone_carries_out_is_refused_to_the_other_stacks(
    values: str, problems: list[tuple[str, int]]
) -> None:
    assert told(TEXT.replace(OURS, f"us: {{{values}}}")) == [refused(key, column) for key, column in problems]


def test_the_owner_s_own_value_is_refused_where_other_stacks_have_the_entry_s() -> None:
    text = TEXT.replace(OURS, "eu: {media_encryption: require, transport: tls}")
    assert told(text) == [refused("media_encryption", 21), refused("transport", 48)]


def test_both_stacks_may_say_the_same() -> None:
    both = ", ".join(f"{stack}: {{media_encryption: require, transport: tls}}" for stack in ("eu", "us"))
    assert told(TEXT.replace(OURS, both)) == []


def test_a_trunk_of_which_the_carrier_has_nothing_is_as_each_stack_says() -> None:
    """Vonage routes number by number, so that each stack carries out what it says."""
    text = TEXT.replace("provider: twilio", "provider: vonage").replace("    domain_name: acme.pstn.twilio.com\n", "")
    text = text.replace(OURS, 'us: {media_encryption: require, transport: tls, fallback: "sip:desk@pbx.example.com"}')
    assert told(text) == []


def test_a_value_of_a_stack_s_line_that_its_trunk_does_not_speak_is_refused() -> None:
    line = "agent: e, trunk: main, stacks: [us]"
    mismatch = (
        'line "b": it requires SRTP, but its trunk "main" does not: Twilio sends and takes RTP alone on a trunk that is'
        ' not secure, so LiveKit refuses every call [encryption-mismatch]; give trunk "main" `media_encryption:'
        " require` and `transport: tls`, or delete the line's"
    )
    by_stack = TEXT.replace(line, f"{line}, by_stack: {{us: {{media_encryption: require}}}}")
    of_line = TEXT.replace(line, f"{line}, media_encryption: require")
    assert [[one.partition(": ")[2] for one in told(text)] for text in (by_stack, of_line)] == [[mismatch], [mismatch]]
