"""Real `kill -9` at every write once: where money is at stake in `make test`, at all others in `make proofs`.

`make faults` does it with every moment, victim and way of saving."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.project import REPOSITORY
from tests.faults.kills import perform, summary
from tests.faults.points import Point, cover
from toolchain.layout import Layout

pytestmark = pytest.mark.engine

MONEY = ("buy the number", "release the number")
COSTLY = [point for point in cover() if point.write.name in MONEY]


@pytest.mark.parametrize(
    "points",
    [COSTLY, [point for point in cover() if point not in COSTLY]],
    ids=["what costs or ends a number", "what costs nothing"],
)
def test_a_run_killed_at_any_write_is_healed_by_two_more_and_the_next_writes_nothing(
    points: list[Point], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    if not (Layout.of(REPOSITORY).bin / "pulumi").exists():
        pytest.skip("no engine: run `make setup`")
    verdicts = perform(points, tmp_path, tell=lambda verdict: None)
    record_property("figures", summary(verdicts))
    assert [f"{verdict.point}: {verdict.fault}" for verdict in verdicts if verdict.fault] == []
