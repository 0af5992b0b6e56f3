"""`make test` and `make proofs` have each test once, and what only the long walks show has something beside it."""

from __future__ import annotations

import gc
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import LONG
from tests.proofs import PROOFS, is_proof, without_proof

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted({test.partition("::")[0] for test in PROOFS})


def collected(*arguments: str) -> set[str]:
    """Give the ids that pytest finds in the files that have a proof."""
    done = subprocess.run(
        (sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *arguments, *FILES),
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"},  # they may change the list
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {line for line in done.stdout.splitlines() if line.startswith("tests/")}


@pytest.mark.timeout(300)
def test_each_test_of_these_files_is_in_one_of_the_two() -> None:
    every, tests, proofs = collected(), collected("-m", "not proof"), collected("-m", "proof")

    assert (tests | proofs, tests & proofs) == (every, set())
    assert proofs == {test for test in every if is_proof(test)}
    assert [
        entry
        for entry in PROOFS
        if not any(test == entry or test.startswith((f"{entry}::", f"{entry}[")) for test in proofs)
    ] == []


def test_where_proofs_are_asked_for_a_file_is_read_if_and_only_if_it_has_one() -> None:
    paths = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.py")}

    assert {path for path in paths if not without_proof(path)} == set(FILES)
    assert not without_proof("tests/engine")


def test_the_makefile_asks_for_the_one_and_for_the_other_and_ci_runs_both() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    asked = re.findall(r"^(\w+):[^\n]*\n(?:\t[^\n]*\n)*?\t@\$\(PYTEST\) (.*)$", makefile, re.MULTILINE)
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")

    assert asked == [("test", '-m "not proof"'), ("proofs", "-m proof")]
    assert re.findall(r"^run (\w+)$", script, re.MULTILINE) == ["test", "proofs"]


@pytest.mark.parametrize("proof", PROOFS)
def test_beside_a_proof_stands_a_file_of_make_test(proof: str) -> None:
    beside = PROOFS[proof]

    assert ((ROOT / beside).is_file(), is_proof(beside)) == (True, False)


def test_what_was_collected_is_not_looked_through_for_garbage_while_tests_run() -> None:
    assert gc.get_freeze_count() > 10_000


@pytest.mark.parametrize("name", LONG)
def test_what_is_put_first_is_there(name: str) -> None:
    assert (ROOT / "tests" / name).exists()
