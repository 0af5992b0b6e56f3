"""`make demo` and `make demo-down`, in a folder of their own: twice up, then down."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo import api_process, sandbox_process
from demo.__main__ import down, up
from demo.place import Place

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A project that shares nothing with this one but the installed tools."""
    for name in (".venv", ".tools"):
        (tmp_path / name).symlink_to(REPO / name)
    for name in ("Pulumi.yaml", "numbers.yaml"):
        shutil.copy(REPO / name, tmp_path / name)
    shutil.copytree(REPO / "stacks", tmp_path / "stacks", ignore=shutil.ignore_patterns("Pulumi.*.yaml", "__pycache__"))
    place = Place(tmp_path)
    yield place
    api_process.stop(place)
    sandbox_process.stop(place)


@pytest.mark.engine
@pytest.mark.skipif(not (REPO / ".tools/bin/pulumi").exists(), reason="no pulumi here: run `make setup`")
def test_the_demo_maps_every_line_then_changes_nothing_then_leaves_nothing(
    place: Place, capfd: pytest.CaptureFixture[str]
) -> None:
    assert up(place) == 0
    first = capfd.readouterr().out
    assert up(place) == 0
    second = capfd.readouterr().out
    running = sandbox_process.recorded(place)
    assert down(place) == 0

    rows = [line.split()[:4] for line in first.splitlines() if " ST_" in line]
    searched = rows[2][1]
    assert searched.startswith("+1650")
    assert rows == [
        ["sales-us", "+16505551234", "twilio", "ag_550e8400"],
        ["support-gb", "+447400551233", "vonage", "support"],
        ["support-us", searched, "twilio", "support"],
        ["uk-office", "+442071234567", "custom", "support"],
    ]
    assert "No changes: all 4 lines were as numbers.yaml says already." in second
    assert [line for line in first.splitlines() if " ST_" in line] == [
        line for line in second.splitlines() if " ST_" in line
    ]
    assert running is not None
    with pytest.raises(ProcessLookupError):
        _wait_for_end(running.pid)
    assert not place.folder.exists()
    assert not place.stack_config.exists()


@pytest.mark.engine
@pytest.mark.skipif(not (REPO / ".tools/bin/pulumi").exists(), reason="no pulumi here: run `make setup`")
def test_a_sandbox_that_died_comes_back_with_what_it_held(place: Place) -> None:
    place.folder.mkdir()
    first = sandbox_process.ensure(place)
    os.kill(first.pid, 9)
    _reap(first.pid)

    again = sandbox_process.ensure(place)

    assert again.pid != first.pid
    assert again.url == first.url
    assert json.loads((place.folder / "sandbox.json").read_text())["pid"] == again.pid


def _wait_for_end(pid: int) -> None:
    """Raises ProcessLookupError once the process has ended; times out by pytest's own limit."""
    _reap(pid)
    os.kill(pid, 0)


def _reap(pid: int) -> None:
    os.waitpid(pid, 0)
