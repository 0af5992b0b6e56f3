"""The real engine on a scratch project, through plain `pulumi` as an operator runs it."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.support.processes import descendants, is_alive
from tests.support.waiting import until
from tests.toolchain.scratch_project import Project, has_stand_ins

pytestmark = pytest.mark.engine

of_our_stand_ins = pytest.mark.skipif(
    not has_stand_ins(), reason="an official Pulumi is set up: what stands in for its programs is not here"
)

# What the official release ships as pulumi-resource-pulumi-python does this: a shell that stays, and no watch.
OFFICIAL_LAUNCHER = '#!/bin/sh\n"$PULUMI_PYTHON_CMD" -u -m pulumi.dynamic "$@"\n'


def test_preview_up_refresh_and_destroy_work(project: Project) -> None:
    assert "+ 6 to create" in project.pulumi("preview")
    assert "+ 6 created" in project.pulumi("up", "--yes", "--skip-preview")
    assert "6 unchanged" in project.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")
    assert "6 unchanged" in project.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes")
    assert json.loads(project.pulumi("stack", "output", "--json")) == {
        "count": 5,
        "greeting": "hello",
        "secret": "[secret]",
    }
    assert "- 6 deleted" in project.pulumi("destroy", "--yes", "--skip-preview")


def test_the_engine_finds_its_language_host_without_a_warning(project: Project) -> None:
    told = re.findall(r"warning: (.*)", project.pulumi("preview"))
    # Of a plugin on PATH it warns whatever the program does, where its host is the official one.
    assert [each for each in told if not each.startswith("using pulumi-resource-command from $PATH")] == []


@pytest.mark.parametrize(
    ("scene", "errors"),
    [
        ("broken", ["Program failed with an unhandled exception:"]),
        # How our program ends on input that it cannot accept; the official language host tells a RunError twice.
        (
            "unaccepted",
            [
                "there is no inventory [no-inventory]; write one",
                "1 problem(s) in the input; nothing was sent to any vendor and nothing was changed",
            ],
        ),
        pytest.param("run_error", ["there is no inventory"], marks=of_our_stand_ins),
    ],
)
def test_a_program_that_fails_is_reported_once(project: Project, scene: str, errors: list[str]) -> None:
    assert _errors(project.pulumi("preview", code=1, SCENE=scene)) == errors


def test_the_traceback_of_a_program_starts_at_its_own_first_line(project: Project) -> None:
    printed = project.pulumi("preview", code=1, SCENE="broken")
    traceback = printed[printed.index("Traceback") :]
    assert re.findall(r'File "(.*)", line', traceback) == [f"{project.directory}/stacks/__main__.py"] * 2


@pytest.mark.parametrize("ends", ["1", pytest.param("", marks=of_our_stand_ins)], ids=["by itself", "by its runner"])
def test_a_refused_write_shows_its_reason_and_nothing_of_the_stopped_program(project: Project, ends: str) -> None:
    printed = project.pulumi("up", "--yes", "--skip-preview", code=1, SCENE="refused", ENDS_AT_INTERRUPT=ends)
    assert "RuntimeError: the vendor refused" in printed
    assert "KeyboardInterrupt" not in printed


def test_more_than_four_writes_are_under_way_at_once(project: Project) -> None:
    printed = project.pulumi("up", "--yes", "--skip-preview", "--parallel", "16", COUNT="12", BOXES_AT_ONCE="12")
    assert "+ 13 created" in printed


def test_two_thousand_resources_with_a_provider_that_holds_dicts_are_previewed(project: Project) -> None:
    assert "+ 2001 to create" in project.pulumi("preview", "--suppress-progress", SCENE="many", COUNT="2000")


@pytest.mark.parametrize("launcher", [pytest.param("ours", marks=of_our_stand_ins), "official"])
def test_a_killed_engine_takes_its_provider_along(project: Project, tmp_path: Path, launcher: str) -> None:
    variables = {"SCENE": "slow", "NOTES": str(tmp_path)}
    if launcher == "official":
        variables["WATCH_IN_CONFIGURE"] = "1"
        if has_stand_ins():
            variables["PATH"] = _with_official_launcher(project, tmp_path)
    engine = project.start("up", "--yes", "--skip-preview", **variables)
    try:
        until((tmp_path / "provider.pid").exists)
        provider = int((tmp_path / "provider.pid").read_text())
    finally:
        _kill(engine)
    until(lambda: not is_alive(provider))
    assert not (tmp_path / "finished").exists()


def test_a_killed_engine_takes_its_program_along(project: Project, tmp_path: Path) -> None:
    variables = {"SCENE": "slow", "NOTES": str(tmp_path), "WATCH_IN_CONFIGURE": "1"}
    engine = project.start("up", "--yes", "--skip-preview", **variables)
    try:
        until((tmp_path / "provider.pid").exists)
        started = descendants(engine.pid)
    finally:
        _kill(engine)
    # The language host, the program, the provider; the official launcher of providers is a shell that stays, and the
    # official language host goes on, idle (3.259.0): it is not ours to end.
    assert len(started) == (3 if has_stand_ins() else 4)
    until(lambda: len([process for process in started if is_alive(process)]) <= (0 if has_stand_ins() else 1))


def _with_official_launcher(project: Project, tmp_path: Path) -> str:
    directory = tmp_path / "official"
    directory.mkdir()
    launcher = directory / "pulumi-resource-pulumi-python"
    launcher.write_text(OFFICIAL_LAUNCHER)
    launcher.chmod(0o755)
    assert shutil.which(launcher.name, path=str(directory))
    return f"{directory}:{project.environment['PATH']}"


def _errors(printed: str) -> list[str]:
    """The errors under "Diagnostics:", each its first line."""
    diagnostics = printed[printed.index("Diagnostics:") :]
    return [line.strip().removeprefix("error: ") for line in diagnostics.splitlines() if "error: " in line]


def _kill(engine: subprocess.Popen[str]) -> None:
    engine.send_signal(signal.SIGKILL)
    engine.wait()
    assert engine.stdout is not None
    engine.stdout.close()
