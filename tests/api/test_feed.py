"""What is served while the state is replaced, locked, broken or gone."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from tests.api import credentials
from tests.api.conftest import EARLIER, ENTRIES, NOW
from tests.api.serving import Fixed, Silent, client, entry, frames, serve
from tests.state import fleet
from tests.state.state_file import LOCK, STATE, address, checkpoint, put, write_state
from tests.support.waiting import SOON, until
from trunkline.api import create_app
from trunkline.api.auth.principal import Role
from trunkline.outputs import Line
from trunkline.state.checkpoint import EMPTY, StackState
from trunkline.state.process import ReaderProcess
from trunkline.state.publication import Status


def relabelled(label: str) -> tuple[Line, ...]:
    return tuple(line.model_copy(update={"label": label}) for line in fleet.LINES)


@contextmanager
def followed(folder: Path) -> Iterator[httpx.Client]:
    """Serve a folder, read by the reader's own process."""
    put(folder, STATE, checkpoint(relabelled("first")))
    app = create_app(ReaderProcess(address(folder)), credentials.auth(folder))
    with serve(app) as url, client(url) as served:
        # It is ready when it serves; how soon is another test's.
        until(lambda: served.get("/sip/sales-us").status_code == HTTPStatus.OK)
        yield served


@pytest.fixture
def api(tmp_path: Path) -> Iterator[httpx.Client]:
    with followed(tmp_path) as served:
        yield served


def label(api: httpx.Client) -> str:
    return str(api.get("/sip/sales-us").json()["label"])


def test_a_new_version_is_served_soon_after_its_end(api: httpx.Client, tmp_path: Path) -> None:
    assert label(api) == "first"
    put(tmp_path, STATE, checkpoint(relabelled("second")))
    until(lambda: label(api) == "second")


def test_a_response_never_mixes_two_versions(tmp_path: Path) -> None:
    write_state(tmp_path, 300, "v0")
    app = create_app(ReaderProcess(address(tmp_path)), credentials.auth(tmp_path))
    stop, seen, torn = threading.Event(), set[str](), list[str]()

    def read(path: str) -> None:
        with client(url) as api:
            while not stop.is_set():
                answer = api.get(path)
                words = {part.split('"')[0].rpartition(" ")[2] for part in answer.text.split('"label":"')[1:]}
                torn.extend([] if len(words) == 1 else [answer.text])
                seen.update(words)

    with serve(app) as url:
        readers = [
            threading.Thread(target=read, args=(f"/sip?format={form}&limit=1000",)) for form in ("json", "ndjson")
        ]
        for reader in readers:
            reader.start()
        for number in range(1, 25):
            write_state(tmp_path, 300, f"v{number}")
            time.sleep(0.2)
            if number % 8 == 0:  # however slow the machine is, at least these are seen
                until(lambda newest=f"v{number}": newest in seen, 5 * SOON)  # type: ignore[misc]
        stop.set()
        for reader in readers:
            reader.join()
    assert torn == []
    assert len(seen) > 2


def test_while_an_update_runs_the_last_version_is_served(api: httpx.Client, tmp_path: Path) -> None:
    put(tmp_path, LOCK, b"{}")
    put(tmp_path, STATE, checkpoint(relabelled("half")))
    until(lambda: api.get("/readyz").json()["updating"])
    time.sleep(1.0)
    answer = api.get("/sip/sales-us")
    assert (answer.json()["label"], answer.headers["trunkline-update"]) == ("first", "in-progress")
    assert int(answer.headers["trunkline-age"]) >= 1
    put(tmp_path, STATE, checkpoint(relabelled("done")))
    (tmp_path / LOCK).unlink()
    until(lambda: label(api) == "done")
    assert "trunkline-update" not in api.get("/sip/sales-us").headers


def test_a_server_that_starts_during_an_update_serves_what_there_is(tmp_path: Path) -> None:
    put(tmp_path, STATE, checkpoint(relabelled("half")))
    put(tmp_path, LOCK, b"{}")
    app = create_app(ReaderProcess(address(tmp_path)), credentials.auth(tmp_path))
    with serve(app) as url, client(url) as api:
        assert label(api) == "half"
        assert api.get("/readyz").json()["updating"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"\x1f\x8b\x08\x00cut",
        b"\x28\xb5\x2f\xfd",
        b'{"checkpoint":{"latest":{"resources":[{"type":"pulumi:pulumi:Stack","outputs":{"lines":1}}]}}}',
    ],
    ids=["empty", "cut", "list", "object", "not UTF-8", "cut gzip", "zstd", "other outputs"],
)
def test_a_broken_checkpoint_is_told_and_the_last_version_served(
    data: bytes, api: httpx.Client, tmp_path: Path
) -> None:
    put(tmp_path, STATE, data)
    until(lambda: api.get("/readyz").json()["fault"] == "broken")
    ready = api.get("/readyz")
    assert (ready.status_code, ready.json()["state"], label(api)) == (200, "stale", "first")
    put(tmp_path, STATE, checkpoint(relabelled("mended")))
    until(lambda: label(api) == "mended")
    assert api.get("/readyz").json()["state"] == "ready"


def test_a_backend_that_goes_away_is_told_and_the_last_version_served(api: httpx.Client, tmp_path: Path) -> None:
    (tmp_path / ".pulumi").rename(tmp_path / "gone")
    until(lambda: api.get("/readyz").json()["fault"] != "")
    assert label(api) == "first"
    (tmp_path / "gone").rename(tmp_path / ".pulumi")
    until(lambda: api.get("/readyz").json()["state"] == "ready")


def test_a_reader_that_is_killed_is_started_again(tmp_path: Path) -> None:
    put(tmp_path, STATE, checkpoint(relabelled("first")))
    source = ReaderProcess(address(tmp_path))
    with serve(create_app(source, credentials.auth(tmp_path))) as url, client(url) as api:
        assert label(api) == "first"
        assert source.process is not None
        source.process.kill()
        until(lambda: api.get("/readyz").json()["fault"] == "unreachable")
        put(tmp_path, STATE, checkpoint(relabelled("second")))
        until(lambda: label(api) == "second")


def test_a_reader_that_hangs_is_told_and_the_last_version_served(tmp_path: Path) -> None:
    put(tmp_path, STATE, checkpoint(relabelled("first")))
    source = ReaderProcess(address(tmp_path))
    with serve(create_app(source, credentials.auth(tmp_path))) as url, client(url) as api:
        until(lambda: api.get("/readyz").json()["state"] == "ready")
        assert source.process is not None
        source.process.send_signal(signal.SIGSTOP)
        until(lambda: api.get("/readyz").json()["state"] == "stale")
        ready = api.get("/readyz")
        assert (ready.status_code, ready.json()["fault"], label(api)) == (200, "unreachable", "first")
        source.process.send_signal(signal.SIGCONT)
        until(lambda: api.get("/readyz").json()["state"] == "ready")


def test_a_reader_that_goes_on_hanging_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trunkline.state.process._SILENCE", 3.0)
    put(tmp_path, STATE, checkpoint(relabelled("first")))
    source = ReaderProcess(address(tmp_path))
    with serve(create_app(source, credentials.auth(tmp_path))) as url, client(url) as api:
        until(lambda: api.get("/readyz").json()["state"] == "ready")
        assert source.process is not None
        source.process.send_signal(signal.SIGSTOP)
        put(tmp_path, STATE, checkpoint(relabelled("second")))
        until(lambda: label(api) == "second")


def test_before_the_first_version_everything_else_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trunkline.api.app._PATIENCE", 0.1)
    with serve(create_app(Silent(), credentials.auth(tmp_path))) as url, client(url) as api:
        found = {
            path: api.get(path).status_code for path in ("/sip", "/sip/x", "/audit", "/readyz", "/healthz", "/keys")
        }
        assert found == {"/sip": 503, "/sip/x": 503, "/audit": 503, "/readyz": 503, "/healthz": 200, "/keys": 200}
        assert api.get("/readyz").json()["state"] == "starting"
        assert api.get("/sip").headers["retry-after"] == "2"


def test_after_a_failed_update_every_answer_says_so(tmp_path: Path) -> None:
    half = fleet.SUPPORT.model_copy(update={"status": "incomplete", "number_id": ""})
    unlisted = {"support-de": ("urn:a",), "uk-office": ("urn:b",)}
    left = StackState(
        outputs=fleet.outputs((fleet.SALES, half, fleet.OFFICE.model_copy(update={"label": ""}))), unlisted=unlisted
    )
    entries = (*ENTRIES, entry(3, NOW, left, result="failed"))
    with serve(create_app(Fixed(left, entries), credentials.auth(tmp_path))) as url, client(url) as api:
        ready, audit, history = (api.get(path).json() for path in ("/readyz", "/audit", "/history/3"))
        assert api.get("/sip").headers["trunkline-update"] == "failed"
    assert (ready["lastUpdate"], ready["unlistedLines"]) == ("failed", 2)
    assert [finding["code"] for finding in audit["findings"]][:3] == ["update-failed", "line-unlisted", "line-unlisted"]
    assert history["result"] == "failed"
    assert [(change["line"], change["kind"]) for change in history["changes"]] == [
        ("support-de", "unlisted"),
        ("uk-office", "unlisted"),
    ]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2025-12-31T23:59:59Z", []),
        ("2026-01-01T00:00:00Z", ["sales-us", "support-de"]),
        ("2026-01-01T23:59:59Z", ["sales-us", "support-de"]),
        ("2026-01-02T00:00:00Z", ["sales-us", "support-de", "uk-office"]),
        ("2099-01-01T00:00:00Z", ["sales-us", "support-de", "uk-office"]),
    ],
)
def test_the_lines_are_given_as_they_were(moment: str, expected: list[str], viewer: httpx.Client) -> None:
    assert [line["id"] for line in viewer.get("/sip", params={"at": moment}).json()["lines"]] == expected


def test_a_line_of_the_past_is_as_it_was(viewer: httpx.Client) -> None:
    then = viewer.get("/sip?at=2026-01-01T12:00:00Z&agent=support").json()["lines"]
    assert [line["id"] for line in then] == ["sales-us", "support-de"]


def test_a_time_before_what_is_on_record_is_refused(tmp_path: Path) -> None:
    source = Fixed(EARLIER)
    with serve(create_app(source, credentials.auth(tmp_path))) as url, client(url) as api:
        source.push(*frames(NOW, ENTRIES[1:], complete=False), Status())
        until(lambda: len(api.get("/sip").json()["lines"]) == 3)
        answer = api.get("/sip?at=2025-01-01T00:00:00Z")
        assert (answer.status_code, answer.json()["type"]) == (404, "urn:trunkline:problem:not-on-record")


def test_a_fleet_that_was_never_applied_or_is_destroyed_has_no_lines(tmp_path: Path) -> None:
    app = create_app(Fixed(StackState(outputs=EMPTY)), credentials.auth(tmp_path))
    with serve(app) as url, client(url, Role.VIEWER) as api:
        assert api.get("/sip").json() == {"lines": [], "total": 0, "next": None}
        assert api.get("/readyz").json()["state"] == "ready"
