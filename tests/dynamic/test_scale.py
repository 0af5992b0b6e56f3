"""What a run costs grows with the number of lines, and not with its square: counted in calls of functions, no times."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from bench import fleet
from tests.support.world import Stack, World

FEW, MANY = 30, 120
OFFICE = (
    '  office-{0}: {{provider: custom, sip_address: sip.example.com, phone_number: "+4420712{1}", agent: agent-1}}\n'
)
NEAR = "{provider: twilio, trunk: us, search: {country: US, area_code: 650, type: local}, agent: agent-1}"
FAR = "{provider: vonage, search: {country: GB, type: mobile}, agent: agent-1}"


def calls(act: Callable[[], object]) -> int:
    """Count the calls of Python functions that something takes."""
    count = 0

    def counted(_frame: object, event: str, _argument: Any) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(counted)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


def twilio(lines: int) -> str:
    return fleet.of(lines)


def vonage(lines: int) -> str:
    return fleet.of(0) + "".join(f"  far-{number}: {FAR}\n" for number in range(lines))


def custom(lines: int) -> str:
    return fleet.of(0) + "".join(OFFICE.format(number, 10_000 + number) for number in range(lines))


def searched(lines: int) -> str:
    return fleet.of(0) + "".join(f"  near-{number}: {NEAR}\n" for number in range(lines))


@pytest.mark.parametrize("text", [twilio, vonage, custom, searched])
def test_four_times_the_lines_cost_a_run_about_four_times_as_much(text: Callable[[int], str]) -> None:
    # The first update of searched lines is none of these: before it buys one it lists claims and account once more.
    first: dict[int, int] = {}
    again: dict[int, int] = {}
    Stack(World()).up(text(1))  # what a process does once, whatever the lines, is no part of their cost
    for lines in (FEW, MANY):
        stack = Stack(World())
        file = text(lines)
        first[lines] = calls(lambda: stack.up(file))  # noqa: B023 (called at once)
        again[lines] = calls(lambda: stack.preview(file))  # noqa: B023
    costs = [again] if text in (searched, vonage) else [first, again]
    assert [cost[MANY] / cost[FEW] < 4.5 for cost in costs] == [True] * len(costs), (first, again)
