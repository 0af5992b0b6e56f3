"""Other programs: quiet, bounded, and heard when they fail."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from toolchain.command import run
from toolchain.failure import SetupFailure


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


def test_a_command_over_its_limit_ends_with_its_children(tmp_path: Path) -> None:
    started = time.monotonic()
    with pytest.raises(SetupFailure, match="took more than 0 s"):
        run(("sh", "-c", f"(sleep 2; touch {tmp_path}/late) & wait"), doing="waiting", say=print, limit=0.3)
    assert time.monotonic() - started < 1.5
    time.sleep(2)
    assert not (tmp_path / "late").exists()


def test_long_work_shows_that_it_goes_on() -> None:
    said: list[str] = []
    run(("sleep", "0.5"), doing="resting", say=said.append, progress_every=0.2)
    assert said == ["  still resting, 0 s so far"] * 2
