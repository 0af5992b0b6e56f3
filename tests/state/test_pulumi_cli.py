"""A stack that only the `pulumi` command reaches is read whole: every update, by a name that stays."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api import credentials
from tests.api.serving import client, serve
from tests.state import fleet
from tests.state.pulumi_stack import PulumiStack
from tests.state.state_file import checkpoint
from tests.support.waiting import until
from trunkline.api import create_app
from trunkline.state.process import ReaderProcess
from trunkline.state.publication import Recorded, Status
from trunkline.state.pulumi_cli import CliBackend
from trunkline.state.reader import AGAIN, Reader
from trunkline.state.stack import StackAddress

STAND_IN = Path(__file__).with_name("cli_stand_in.py")
FIRST = 1767225600  # 2026-01-01T00:00:00Z, and an update each hour from then on


def when(version: int) -> str:
    hours = version - 1
    return f"2026-01-{1 + hours // 24:02}T{hours % 24:02}:00:00.000Z"


class Cloud:
    """A stack of Pulumi Cloud; update N labelled its line N."""

    def __init__(self, folder: Path, updates: int) -> None:
        self._file = folder / "cloud.json"
        self.failing: dict[str, int] = {}
        self.apply(updates)

    def apply(self, updates: int, *, running: bool = False) -> None:
        """Have so many updates on record; `running`: the last of them has not ended."""
        versions = range(updates, 0, -1)
        listed: list[dict[str, Any]] = [
            {
                "version": version,
                "kind": "update",
                "result": "succeeded",
                "startTime": when(version),
                "endTime": when(version),
            }
            for version in versions
        ]
        if running:
            listed[0]["result"] = "in-progress"
            del listed[0]["endTime"]  # `pulumi stack history` says it of those alone that ended (3.259.0)
        exports = {str(version): _export(version) for version in versions}
        cloud = {"organization": "acme", "updates": listed, "exports": exports, "failing": self.failing}
        self._file.write_text(json.dumps(cloud), "utf-8")


def _export(version: int) -> dict[str, Any]:
    latest = json.loads(checkpoint((fleet.SALES.model_copy(update={"label": str(version)}),)))["checkpoint"]["latest"]
    return {"version": 3, "deployment": latest}


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StackAddress:
    """The stack, where PATH has the stand-in alone."""
    command = tmp_path / "bin/pulumi"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} {STAND_IN} "$@"\n', "utf-8")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(command.parent))
    monkeypatch.setenv("CLOUD", str(tmp_path / "cloud.json"))
    environ = {"PULUMI_BACKEND_URL": "https://api.pulumi.com"}
    return StackAddress.find("acme/fleet/dev", tmp_path, environ)


def known(reader: Reader) -> dict[str, bool]:
    """Look until nothing is left to read; say of each update whether its changes are known."""
    told: dict[str, bool] = {}
    while True:
        frames = list(reader.look())
        updates = (update for frame in frames if isinstance(frame, Recorded) for update in frame.updates)
        told.update({update.id: update.changes is not None for update in updates})
        if not reader.behind:
            return told


def test_every_page_of_the_history_is_read(address: StackAddress, tmp_path: Path) -> None:
    Cloud(tmp_path, 230)
    backend = CliBackend(address)
    assert list(backend.updates()) == [str(version) for version in range(1, 231)]


def test_an_answer_for_a_moment_of_long_ago_is_of_then(address: StackAddress, tmp_path: Path) -> None:
    Cloud(tmp_path, 25)
    with serve(create_app(ReaderProcess(address), credentials.auth(tmp_path))) as url, client(url) as api:
        until(lambda: api.get("/history?limit=100").json().get("complete") is True)
        labels = {
            version: api.get("/sip", params={"at": when(version)}).json()["lines"][0]["label"] for version in (1, 3, 24)
        }
        before: httpx.Response = api.get("/sip?at=2025-12-31T23:59:59Z")
    assert labels == {1: "1", 3: "3", 24: "24"}
    assert before.json()["lines"] == []


def test_an_updates_name_stays_when_further_ones_come(address: StackAddress, tmp_path: Path) -> None:
    cloud, backend = Cloud(tmp_path, 12), CliBackend(address)
    before = {id: backend.update(id).started for id in backend.updates()}
    cloud.apply(13)
    assert {id: backend.update(id).started for id in backend.updates()[:-1]} == before


def test_a_version_that_could_not_be_had_is_asked_for_again(address: StackAddress, tmp_path: Path) -> None:
    cloud = Cloud(tmp_path, 3)
    cloud.failing = {"2": 1}
    cloud.apply(3)
    reader = Reader(CliBackend(address))
    faults = [[frame.fault for frame in reader.look() if isinstance(frame, Status)] for _ in range(3)]
    assert (faults, known(reader)) == ([[""], [""], ["unreachable"]], {"3": True, "2": True, "1": True})


def test_a_version_that_never_comes_leaves_the_others(address: StackAddress, tmp_path: Path) -> None:
    cloud = Cloud(tmp_path, 4)
    cloud.failing = {"2": 99}
    cloud.apply(4)
    reader = Reader(CliBackend(address))
    assert known(reader) == {"4": True, "3": False, "2": False, "1": True}


def test_what_did_not_come_for_long_is_asked_for_again_when_it_may_have_come_back(
    address: StackAddress, tmp_path: Path
) -> None:
    cloud = Cloud(tmp_path, 4)
    cloud.failing = {"2": 4}
    cloud.apply(4)
    backend = CliBackend(address)
    backend.interval = AGAIN / 3
    reader = Reader(backend)
    first = known(reader)
    faults: list[str] = []
    later: dict[str, bool] = {}
    for _ in range(12):
        frames = list(reader.look())
        faults += [frame.fault for frame in frames if isinstance(frame, Status)]
        updates = (update for frame in frames if isinstance(frame, Recorded) for update in frame.updates)
        later.update({update.id: update.changes is not None for update in updates})
    assert first == {"4": True, "3": False, "2": False, "1": True}
    assert (later["3"], later["2"], set(faults)) == (True, True, {""})


def test_an_update_that_runs_is_on_record_when_it_has_ended(address: StackAddress, tmp_path: Path) -> None:
    cloud = Cloud(tmp_path, 1)
    cloud.apply(3, running=True)
    with serve(create_app(ReaderProcess(address), credentials.auth(tmp_path))) as url, client(url) as api:
        until(lambda: api.get("/history").json().get("complete") is True)
        while_it_runs = [update["id"] for update in api.get("/history").json()["updates"]]
        shown = api.get("/sip", params={"at": when(1)}).json()["shown"]["update"]
    backend = CliBackend(address)
    seen = Reader(backend)
    known(seen)
    cloud.apply(3)
    told = known(seen)
    assert (while_it_runs, shown) == (["2", "1"], "1")
    assert (told, backend.update("3").result) == ({"3": True}, "succeeded")


@pytest.mark.engine
def test_the_real_command_gives_all_of_25_updates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    state = tmp_path / "state"
    state.mkdir()
    stack = PulumiStack.create(tmp_path, f"file://{state}")
    stack.apply((fleet.SALES,), message="an update")
    _repeat(state / ".pulumi/history/fleet/dev", 25)
    for name in ("PATH", "PULUMI_HOME"):
        monkeypatch.setenv(name, stack.environ[name])
    backend = CliBackend(stack.address)
    started = [backend.update(id).started for id in backend.updates()]
    assert (len(started), started) == (25, sorted(started))


def _repeat(history: Path, count: int) -> None:
    """Record the one update of a history so often, as ones of the seconds before it."""
    (record,) = history.glob("*.history.json")
    document = json.loads(record.read_text("utf-8"))
    nanoseconds = int(record.name.removesuffix(".history.json").rpartition("-")[2])
    for back in range(1, count):
        earlier = {**document, "startTime": document["startTime"] - back, "endTime": document["endTime"] - back}
        name = f"dev-{nanoseconds - back * 10**9}.history.json"
        record.with_name(name).write_text(json.dumps(earlier), "utf-8")
