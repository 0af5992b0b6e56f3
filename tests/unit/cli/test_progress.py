"""Long work tells what it does: live on a terminal, in plain lines elsewhere, and not at all beside JSON."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli.in_pulumis_place import stand_in
from trunkline.cli import engine, plan
from trunkline.cli.progress import PAUSE, progress
from trunkline.errors import TrunklineError

ROOT = Path(__file__).parents[3]
# Stands in for Pulumi: writes the events of two resources, and that nothing changes; after each resource it waits for
# the file that TOLD names, where it names one.
PULUMI = """\
for number in range(2):
    metadata = {"op": "same", "urn": f"urn:pulumi:dev::p::t::n{number}", "type": "t", "old": None, "new": None}
    print(json.dumps({"resourcePreEvent": {"metadata": metadata, "planning": True}}), file=log, flush=True)
    while "TOLD" in os.environ and not pathlib.Path(os.environ["TOLD"] + str(number)).exists():
        time.sleep(0.05)
print(json.dumps({"summaryEvent": {"resourceChanges": {"same": 2}}}), file=log)
"""


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    return stand_in(PULUMI, tmp_path, monkeypatch)


def test_elsewhere_each_step_is_a_line_at_once_and_counts_of_one_step_come_now_and_then(
    capsys: pytest.CaptureFixture[str],
) -> None:
    moments = iter([0.0, PAUSE - 1, PAUSE, PAUSE, PAUSE + 1])
    with progress(now=lambda: next(moments)) as tell:
        for what in ("reading trunk 1 of 9", "reading trunk 2 of 9", "reading trunk 3 of 9", "reading rules"):
            tell(what)
    assert capsys.readouterr() == ("", "reading trunk 1 of 9\nreading trunk 3 of 9\nreading rules\n")


def test_nothing_is_told_where_the_output_is_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(quiet=True) as tell:
        tell("reading rules")
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_one_line_shows_what_is_done_and_is_gone_at_the_end() -> None:
    program = "from trunkline.cli.progress import progress\nwith progress() as tell:\n    tell('reading [1] of 2')\n"
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
        timeout=240,
    )
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert (done.returncode, done.stdout) == (0, b"")
    assert "reading [1] of 2" in shown
    assert shown.endswith("\x1b[2K"), shown


def test_a_plan_tells_that_the_preview_runs(environ: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert plan.main([], environ) == 0
    assert capsys.readouterr().err.splitlines()[0] == "running pulumi preview"


def test_a_preview_tells_how_many_resources_it_has_come_to(environ: dict[str, str], tmp_path: Path) -> None:
    told: list[str] = []

    def tell(what: str) -> None:
        told.append(what)
        # What the stand-in waits for, so that it writes no further event before this one is told of.
        (tmp_path / f"told{len(told) - 2}").touch()

    engine.run(("preview",), "", tmp_path, {**environ, "TOLD": str(tmp_path / "told")}, tell=tell)
    preview = "running pulumi preview"
    assert told == [preview, f"{preview}, resources: 1", f"{preview}, resources: 2"]


def test_a_folder_that_is_not_there_is_no_fault_of_the_path(environ: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(TrunklineError, match=r"No such file or directory\. Nothing was changed\. Name a folder\."):
        engine.run(("preview",), "", tmp_path / "gone", environ)


@pytest.mark.parametrize("words", [["--format", "json"], ["--json"]])
def test_a_plan_as_json_is_json_alone(
    words: list[str], environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert plan.main(words, environ) == 0
    printed = capsys.readouterr()
    assert (printed.err, json.loads(printed.out)["verdict"]) == ("", "nothing")
