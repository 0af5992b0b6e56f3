"""A stack whose oldest record is not its beginning: moved from another backend, or with older records taken away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.api import credentials
from tests.api.serving import client, serve
from tests.state import fleet
from tests.state.state_file import HISTORY, STATE, address, checkpoint, put
from tests.state.test_reader import Memory, read_on
from tests.support.waiting import until
from trunkline.api import create_app
from trunkline.state import update
from trunkline.state.process import ReaderProcess
from trunkline.state.publication import Changed
from trunkline.state.reader import Ask, Reader
from trunkline.state.update import Update

DAY = 86400
START = 1767225600  # 2026-01-01T00:00:00Z


class Later(Memory):
    """One whose oldest update found lines there."""

    def update(self, id: str) -> Update:
        return replace(super().update(id), continues=True)


def record(kind: str, changes: Mapping[str, int] | None) -> dict[str, Any]:
    """A record as the engine writes it."""
    return {"kind": kind, "startTime": START, "endTime": START, "result": "succeeded", "resourceChanges": changes}


@pytest.mark.parametrize(
    ("kind", "changes", "found"),
    [
        ("update", {"create": 26}, False),
        ("update", {"create": 26, "read": 1, "import": 2}, False),
        ("update", {"same": 0, "create": 3}, False),
        ("refresh", {}, False),
        ("update", None, False),
        ("update", {"same": 1, "create": 25}, True),
        ("update", {"same": 24, "update": 1}, True),
        ("destroy", {"delete": 25}, True),
        ("update", {"replace": 1}, True),
        ("refresh", {"refresh": 2}, True),
        ("import", {}, True),
    ],
)
def test_a_record_tells_whether_its_update_found_something(
    kind: str, changes: Mapping[str, int] | None, found: bool
) -> None:
    assert update.from_document("7", record(kind, changes)).continues is found


def test_the_oldest_update_on_record_is_not_credited_with_what_it_found() -> None:
    backend = Later()
    backend.apply(4, 5)
    reader = Reader(backend)
    told = read_on(reader)
    (answer,) = list(reader.answer(Ask("changes", "4")))[1:]
    assert {id: view.changes is None for id, view in told.items()} == {"4": True, "5": False}
    assert answer == Changed("4", told["4"])


def test_a_moment_before_the_oldest_record_is_not_on_record(tmp_path: Path) -> None:
    data = checkpoint(fleet.LINES)
    put(tmp_path, STATE, data)
    for place, changes in enumerate(({"same": 20}, {"same": 19, "update": 1})):
        name, ended = f"{HISTORY}dev-{(START + place * DAY) * 10**9}", START + place * DAY
        put(tmp_path, f"{name}.checkpoint.json", data)
        put(tmp_path, f"{name}.history.json", json.dumps({**record("update", changes), "endTime": ended}).encode())
    with (
        serve(create_app(ReaderProcess(address(tmp_path)), credentials.auth(tmp_path))) as url,
        client(url) as api,
    ):
        until(lambda: api.get("/history").json().get("complete") is True)
        before = {path: api.get(f"{path}?at=2025-12-31T00:00:00Z") for path in ("/sip", "/summary", "/agents")}
        then = api.get("/sip?at=2026-01-01T12:00:00Z").json()
        history = api.get("/sip/sales-us/history").json()
    refused = (404, "urn:trunkline:problem:not-on-record")
    assert {path: (answer.status_code, answer.json()["type"]) for path, answer in before.items()} == {
        "/sip": refused,
        "/summary": refused,
        "/agents": refused,
    }
    assert (then["total"], then["shown"]["update"]) == (len(fleet.LINES), str(START * 10**9))
    assert history == {"updates": [], "line": "sales-us", "complete": False}
