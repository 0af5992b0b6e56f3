"""A record that cannot be read, as a machine that lost its power leaves one, holds nothing up but what it told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.api import credentials
from tests.api.serving import client, serve
from tests.state import fleet
from tests.state.state_file import HISTORY, STATE, address, checkpoint, put
from tests.support.waiting import until
from trunkline.api import create_app
from trunkline.state import update
from trunkline.state.opening import open_backend
from trunkline.state.process import ReaderProcess
from trunkline.state.reader import Reader

DAY, START = 86400, 1767225600  # 2026-01-01T00:00:00Z, and an update each day from then on
UNREADABLE = {
    "empty": b"",
    "cut short": b'{"kind": "upd',
    "a list": b"[]",
    "deep": b"[" * 100_000,
    "no text": b"\xff\xfe",
    "cut short and packed": b"\x1f\x8b\x08",
}


def history(folder: Path, unreadable: int, data: bytes) -> list[str]:
    """Three updates, each of which labels the sales line by its number; the record of one cannot be read."""
    ids = [str((START + place * DAY) * 10**9) for place in range(3)]
    for place, id in enumerate(ids):
        state = checkpoint((fleet.SALES.model_copy(update={"label": str(place)}),))
        ended = START + place * DAY
        record = {"kind": "update", "result": "succeeded", "startTime": ended, "endTime": ended}
        put(folder, f"{HISTORY}dev-{id}.checkpoint.json", state)
        put(folder, f"{HISTORY}dev-{id}.history.json", data if place == unreadable else json.dumps(record).encode())
        put(folder, STATE, state)
    return ids


@pytest.mark.parametrize("data", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("unreadable", [0, 1, 2])
def test_a_record_that_cannot_be_read_leaves_all_others(unreadable: int, data: bytes, tmp_path: Path) -> None:
    ids = history(tmp_path, unreadable, data)
    publication = Reader(open_backend(address(tmp_path))).once()
    unknown = [one.subject for one in publication.findings if one.code == "update-unknown"]
    assert (publication.result, unknown) == (("", [ids[2]]) if unreadable == 2 else ("succeeded", []))


def test_an_update_whose_record_cannot_be_read_is_told_by_its_time_and_what_it_changed(tmp_path: Path) -> None:
    ids = history(tmp_path, 1, b"")
    with serve(create_app(ReaderProcess(address(tmp_path)), credentials.auth(tmp_path))) as url, client(url) as api:
        until(lambda: api.get("/history").json().get("complete") is True)
        until(lambda: all(one["changed"] is not None for one in api.get("/history").json()["updates"]))
        told = api.get(f"/history/{ids[1]}").json()
        labels = [api.get(f"/sip?at=2026-01-0{day}T12:00:00Z").json()["lines"][0]["label"] for day in (1, 2, 3)]
        state = api.get("/readyz").json()["state"]
    assert (state, labels) == ("ready", ["0", "1", "2"])
    assert (told["kind"], told["result"], told["ended"], told["who"]) == ("unknown", "", "2026-01-02T00:00:00Z", "")
    assert told["changes"] == [
        {"line": "sales-us", "kind": "changed", "fields": {"label": {"before": "0", "after": "1"}}}
    ]


@pytest.mark.parametrize("end", ["NaN", "1e300", "-1e300", "Infinity", "99999999999999", "[]", '"soon"'])
def test_an_end_that_is_no_time_ends_no_reader(end: str) -> None:
    data = f'{{"kind": "update", "result": "succeeded", "endTime": {end}, "environment": []}}'
    assert update.parse("7", data.encode()).ended == 0
