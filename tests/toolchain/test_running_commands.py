"""Other programs: quiet, bounded, and heard when they fail."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.support import processes
from tests.support.waiting import until
from toolchain.command import SetupFailure, run


def test_what_a_command_prints_is_given_and_not_shown() -> None:
    said: list[str] = []
    printed = run(("sh", "-c", "echo out; echo err >&2"), doing="talking", say=said.append)
    assert (printed, said) == ("out\nerr\n", [])


def test_a_failure_says_what_was_done_how_it_ended_and_the_last_lines() -> None:
    with pytest.raises(SetupFailure) as raised:
        run(("sh", "-c", "seq 1 20; exit 3"), doing="counting", say=print)
    lines = str(raised.value).splitlines()
    assert lines[0] == "counting failed: `sh -c seq 1 20; exit 3` ended with exit code 3."
    assert lines[1:] == [f"    {number}" for number in range(6, 21)]


def test_a_program_that_is_not_there_is_a_failure_too() -> None:
    with pytest.raises(SetupFailure, match="building failed: no-such-program does not start"):
        run(("no-such-program",), doing="building", say=print)


def test_a_command_over_its_limit_ends_with_its_children() -> None:
    marked = {**os.environ, **processes.mark()}
    with pytest.raises(SetupFailure, match="took more than 0 s"):
        run(("sh", "-c", "sleep 600 & wait"), doing="waiting", say=print, limit=0.3, environment=marked)
    until(lambda: not processes.marked())


def test_what_a_test_started_is_found_by_its_mark_and_ended_also_where_its_parent_is_gone() -> None:
    command = ("sh", "-c", "sleep 600 >/dev/null & echo $!")
    printed = subprocess.run(command, env={**os.environ, **processes.mark()}, stdout=subprocess.PIPE, text=True)
    assert processes.marked() == {int(printed.stdout)}
    processes.end_all()
    assert not processes.is_alive(int(printed.stdout))


def test_long_work_shows_that_it_goes_on(tmp_path: Path) -> None:
    said: list[str] = []

    def say(line: str) -> None:
        said.append(re.sub("[0-9]+", "N", line))
        if len(said) == 2:
            (tmp_path / "enough").touch()

    work = f"until [ -e {tmp_path}/enough ]; do sleep 0.01; done"
    run(("sh", "-c", work), doing="resting", say=say, progress_every=0.2)
    assert said[:2] == ["  still resting, N s so far"] * 2
