"""Every shape of line: what is made for it, that a second run changes nothing, and what its removal leaves."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.dynamic.inventories import ALL, BOUGHT, CUSTOM, VONAGE, having, inventory
from tests.support.world import Stack, World

SHARED_HEAD = """\
version: 1
guard: {max_releases: 5}
agents:
  support: {agent_name: support-agent}
trunks:
  office: {provider: custom, sip_address: sip.provider.com, shared: true}
"""
FIRST = '{phone_number: "+442071234567", trunk: office, agent: support}'
SECOND = '{phone_number: "+442071234568", trunk: office, agent: support}'
INLINE = (
    '{provider: custom, phone_number: "+442071234569", sip_address: other.provider.com, sip_provider: BT,'
    " auth_username: user, auth_password: {secret: ukOfficePassword}, krisp_enabled: true, label: Inline,"
    " agent: support}"
)
SHAPES = {
    "twilio by number": (BOUGHT, {"InboundTrunk": 1, "OutboundTrunk": 1, "DispatchRule": 1, "PhoneNumber": 1}),
    "vonage by search": (VONAGE, {"InboundTrunk": 1, "OutboundTrunk": 1, "DispatchRule": 1, "PhoneNumber": 1}),
    "custom on a trunk": (CUSTOM, {"InboundTrunk": 1, "OutboundTrunk": 1, "DispatchRule": 1}),
    "custom with its own address": (INLINE, {"InboundTrunk": 1, "OutboundTrunk": 1, "DispatchRule": 1}),
    "calls in alone": (
        having(BOUGHT, "outbound: false"),
        {"InboundTrunk": 1, "DispatchRule": 1, "PhoneNumber": 1},
    ),
    "calls out alone": (
        "{provider: vonage, search: {country: GB, type: mobile}, inbound: false}",
        {"OutboundTrunk": 1, "PhoneNumber": 1},
    ),
    "custom, calls out alone": (
        '{provider: custom, phone_number: "+442071234567", trunk: uk-office, inbound: false}',
        {"OutboundTrunk": 1},
    ),
}
OF_THE_TRUNK = {"Fleet", "SipTrunk", "OriginationUrl", "CredentialList", "Credential", "TrunkCredentialList"}


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


def kinds(stack: Stack) -> dict[str, int]:
    """Count the resources of lines by kind."""
    return dict(Counter(kind for kind, _ in stack.engine.state.resources if kind not in OF_THE_TRUNK))


@pytest.mark.parametrize("shape", SHAPES)
def test_a_line_has_exactly_the_objects_that_it_needs(stack: Stack, shape: str) -> None:
    line, expected = SHAPES[shape]

    stack.up(inventory({"line": line}))

    assert kinds(stack) == expected
    assert stack.up(inventory({"line": line})) == []


@pytest.mark.parametrize("shape", SHAPES)
def test_a_marked_line_goes_with_everything_that_is_its_own(stack: Stack, shape: str) -> None:
    line, _ = SHAPES[shape]
    stack.up(inventory({"line": line}))
    stack.up(inventory({"line": having(line, "removal: release")}))

    stack.up(inventory({}))

    sandbox = stack.world.sandbox
    assert kinds(stack) == {}
    assert sandbox.livekit.inbound_trunks() + sandbox.livekit.outbound_trunks() == ()
    assert sandbox.livekit.dispatch_rules() == ()
    assert [release.number for release in sandbox.ledger.releases()] == [
        charge.number for charge in sandbox.ledger.charges()
    ]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_marked_line_that_is_kept_stays_in_the_account_without_our_tag(stack: Stack, shape: str) -> None:
    line, _ = SHAPES[shape]
    stack.up(inventory({"line": line}))
    stack.up(inventory({"line": having(line, "removal: keep")}))

    stack.up(inventory({}))

    sandbox = stack.world.sandbox
    livekit = sandbox.livekit.inbound_trunks() + sandbox.livekit.outbound_trunks() + sandbox.livekit.dispatch_rules()
    assert "acme/test/line" not in str(livekit)
    assert bool(livekit) == ("provider: custom" in line)
    assert sandbox.ledger.releases() == []
    assert "acme/test/line" not in str([sandbox.twilio.number(number) for number in sandbox.twilio.numbers()])
    assert "sip:" not in str([sandbox.vonage.number(number) for number in sandbox.vonage.numbers()])


def test_lines_of_a_shared_trunk_share_its_livekit_objects(stack: Stack) -> None:
    lines = {"first": FIRST, "second": SECOND}

    stack.up(inventory(lines, SHARED_HEAD))

    (trunk,) = stack.world.sandbox.livekit.inbound_trunks()
    assert kinds(stack) == {"InboundTrunk": 1, "OutboundTrunk": 1, "DispatchRule": 1}
    assert trunk["numbers"] == ["+442071234567", "+442071234568"]
    assert stack.up(inventory(lines, SHARED_HEAD)) == []


def test_a_line_leaves_a_shared_trunk_in_place_and_only_marked(stack: Stack) -> None:
    stack.up(inventory({"first": FIRST, "second": SECOND}, SHARED_HEAD))
    ids = stack.ids()
    marked = {"first": FIRST, "second": having(SECOND, "removal: release")}
    stack.up(inventory(marked, SHARED_HEAD))

    stack.up(inventory({"first": FIRST}, SHARED_HEAD))

    (trunk,) = stack.world.sandbox.livekit.inbound_trunks()
    assert trunk["numbers"] == ["+442071234567"]
    assert stack.ids() == ids


def test_a_password_is_in_the_state_only_where_pulumi_marks_it(stack: Stack) -> None:
    """The secret stays under one key; any other place would be stored in clear."""
    stack.up(inventory(ALL))
    stack.up(inventory(ALL))

    keys = {
        (key[0], name)
        for key, recorded in stack.engine.state.resources.items()
        for values in (recorded.inputs, recorded.outputs)
        for name, value in values.items()
        for secret in stack.engine.secrets.values()
        if len(secret) > len("livekit") and secret in str(value)
    }
    assert keys == {("OutboundTrunk", "authPassword"), ("Credential", "password")}
