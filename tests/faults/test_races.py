"""Two hundred races with a move write nothing, and two hundred without one apply what was reviewed."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.dynamic.approval import applied, refusal
from tests.faults.races import MOVES, UNRELATED, race
from trunkline.approval import NOT_APPROVED

# Few of them meet every kind of move already; `make proofs` has the rest.
SEEDS = pytest.mark.parametrize("seeds", [range(60), range(60, 200)], ids=["some", "the rest"])


@pytest.mark.timeout(1800)
@SEEDS
def test_a_plan_of_which_anything_moved_writes_nothing_and_tells_each_move_once(seeds: range) -> None:
    met: Counter[str] = Counter()
    for seed in seeds:
        one = race(seed, moved=True)
        title, *rows = refusal(one.stack, one.now, one.plan)
        assert (NOT_APPROVED in title, bool(rows), len(rows)) == (True, True, len(set(rows))), (seed, one.moves, rows)
        met.update(one.moves)
    assert len(met) == len(MOVES)


@pytest.mark.timeout(1800)
@SEEDS
def test_a_plan_beside_which_others_did_what_they_like_buys_and_releases_what_was_reviewed(seeds: range) -> None:
    met: Counter[str] = Counter()
    for seed in seeds:
        one = race(seed, moved=False)
        ledger, before = one.stack.world.sandbox.ledger, {*one.stack.world.sandbox.ledger.charges()}
        applied(one.stack, one.now, one.plan)
        bought = sorted(charge.number for charge in {*ledger.charges()} - before)
        named = ["+16505551241"] if "second" in one.plan.fleet["lines"] else []
        assert bought == sorted([*one.plan.candidates.values(), *named]), (seed, one.moves)
        one.stack.up(one.now)  # which notes what came
        assert one.stack.preview(one.now) == [], (seed, one.moves)
        met.update(one.moves)
    assert len(met) == len(UNRELATED)
