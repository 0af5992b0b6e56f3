"""What is made beside an adopted trunk that is secure can speak with it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dynamic import adopted
from tests.dynamic.adopted import refusal
from tests.dynamic.at_twilio import CALLS_OUT, NUMBER, OURS, SECURE, file_of, held, seed
from tests.support.model_engine import State
from tests.support.world import Stack, World


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


def spoken(stack: Stack) -> tuple[set[str], list[str], list[str]]:
    """Give the encryption of all LiveKit trunks, the transports of those for calls out, and the routes of the trunk."""
    ins, outs = held(stack, "InboundTrunk"), held(stack, "OutboundTrunk")
    (trunk,) = [one.id for one in stack.world.process().adapter("SipTrunk").list()]
    urls = [one["sipUrl"] for one in held(stack, "OriginationUrl", trunk)]
    return {one["mediaEncryption"] for one in (*ins, *outs)}, [one["transport"] for one in outs], urls


@pytest.mark.parametrize("adopts", [True, False], ids=["the line adopts too", "a new line"])
def test_what_is_made_beside_a_secure_trunk_speaks_with_it(stack: Stack, adopts: bool) -> None:
    seed(stack, secure=True)
    text = file_of(trunk=CALLS_OUT).replace(", outbound: false", "")
    if not adopts:
        stack.world.sandbox.twilio.edit_number(NUMBER, trunk_sid="", friendly_name="trunkline:acme/test/a")
        text = text.replace("agent: desk, adopt: true", "agent: desk")

    stack.up(text)
    mark = stack.world.sandbox.journal.mark()

    assert spoken(stack) == ({"require"}, ["tls"], [SECURE])
    assert stack.preview(text) == []
    stack.engine.state = State()
    stack.up(text)
    assert stack.world.sandbox.journal.writes(mark) == []
    named = text.replace("pstn.twilio.com, adopt: true", "pstn.twilio.com, transport: tls, media_encryption: require")
    stack.up(named.replace(", auth_username", ", transfer_mode: disable-all, auth_username"))
    assert spoken(stack) == ({"require"}, ["tls"], [SECURE])


@pytest.mark.parametrize("route", [SECURE, OURS])
def test_the_route_of_a_secure_trunk_is_taken_and_no_second_one_made(stack: Stack, route: str) -> None:
    trunk = seed(stack, {"sipUrl": route, "weight": 5, "priority": 2}, secure=True)

    stack.up(file_of())

    assert [(one["sipUrl"], one["weight"]) for one in held(stack, "OriginationUrl", trunk)] == [(SECURE, 5)]
    told = f"sipUrl: {OURS} => {SECURE}" in "\n".join(stack.world.notices)
    assert told == (route == OURS)
    assert stack.preview(file_of()) == []


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"trunk": ", transport: tcp"}, "its `transport: tcp` cannot speak with it"),
        ({"line": ", media_encryption: disable"}, 'the `media_encryption: disable` of line "a" cannot speak with it'),
    ],
)
def test_what_could_not_speak_with_a_secure_trunk_is_refused(stack: Stack, more: dict[str, str], told: str) -> None:
    seed(stack, secure=True)

    assert told in refusal(stack, file_of(**more))


def test_so_is_an_agent_whose_rule_would_not(stack: Stack) -> None:
    seed(stack, secure=True)
    text = file_of().replace("agent_name: desk-agent", "agent_name: desk-agent, media_encryption: disable")

    assert 'the `media_encryption: disable` of agent "desk" cannot speak with it' in refusal(stack, text)
    stack.up(text.replace("disable}", "require}"))


def test_a_livekit_trunk_that_stays_without_encryption_beside_a_secure_one_is_told(stack: Stack) -> None:
    seed(stack, secure=True)
    made = stack.world.sandbox.livekit.add_inbound_trunk(name="by hand", numbers=[NUMBER])["sip_trunk_id"]

    stack.preview(file_of())

    assert any(f"InboundTrunk {made} does not encrypt its calls" in notice for notice in stack.world.notices)


def test_a_stack_that_borrows_a_secure_trunk_speaks_with_it_too() -> None:
    world = World()
    owner, other = Stack(world, name="a", fleet="acme/a"), Stack(world, name="b", fleet="acme/b")
    seed(owner, secure=True)
    rows = file_of(trunk=", owner: a" + CALLS_OUT, line=", stacks: [a]")
    text = rows + '  b: {provider: twilio, phone_number: "+16505551235", agent: desk, stacks: [b], outbound: false}\n'
    owner.up(text)

    other.up(text)

    assert [one["mediaEncryption"] for one in held(other, "InboundTrunk")] == ["require", "require"]


def test_a_trunk_that_is_not_secure_is_spoken_with_in_clear(stack: Stack) -> None:
    seed(stack)

    stack.up(file_of(trunk=CALLS_OUT).replace(", outbound: false", ""))

    assert spoken(stack) == ({"disable"}, ["auto"], [OURS])


def test_a_secure_trunk_is_opened_only_by_its_own_word(stack: Stack) -> None:
    seed(stack, secure=True)

    stack.up(file_of(trunk=", media_encryption: allow"))

    assert [one["secure"] for one in held(stack, "SipTrunk")] == [False]


REQUIRE = "SIP_MEDIA_ENCRYPT_REQUIRE"


@pytest.mark.parametrize("weaker", ["allow", "disable"])
@pytest.mark.parametrize(
    ("rule", "trunk"),
    [
        ({"media": {"encryption": REQUIRE}}, {}),
        ({"media_encryption": REQUIRE}, {}),
        ({}, {"media_encryption": REQUIRE}),
    ],
    ids=["the rule's", "the rule's in the deprecated field", "the trunk's"],
)
def test_an_agent_opens_no_encryption_of_what_is_adopted_but_the_line_may(
    stack: Stack, rule: dict[str, Any], trunk: dict[str, Any], weaker: str
) -> None:
    adopted.seed(stack, [adopted.A], rule, **trunk)
    agent = f", media_encryption: {weaker}"

    for line in ("", ", media_encryption: require"):
        told = refusal(stack, adopted.file_of(adopted.line("a", adopted.A, line), agent=agent))
        assert "it encrypts media (mediaEncryption); the agent's `media_encryption` would open it" in told
        assert "Leave it out of the agent, or write `media_encryption` on the line or its trunk" in told
    stack.up(adopted.file_of(adopted.line("a", adopted.A, agent), agent=agent))

    (live,) = stack.world.process().adapter("DispatchRule").list()
    assert live.every["mediaEncryption"] == weaker


def test_an_agent_may_make_an_adopted_rule_encrypt(stack: Stack) -> None:
    adopted.seed(stack, [adopted.A])

    stack.up(adopted.file_of(adopted.line("a", adopted.A), agent=", media_encryption: require"))

    (live,) = stack.world.process().adapter("DispatchRule").list()
    assert live.every["mediaEncryption"] == "require"
