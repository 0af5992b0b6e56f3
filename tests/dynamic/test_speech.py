"""Encryption or transport that changes is told with the lines whose calls fail until both sides have changed."""

from __future__ import annotations

import pytest

from tests.dynamic.adopted import A, file_of, line, seed
from tests.dynamic.inventories import BOUGHT, CUSTOM, HEAD, VONAGE, inventory
from tests.support.world import Stack, World

WHY = (
    "LiveKit and the carrier are written one after the other and disagree in between, so calls over it fail: from the"
    " first of these writes to the last, which is seconds for one line and most of the update for many; of a custom"
    " trunk until its other side changes too."
)
PLAIN, SECURE = "", "\n    media_encryption: require\n    transport: tls"


def head(us: str, gb: str = "") -> str:
    trunk = "    auth_password: {secret: twilioTermination}\n"
    return HEAD.replace(trunk, f"{trunk.rstrip()}{us}\n") + f"  gb:\n    provider: vonage{gb}\n"


def told(before: str, after: str) -> list[str]:
    """Apply the one, preview the other, and give what is said of how calls are sent."""
    stack = Stack(World())
    stack.up(before)
    stack.world.notices.clear()
    stack.preview(after)
    return sorted(text for text in stack.world.notices if "are sent in changes" in text)


@pytest.mark.parametrize("on", [True, False])
def test_srtp_on_a_carrier_s_trunk_is_told_of_the_trunk_and_each_line(on: bool) -> None:
    plain, secure = (
        inventory({"us": BOUGHT.replace("agent", "trunk: twilio-us, agent")}, head(us)) for us in (PLAIN, SECURE)
    )
    media, transport, whole = ("disable => require", "auto => tls", "false => true")
    if not on:
        media, transport, whole = ("require => disable", "tls => auto", "true => false")
        plain, secure = secure, plain

    assert told(plain, secure) == [
        f'What the calls of line "us" are sent in changes (media_encryption: {media}; transport: {transport}). {WHY}',
        f'What the calls of the lines of trunk "twilio-us" are sent in changes (secure: {whole}). {WHY}',
    ]


def test_a_carrier_that_forwards_each_number_is_told_by_line() -> None:
    before, after = (
        inventory({"gb": VONAGE.replace("search", "trunk: gb, search")}, head("", gb)) for gb in (PLAIN, SECURE)
    )

    (text,) = told(before, after)

    assert text.startswith('What the calls of line "gb" are sent in changes (media_encryption: disable => require; ')


@pytest.mark.parametrize(("was", "becomes"), [("tls", "tcp"), ("tcp", "tls")])
def test_another_transport_is_told_in_either_direction(was: str, becomes: str) -> None:
    before, after = (
        inventory({"custom": CUSTOM}, HEAD.replace("transport: tls", f"transport: {one}")) for one in (was, becomes)
    )

    assert told(before, after) == [
        f'What the calls of line "custom" are sent in changes (transport: {was} => {becomes}). {WHY}'
    ]


def test_lines_that_share_a_trunk_are_told_once() -> None:
    shared = HEAD.replace("transport: tls", "transport: tls\n    shared: true")
    lines = {name: CUSTOM.replace("567", digits) for name, digits in (("one", "567"), ("two", "568"))}
    before, after = inventory(lines, shared), inventory(lines, shared.replace("transport: tls", "transport: tcp"))

    assert told(before, after) == [
        f'What the calls of the lines of trunk "uk-office" are sent in changes (transport: tls => tcp). {WHY}'
    ]


def test_what_stands_otherwise_and_is_adopted_is_told_too() -> None:
    stack = Stack(World())
    seed(stack, [A])
    stack.preview(file_of(line("a", A, ", media_encryption: require"), trunk=", transport: tls"))

    assert [text for text in stack.world.notices if "(media_encryption: disable => require)" in text]


def test_a_new_line_and_an_edit_of_something_else_change_nothing_of_it() -> None:
    before = inventory({"custom": CUSTOM})
    assert told(before, before.replace("agent: support}", "agent: sales, label: Desk}")) == []
    assert told(inventory({}), before) == []


def test_livekit_that_takes_both_disagrees_with_nobody() -> None:
    before = inventory({"custom": CUSTOM})
    assert told(before, before.replace("agent: support}", "agent: support, media_encryption: allow}")) == []
