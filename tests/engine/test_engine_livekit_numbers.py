"""A line whose number LiveKit itself sells, on the real engine: searched, bought, remapped, released.

It is killed at each of its writes with the other carriers' in tests/faults/kills.py."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.project import REPOSITORY
from tests.faults.theatre import Theatre
from toolchain.layout import Layout
from trunkline.model.livekit_numbers import claim_of

pytestmark = pytest.mark.engine
TAG = "trunkline:trunkline/test/desk"


def file(*, there: bool = True, **line: Any) -> str:
    wanted = {"provider": "livekit", "search": {"country": "US", "area_code": "415"}, "agent": "support", **line}
    return json.dumps(
        {
            "version": 1,
            "guard": {"max_monthly_increase": {"USD": 5}, "monthly_price": {"livekit": {"USD": 1.5}}},
            "agents": {"support": {"agent_name": "support"}, "sales": {"agent_name": "sales"}},
            "numbers": {"desk": wanted} if there else {},
        }
    )


NOTHING = file(there=False)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Theatre]:
    if not (Layout.of(REPOSITORY).bin / "pulumi").exists():
        pytest.skip("no engine: run `make setup`")
    made = Theatre.open(tmp_path, NOTHING)
    try:
        yield made
    finally:
        made.close()


def written(stage: Theatre, text: str) -> list[str]:
    """Apply a file; give the RPCs of its writes."""
    mark = stage.sandbox.journal.mark()
    run = stage.up(text, checkpoints=True)
    assert run.returncode == 0, run.stdout[-3000:]
    return [each.path.rpartition("/")[2] for each in stage.sandbox.journal.writes(mark)]


def events(stage: Theatre) -> list[str]:
    return [type(each).__name__ for each in stage.sandbox.ledger.entries]


def test_a_line_goes_from_search_to_release_and_a_second_up_is_silent(stage: Theatre) -> None:
    assert written(stage, file()) == ["CreateSIPDispatchRule", "PurchasePhoneNumber", "UpdatePhoneNumber"]
    (number,) = stage.sandbox.livekit.numbers
    (rule,) = stage.sandbox.livekit.dispatch_rules()
    assert (number["name"], rule["trunk_ids"]) == (TAG, [claim_of(number["e164_format"]), number["id"]])
    assert written(stage, file()) == []
    assert written(stage, file(agent="sales")) == ["UpdateSIPDispatchRule"]
    assert written(stage, file(agent="sales", removal="release")) == []
    assert written(stage, NOTHING) == ["ReleasePhoneNumbers", "DeleteSIPDispatchRule"]
    assert events(stage) == ["Charge", "Release"]
