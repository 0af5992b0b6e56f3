"""Edits by which the engine would delete what it protects of a custom line: refused before a write, with the steps."""

from __future__ import annotations

import pytest

from tests.dynamic.fleets import refusals
from tests.dynamic.test_sharing import NUMBERS, answered
from tests.support.world import Stack, World

ONE, TWO = NUMBERS["custom"][:2]


def file(
    one: str = "", two: str = "", *, shared: bool = False, at: tuple[str, str] = ("tw", "tw"), more: str = ""
) -> str:
    """Two custom lines, each with further keys, on trunks; `more` are marks of both."""
    sharing = ", shared: true" if shared else ""
    return (
        "version: 1\nguard: {max_releases: 3}\nagents: {support: {agent_name: support-agent}}\ntrunks:\n"
        f"  tw: {{provider: custom, sip_address: sip.provider.com{sharing}}}\n"
        "  other: {provider: custom, sip_address: sip2.provider.com}\nnumbers:\n"
        f'  one: {{phone_number: "{ONE}", trunk: {at[0]}, agent: support{one}{more}}}\n'
        f'  two: {{phone_number: "{TWO}", trunk: {at[1]}, agent: support{two}{more}}}\n'
    )


OFF, IN_ALONE, OUT_ALONE = ", inbound: false", ", outbound: false", ", inbound: false"
# Before, after, and what the refusal says would go.
EDITS = {
    "calls in are turned off": (("", ""), (OFF, ""), {}, {}, "its own dispatch rule"),
    "out alone becomes in alone": ((OUT_ALONE, ""), (IN_ALONE, ""), {}, {}, "its own trunk for calls out"),
    "calls in of a shared trunk are turned off": (
        ("", ""),
        (OFF, OFF),
        {"shared": True},
        {"shared": True},
        'the dispatch rule of trunk "tw"',
    ),
    "the last line leaves a shared trunk": (
        ("", ""),
        ("", ""),
        {"shared": True, "at": ("tw", "other")},
        {"shared": True, "at": ("other", "other")},
        'the dispatch rule of trunk "tw"',
    ),
    "a line joins a shared trunk": (
        ("", ""),
        ("", ""),
        {"shared": True, "at": ("tw", "other")},
        {"shared": True},
        "its own dispatch rule",
    ),
}


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edit_that_the_engine_would_refuse_half_way_is_refused_before_and_its_steps_work(
    world: World, edit: tuple[tuple[str, str], tuple[str, str], dict[str, object], dict[str, object], str]
) -> None:
    before, after, at_first, then, what = edit
    stack = Stack(world)
    stack.up(file(*before, **at_first))  # type: ignore[arg-type]

    (told,) = refusals(stack, file(*after, **then))  # type: ignore[arg-type]

    assert f"{what}, which is protected, would go. Nothing was changed" in told
    assert told.startswith("numbers.yaml:")
    stack.up(file(*before, **at_first, more=", removal: release"))  # type: ignore[arg-type]
    stack.up(file(*after, **then))  # type: ignore[arg-type]
    quiet = [number for number, keys in zip((ONE, TWO), after, strict=True) if keys == OFF]
    assert answered(world) == {number: ["support-agent"] for number in (ONE, TWO) if number not in quiet}
    assert stack.up(file(*after, **then)) == []  # type: ignore[arg-type]
    # The last object is held again, now by the mark that the file has.
    (reason, *_) = refusals(stack, file(*after, **then).replace("  two:", "  # two:"))  # type: ignore[arg-type]
    assert 'line "two"' in reason
    assert "never marked for removal" in reason


def test_a_mark_to_keep_does_not_lift_the_wall_of_a_line_that_stays(world: World) -> None:
    stack = Stack(world)
    stack.up(file())
    stack.up(file(", removal: keep"))

    (told,) = refusals(stack, file(OFF))

    assert "its own dispatch rule, which is protected, would go" in told


def test_calls_out_are_turned_off_and_on_in_place(world: World) -> None:
    stack = Stack(world)
    stack.up(file())
    stack.up(file(", outbound: false"))
    stack.up(file())

    assert answered(world) == {ONE: ["support-agent"], TWO: ["support-agent"]}
    assert len(world.sandbox.livekit.outbound_trunks()) == 2
    assert stack.up(file()) == []
