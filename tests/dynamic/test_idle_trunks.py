"""A trunk that the file has and no line is on: what its lines shared is swept once their numbers are gone."""

from __future__ import annotations

import pytest

from tests.dynamic.fleets import tags
from tests.dynamic.test_sharing import NUMBERS, TRUNKS, answered
from tests.support.model_engine import State
from tests.support.world import Stack, World

PROVIDERS = ("twilio", "vonage", "custom")


@pytest.fixture
def world() -> World:
    return World()


def file(provider: str, *lines: str, shared: bool = True, more: str = "") -> str:
    """Lines of a trunk, and one of a carrier that stays."""
    office = {"custom": TRUNKS["vonage"], "twilio": TRUNKS["custom"], "vonage": TRUNKS["custom"]}[provider]
    other = {"custom": "+447400123456", "twilio": "+442071234567", "vonage": "+442071234567"}[provider]
    numbers = dict(zip(("one", "two"), NUMBERS[provider], strict=False))
    rows = "".join(
        f'  {name}: {{phone_number: "{numbers[name]}", trunk: tw, agent: support{more}}}\n' for name in lines
    )
    return (
        "version: 1\nguard: {max_releases: 3}\nagents: {support: {agent_name: support-agent}}\ntrunks:\n"
        f"  tw: {{{TRUNKS[provider]}{', shared: true' if shared else ''}}}\n  stays: {{{office}}}\nnumbers:\n{rows}"
        f'  stays: {{phone_number: "{other}", trunk: stays, agent: support}}\n'
    )


def shared_at_livekit(world: World) -> list[str]:
    kinds = tags(world).get("acme/test/trunk.tw", [])
    return [kind for kind in kinds if kind in ("InboundTrunk", "OutboundTrunk", "DispatchRule")]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_shared_lines_left_is_swept_after_a_lost_state(world: World, provider: str) -> None:
    stack = Stack(world)
    stack.up(file(provider, "one", "two"))
    stack.engine.state = State()
    for number in NUMBERS[provider][:2]:
        if provider != "custom":
            getattr(world.sandbox, provider).release_by_hand(number)

    stack.up(file(provider))
    # A trunk may be the claim of what a killed run ordered a moment ago: it goes one update later.
    assert shared_at_livekit(world) == ["DispatchRule", "InboundTrunk", "OutboundTrunk"]
    # At Vonage, where a number that comes late carries no tag, a day later.
    world.clock.sleep(24 * 3600.0 if provider == "vonage" else 0.0)
    stack.up(file(provider))

    assert shared_at_livekit(world) == []
    assert len(answered(world)) == 1
    assert stack.up(file(provider)) is not None
    assert stack.up(file(provider)) == []


@pytest.mark.parametrize("provider", ["twilio", "vonage"])
def test_while_a_number_of_it_is_paid_for_its_calls_are_answered_and_it_is_named(world: World, provider: str) -> None:
    stack = Stack(world)
    stack.up(file(provider, "one"))
    stack.engine.state = State()

    for _ in range(3):
        world.notices.clear()
        stack.up(file(provider))
        assert [text for text in world.notices if text.startswith(f"{NUMBERS[provider][0]} is owned")]

    assert answered(world)[NUMBERS[provider][0]] == ["support-agent"]
    # Put back, it is taken as it stands.
    stack.up(file(provider, "one"))
    assert len(world.sandbox.ledger.charges()) == 1 + (provider == "custom")


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("lost", [False, True], ids=["state kept", "state lost"])
def test_lines_that_leave_in_the_same_update_take_it_along(world: World, provider: str, lost: bool) -> None:
    stack = Stack(world)
    stack.up(file(provider, "one"))
    if lost:
        stack.engine.state = State()

    stack.up(file(provider, "one", shared=False))
    stack.up(file(provider, "one", shared=False))

    assert shared_at_livekit(world) == []
    assert answered(world)[NUMBERS[provider][0]] == ["support-agent"]
    assert stack.up(file(provider, "one", shared=False)) == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_marked_lines_are_removed_by_the_engine_in_its_order(world: World, provider: str) -> None:
    stack = Stack(world)
    stack.up(file(provider, "one", more=", removal: release"))

    stack.up(file(provider))

    assert shared_at_livekit(world) == []
    assert stack.up(file(provider)) == []
