"""How an adoption ends: `adopt` is taken off, the line goes, the edit is reverted; what is put back."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from tests.dynamic.adopted import BOARD, GUARDED, A, B, file_of, line, live, refusal, seed
from tests.faults.interruption import AtWrite
from tests.support.model_engine import Failed, Killed
from tests.support.world import Stack, World


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


def test_keep_puts_back_the_names_that_the_tag_and_the_label_replaced(stack: Stack) -> None:
    seed(stack, [A], BOARD, metadata="their words", **GUARDED)
    before = live(stack)
    stack.up(file_of(line("a", A, ", label: Board")))
    stack.up(file_of(line("a", A, ", label: Board, removal: keep")))

    stack.up(file_of("{}").replace("numbers:\n  {}", "numbers: {}"))

    assert live(stack) == before


def test_taking_adopt_off_is_an_edit_that_shows_what_was_and_becomes(stack: Stack) -> None:
    seed(stack, [A], krisp_enabled=True, max_call_duration="60s")
    stack.up(file_of(line("a", A)))

    steps = stack.up(file_of(line("a", A).replace(", adopt: true", "")))

    assert ("InboundTrunk", "a") in [step.key for step in steps]
    (changed,) = (step.changed for step in steps if step.key[0] == "InboundTrunk")
    assert {"krispEnabled", "maxCallDuration"} <= set(changed)
    assert "krisp_enabled" not in live(stack)[0]


def test_an_adoption_that_failed_half_way_and_is_taken_back_leaves_the_trunk_as_it_was(stack: Stack) -> None:
    seed(stack, [A], BOARD, metadata="their words", **GUARDED)
    before = live(stack)

    def fails(sandbox: Any, request: Any) -> Any:
        if request.path.endswith("/UpdateSIPDispatchRule"):
            return sandbox.handle(replace(request, path="/twirp/livekit.SIP/Nothing"))
        return sandbox.handle(request)

    with pytest.raises(Failed):
        stack.up(file_of(line("a", A)), handle=fails)
    assert live(stack) != before

    stack.up("version: 1\nnumbers: {}\n")

    assert live(stack) == before


@pytest.mark.parametrize("checkpoints", [False, True], ids=["saved at the end", "saved at each step"])
@pytest.mark.parametrize("write", range(3))
def test_what_a_killed_run_adopted_is_not_swept_when_the_edit_is_reverted(write: int, checkpoints: bool) -> None:
    stack = Stack(World(), checkpoints=checkpoints)
    seed(stack, [A], BOARD, **GUARDED)
    livekit = stack.world.sandbox.livekit
    livekit.add_outbound_trunk(name="out", numbers=[A], address="sip.example.com")
    there = [{**one} for one in (*livekit.inbound_trunks(), *livekit.outbound_trunks(), *livekit.dispatch_rules())]

    def dies() -> None:
        raise Killed

    with pytest.raises(Killed):
        stack.up(file_of(line("a", A).replace(", outbound: false", "")), handle=AtWrite(write, after=dies))
    for _ in range(3):
        # Where the line was saved as finished its removal is refused.
        with suppress(Failed):
            stack.up(file_of().replace("numbers:", "numbers: {}"))

    left = (*livekit.inbound_trunks(), *livekit.outbound_trunks(), *livekit.dispatch_rules())
    labels = {"metadata", "name"}
    assert [{key: one[key] for key in one.keys() - labels} for one in left] == [
        {key: one[key] for key in one.keys() - labels} for one in there
    ]


def test_released_is_also_what_was_adopted(stack: Stack) -> None:
    seed(stack, [A])
    stack.up(file_of(line("a", A)))
    stack.up(file_of(line("a", A, ", removal: release")))

    stack.up("version: 1\nnumbers: {}\n")

    livekit = stack.world.sandbox.livekit
    assert (livekit.inbound_trunks(), livekit.dispatch_rules()) == ((), ())


@pytest.mark.parametrize("kind", ["InboundTrunk", "DispatchRule"])
def test_taking_adopt_off_cuts_off_nobody_who_has_come_since(stack: Stack, kind: str) -> None:
    trunk = seed(stack, [A])
    stack.up(file_of(line("a", A)))
    livekit = stack.world.sandbox.livekit
    if kind == "InboundTrunk":
        livekit.edit_trunk(trunk, numbers=[A, B])
    else:
        theirs = livekit.add_inbound_trunk(name="theirs", numbers=[B])["sip_trunk_id"]
        livekit.edit_rule(livekit.dispatch_rules()[0]["sip_dispatch_rule_id"], trunk_ids=[trunk, theirs])

    told = refusal(stack, file_of(line("a", A).replace(", adopt: true", "")))

    assert "which would be cut off without `adopt: true`" in told
    assert kind in told
