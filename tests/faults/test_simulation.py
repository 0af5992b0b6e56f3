"""The seeded simulation: no seed breaks a rule, and a seed is the same walk to the byte wherever it runs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.campaign import Report, campaign
from tests.faults.figures import DISTURBANCES, IN_PLAY, cells_of, table, too_rare
from tests.faults.shrink import explain
from tests.faults.simulation import Simulation

SOME = 80
SEEDS = int(os.environ.get("SEEDS", "800"))
PRINT_DIGEST = "import sys; from tests.faults.simulation import Simulation; sys.stdout.buffer.write(Simulation(7).run().journal())"  # fmt: skip  # noqa: E501


@pytest.fixture(scope="module")
def some() -> Report:
    return campaign(0, SOME, processes=2)


def test_no_seed_buys_twice_loses_a_number_leaves_an_orphan_or_fails_to_converge(
    some: Report, record_property: Callable[[str, object], None]
) -> None:
    hold(some)
    record_property("figures", str(some))


def test_what_was_in_play_when_something_struck_is_counted(some: Report) -> None:
    met = some.met
    assert {kind for kind, _ in met} <= set(DISTURBANCES)
    assert {what for _, what in met} == set(IN_PLAY)
    assert f"least: {min(met[cell] for cell in cells_of())}" in table(met)
    assert too_rare(met, 40_000) == [
        f"{kind} while {what} was in play: {met[kind, what]}" for kind, what in cells_of() if met[kind, what] < 1000
    ]


@pytest.mark.timeout(1200)
def test_many_seeds_break_no_rule_and_meet_every_disturbance_often(
    record_property: Callable[[str, object], None],
) -> None:
    report = campaign(SOME, SEEDS - SOME, processes=2)  # the first are those of `make test`
    record_property("figures", str(report))
    hold(report)
    assert too_rare(report.met, report.seeds) == []


def hold(report: Report) -> None:
    """No seed has broken a rule, and a simulation in which little happens proves little."""
    assert report.failed == (), "\n\n".join(explain(seed) or str(seed) for seed, _ in report.failed[:3])
    assert min(report.figures[name] for name in ("purchases", "releases", "refusals")) > report.seeds // 20


def test_a_seed_is_the_same_to_the_byte_in_another_process_with_another_hash_seed() -> None:
    other = subprocess.run(
        (sys.executable, "-c", PRINT_DIGEST),
        env={**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        check=True,
    )
    assert other.stdout == Simulation(7).run().journal()
