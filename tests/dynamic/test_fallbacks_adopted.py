"""A fallback on what is adopted: it comes last, what is there is taken as it stands, and goes back as it was."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dynamic.at_twilio import OURS, file_of, held, seed
from tests.dynamic.neighbourhood import said
from tests.support.model_engine import Killed
from tests.support.world import Stack, World

DESK, OTHER = "sip:desk@pbx.example.com", "sip:night@pbx.example.com"
TAG = "trunkline:acme/test/trunk.us"
ADOPTED = """\
version: 1
defaults: {{{defaults}}}
agents: {{desk: {{agent_name: desk-agent}}}}
numbers:
  a: {{provider: vonage, phone_number: "+447400551233", agent: desk, outbound: false, adopt: true}}
"""
APP = "aaaaaaaa-bbbb-cccc-dddd-0123456789ab"
AT_LIVEKIT = "sip:447400551233@sandbox.sip.livekit.cloud;transport=tcp"


@pytest.mark.parametrize(
    ("live", "defaults", "becomes"),
    [
        (f"{AT_LIVEKIT},{OTHER}", "", f"{AT_LIVEKIT},{OTHER}"),
        (f"{AT_LIVEKIT},{OTHER}", f'fallback: "{DESK}"', f"{AT_LIVEKIT},{DESK}"),
        (f"{OTHER},{AT_LIVEKIT}", "", AT_LIVEKIT),
    ],
)
def test_an_adopted_number_keeps_its_failover_list_unless_the_file_names_another(
    live: str, defaults: str, becomes: str
) -> None:
    stack = Stack(World())
    vonage = stack.world.sandbox.vonage
    vonage.add_number("+447400551233", voiceCallbackType="sip", voiceCallbackValue=live, app_id=APP)
    text = ADOPTED.format(defaults=defaults)
    shown = [one for one in said(stack, text) if f"sipUri: {live} =>" in one]
    stack.up(text)
    held_there = vonage.number("+447400551233") or {}
    assert (held_there["voiceCallbackValue"], held_there["app_id"]) == (becomes, APP)
    assert (len(shown), stack.preview(text)) == (0 if live == becomes else 1, [])


def test_an_adopted_trunk_keeps_its_own_order_and_the_fallback_comes_last() -> None:
    stack = Stack(World())
    trunk = seed(stack, {"sipUrl": OURS, "priority": 10, "weight": 10}, {"sipUrl": OTHER, "priority": 20, "weight": 1})
    stack.up(file_of(trunk=f', fallback: "{DESK}"'))
    urls = {(one["sipUrl"], one["priority"], one["weight"]) for one in held(stack, "OriginationUrl", trunk)}
    assert urls == {(OURS, 10, 10), (OTHER, 20, 1), (DESK, 65535, 1)}


def test_a_fallback_that_is_there_is_adopted_as_it_stands_and_told_as_was_and_becomes() -> None:
    stack = Stack(World())
    trunk = seed(stack, {"sipUrl": OURS, "priority": 10, "weight": 10}, {"sipUrl": DESK, "priority": 20, "weight": 3})
    text = file_of(trunk=f', fallback: "{DESK}"')
    (notice,) = [one for one in said(stack, text) if "FallbackUrl" in one]
    stack.up(text)
    urls = {(one["sipUrl"], one["priority"], one["weight"]) for one in held(stack, "OriginationUrl", trunk)}
    assert (notice.splitlines()[1].strip(), urls, stack.preview(text)) == (
        f"tag: o => {TAG}+",
        {(OURS, 10, 10), (DESK, 20, 3)},
        [],
    )


def test_a_fallback_that_would_take_calls_before_livekit_is_not_adopted() -> None:
    stack = Stack(World())
    seed(stack, {"sipUrl": OURS, "priority": 10, "weight": 10}, {"sipUrl": DESK, "priority": 10, "weight": 3})
    stack.world.sandbox.journal.clear()
    with pytest.raises(Exception, match="would have priority 10 and the URL to LiveKit 10") as refused:
        stack.up(file_of(trunk=f', fallback: "{DESK}"'))
    assert (type(refused.value).__name__, stack.world.writes()) == ("Failed", [])


def test_an_adopted_fallback_that_leaves_the_file_is_left_under_its_former_name() -> None:
    stack = Stack(World())
    trunk = seed(stack, {"sipUrl": OURS, "priority": 1, "weight": 1}, {"sipUrl": DESK, "priority": 2, "weight": 1})
    stack.up(file_of(trunk=f', fallback: "{DESK}"'))
    stack.up(file_of())
    assert {one["tag"]: one["sipUrl"] for one in held(stack, "OriginationUrl", trunk)} == {TAG: OURS, "o": DESK}


def test_what_a_killed_run_put_on_an_adopted_trunk_is_taken_off_where_all_of_it_is_reverted() -> None:
    stack = Stack(World())
    trunk = seed(stack, {"sipUrl": OURS, "priority": 1, "weight": 1})
    stack.world.sandbox.twilio.add_credential_list(trunk, "theirs")

    def dying(served: Any, request: Any) -> Any:
        answer = served.handle(request)
        if request.method == "POST" and request.path.endswith("/OriginationUrls"):
            raise Killed
        return answer

    with pytest.raises(Killed):
        stack.up(file_of(trunk=f', fallback: "{DESK}"'), handle=dying)
    there = [one["sipUrl"] for one in held(stack, "OriginationUrl", trunk)]
    for _ in range(3):
        stack.up("version: 1\nnumbers: {}\n")
    assert (sorted(there), [one["sipUrl"] for one in held(stack, "OriginationUrl", trunk)]) == (
        sorted([OURS, DESK]),
        [OURS],
    )


def test_an_adopted_trunk_without_fallback_keeps_a_second_way_and_its_line_its_ringing() -> None:
    stack = Stack(World())
    trunk = seed(stack, {"sipUrl": OURS, "priority": 1, "weight": 1}, {"sipUrl": DESK, "priority": 2, "weight": 1})
    stack.up(file_of())
    assert {one["tag"]: one["sipUrl"] for one in held(stack, "OriginationUrl", trunk)} == {TAG: OURS, "o": DESK}
