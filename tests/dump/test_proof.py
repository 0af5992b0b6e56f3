"""A dump changes nothing but tags: the file of any account, applied on a fresh stack."""

from __future__ import annotations

import pytest

from tests.dump.population import account
from tests.dump.proof import Dumped, answered, but_for_tags, hold, where_calls_go

SEEDS = 200


@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_dumped_account_is_adopted_as_it_stands(seed: int) -> None:
    world = account(seed).world
    before, calls = but_for_tags(world), where_calls_go(hold(world))
    dumped = Dumped.of(world)

    steps, again = dumped.up()

    assert {step.op for step in steps} <= {"create"}
    assert but_for_tags(world) == before
    assert where_calls_go(hold(world)) == calls
    assert again == []


def test_nearly_all_answered_numbers_become_lines() -> None:
    lines, numbers = 0, 0
    for seed in range(SEEDS):
        world = account(seed).world
        there = answered(hold(world))
        lines += len({str(line.keys["phone_number"]) for line in Dumped.of(world).description.lines} & there)
        numbers += len(there)
    assert lines / numbers >= 0.95
