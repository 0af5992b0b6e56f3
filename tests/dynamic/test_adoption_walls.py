"""Adoption opens no wall that the file does not name: not by defaults, not by a room's form, nor where it ends."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dynamic.adopted import A, file_of, line, refusal, seed
from tests.support.world import Stack, World


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


@pytest.mark.parametrize(
    ("wall", "defaults", "said"),
    [
        ({"allowed_numbers": ["+16505550111"]}, 'allowed_callers: ["+16505550112"]', "some callers alone"),
        ({"allowed_addresses": ["203.0.113.0/28"]}, "allowed_addresses: [203.0.113.0/24]", "some addresses alone"),
        ({"media_encryption": "SIP_MEDIA_ENCRYPT_REQUIRE"}, "media_encryption: allow", "it encrypts media"),
    ],
)
def test_defaults_open_no_wall_of_an_adopted_trunk_but_the_line_may(
    stack: Stack, wall: dict[str, Any], defaults: str, said: str
) -> None:
    seed(stack, [A], **wall)

    told = refusal(stack, file_of(line("a", A), top=f"defaults: {{{defaults}}}\n"))
    stack.up(file_of(line("a", A, f", {defaults}")))

    assert said in told
    assert "`defaults` would open it" in told


def test_defaults_may_raise_a_wall(stack: Stack) -> None:
    seed(stack, [A], allowed_addresses=["203.0.113.0/24"])

    stack.up(file_of(line("a", A), top="defaults: {allowed_addresses: [203.0.113.0/28], media_encryption: require}\n"))

    (trunk,) = stack.world.sandbox.livekit.inbound_trunks()
    assert trunk["allowed_addresses"] == ["203.0.113.0/28"]


def test_authentication_falls_only_where_the_trunk_itself_says_so(stack: Stack) -> None:
    seed(stack, [A], auth_username="u", auth_password="p")

    stack.up(file_of(line("a", A)))
    (kept,) = stack.world.sandbox.livekit.inbound_trunks()
    stack.up(file_of(line("a", A), trunk=", inbound_auth: false"))
    (opened,) = stack.world.sandbox.livekit.inbound_trunks()

    assert (kept["auth_username"], kept["auth_password"]) == ("u", "p")
    assert "auth_username" not in opened


def test_a_pin_does_not_fall_with_the_form_of_its_room(stack: Stack) -> None:
    seed(stack, [A], {"rule": {"dispatch_rule_direct": {"room_name": "board", "pin": "4711"}}})

    told = refusal(stack, file_of(line("a", A), agent=", room_prefix: desk-"))

    assert 'asks callers for a PIN, which would fall with the one room "board", with a PIN' in told
    assert "4711" not in told


def test_the_pin_of_a_rule_for_all_trunks_is_not_walked_around(stack: Stack) -> None:
    livekit = stack.world.sandbox.livekit
    livekit.add_inbound_trunk(name="by hand", numbers=[A])
    livekit.add_dispatch_rule(name="all", rule={"dispatch_rule_direct": {"room_name": "board", "pin": "4711"}})

    told = refusal(stack, file_of(line("a", A)))

    assert "callers need the PIN of rule SDR_" in told


@pytest.mark.parametrize(
    "wall",
    [
        {"allowed_numbers": ["+16505550111"]},
        {"allowed_addresses": ["203.0.113.0/28"]},
        {"media_encryption": "SIP_MEDIA_ENCRYPT_REQUIRE"},
        {"auth_username": "u", "auth_password": "p"},
    ],
)
def test_taking_adopt_off_opens_no_wall_that_the_file_does_not_name(stack: Stack, wall: dict[str, Any]) -> None:
    seed(stack, [A], **wall)
    stack.up(file_of(line("a", A)))

    told = refusal(stack, file_of(line("a", A).replace(", adopt: true", "")))

    assert "without `adopt: true` the file would open it, and does not name it" in told


def test_taking_adopt_off_keeps_a_pin(stack: Stack) -> None:
    seed(stack, [A], {"rule": {"dispatch_rule_direct": {"room_name": "board", "pin": "4711"}}})
    stack.up(file_of(line("a", A)))

    told = refusal(stack, file_of(line("a", A).replace(", adopt: true", "")))

    assert "asks callers for a PIN" in told
