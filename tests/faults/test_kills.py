"""Real `kill -9` at every write once; `make faults` does it with every moment, victim and way of saving."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.project import REPOSITORY
from tests.faults.kills import perform, summary
from tests.faults.points import cover
from toolchain.layout import Layout

pytestmark = pytest.mark.engine


def test_a_run_killed_at_any_write_is_healed_by_two_more_and_the_next_writes_nothing(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    if not (Layout.of(REPOSITORY).bin / "pulumi").exists():
        pytest.skip("no engine: run `make setup`")
    verdicts = perform(cover(), tmp_path, tell=lambda verdict: None)
    record_property("figures", summary(verdicts))
    assert [f"{verdict.point}: {verdict.fault}" for verdict in verdicts if verdict.fault] == []
