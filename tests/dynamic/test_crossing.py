"""Numbers that cross between shared trunks: no trunk is ever without a number, and nothing fails half-way."""

from __future__ import annotations

import pytest

from tests.dynamic.fleets import refusals
from tests.dynamic.test_sharing import NUMBERS, TRUNKS, Watched, answered
from tests.support.world import Stack, World

PROVIDERS = ("twilio", "vonage", "custom")


def file(provider: str, **at: str) -> str:
    """Lines on two shared trunks: `one="tw"`."""
    numbers = dict(zip(("one", "two", "three"), NUMBERS[provider], strict=True))
    other = TRUNKS[provider].replace("acme-us", "acme-other")
    rows = "".join(
        f'  {name}: {{phone_number: "{numbers[name]}", trunk: {trunk}, agent: support}}\n' for name, trunk in at.items()
    )
    return (
        "version: 1\nguard: {max_purchases: 5}\nagents: {support: {agent_name: support-agent}}\ntrunks:\n"
        f"  tw: {{{TRUNKS[provider]}, shared: true}}\n  other: {{{other}, shared: true}}\nnumbers:\n{rows}"
    )


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_new_line_takes_the_place_of_the_last_one_that_leaves(provider: str) -> None:
    world = World()
    stack = Stack(world)
    stack.up(file(provider, one="tw", two="other"))
    trunk = stack.ids()["InboundTrunk tw"]
    watched, text = Watched(world, NUMBERS[provider][:2]), file(provider, one="other", two="other", three="tw")

    stack.up(text, handle=watched)

    assert stack.ids()["InboundTrunk tw"] == trunk
    assert answered(world) == {number: ["support-agent"] for number in NUMBERS[provider]}
    # LiveKit lets a number stand in one trunk only.
    assert watched.silent == [NUMBERS[provider][0]]
    assert stack.up(text) == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_two_lines_that_change_places_are_refused_and_the_steps_work(provider: str) -> None:
    world = World()
    stack = Stack(world)
    # The engine holds a custom line's rule where its trunk would go; here each trunk keeps its own.
    stack.up(file(provider, one="tw", two="other"))
    text = file(provider, one="other", two="tw")

    told = refusals(stack, text)

    assert any('all numbers of trunk "tw" leave it, and those that come' in reason for reason in told)
    assert answered(world) == {number: ["support-agent"] for number in NUMBERS[provider][:2]}
    if provider != "custom":
        stack.up(file(provider, one="tw", two="tw"))
        stack.up(text)
        assert answered(world) == {number: ["support-agent"] for number in NUMBERS[provider][:2]}
        assert stack.up(text) == []
