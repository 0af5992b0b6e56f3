"""Planted bugs are noticed: one for each quick suite here, all of them by `make mutants`."""

from __future__ import annotations

import py_compile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.mutant import Mutant
from tests.faults.mutants import REPOSITORY, hunt, plant, summary
from tests.faults.planted import MUTANTS

SLOW = frozenset({"contract", "editing", "interruptions", "simulation", "dynamic", "answers", "clients"})
# One for each suite, which run by themselves beside this; `make mutants` tries out all.
QUICK = tuple({mutant.suite: mutant for mutant in reversed(MUTANTS) if mutant.suite not in SLOW}.values())
# Half of them are enough to see that a planted bug is what runs and is noticed; `make proofs` has the rest.
LATER = frozenset(
    {
        "adoption",
        "api",
        "approval",
        "comparison",
        "dump",
        "fields",
        "looks",
        "neighbours",
        "scenes",
        "sharing",
        "stacks",
    }
)
HALVES = {
    "some": tuple(mutant for mutant in QUICK if mutant.suite not in LATER),
    "the rest": tuple(mutant for mutant in QUICK if mutant.suite in LATER),
}


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("half", HALVES)
def test_a_planted_bug_for_each_quick_suite_is_found(half: str, record_property: Callable[[str, object], None]) -> None:
    fates = hunt(HALVES[half])
    record_property("figures", summary(fates))
    assert [fate.mutant.name for fate in fates if not fate.killed_by] == []


def test_every_planted_bug_changes_exactly_one_place() -> None:
    places = {mutant.name: (Path(REPOSITORY) / mutant.file).read_text().count(mutant.old) for mutant in MUTANTS}
    assert places == dict.fromkeys(places, 1)
    assert len(places) == len(MUTANTS) >= 25


def test_a_planted_bug_is_what_runs_and_not_the_bytecode_that_was_copied_with_its_file(tmp_path: Path) -> None:
    source = tmp_path / "rule.py"
    source.write_text("HOLDS = True\n")
    compiled = Path(py_compile.compile(str(source), doraise=True) or "")
    other = Path(py_compile.compile(str(source), cfile=str(compiled.with_name("rules.cpython.pyc"))) or "")
    plant(Mutant("the rule does not hold", "a rule", "rule.py", "True", "False", "offline"), tmp_path)
    assert (source.read_text(), compiled.exists(), other.exists()) == ("HOLDS = False\n", False, True)
