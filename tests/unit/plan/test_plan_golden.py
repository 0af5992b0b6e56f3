"""The whole plan of one inventory, as it was accepted: nothing in it changes unseen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.unit.plan.golden import ACCEPTED, rendered
from tests.unit.plan.inventories import WHOLE, plan_of

REPOSITORY = Path(__file__).parents[3]
SCRIPT = (
    "from tests.unit.plan.golden import rendered; from tests.unit.plan.inventories import WHOLE, plan_of;"
    " print(rendered(plan_of(WHOLE)), end='')"
)


def test_the_plan_is_the_one_that_was_accepted() -> None:
    """If it should change: `python -m tests.unit.plan.golden`, and review the difference."""
    assert rendered(plan_of(WHOLE)) == ACCEPTED.read_text()


def test_the_plan_is_the_same_bytes_whatever_the_hash_seed() -> None:
    for seed in ("1", "2"):
        printed = subprocess.run(
            (sys.executable, "-c", SCRIPT),
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert printed.stdout == rendered(plan_of(WHOLE))
