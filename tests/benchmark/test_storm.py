"""A storm of 429s blows in a process of its own, beside what is counted, and a run keeps when each figure was known."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench import engine_rows, rows, storm
from bench.figure import Figure


def test_a_storm_is_told_of_when_it_has_ended_and_its_figures_come_after_what_was_counted_meanwhile() -> None:
    began = time.monotonic()
    counted, *weathered = rows.weather(1.0, iter([Figure("counted", 1.0, 1.0)]))
    assert (counted.name, time.monotonic() - began > 1) == ("counted", True)
    assert [(each.name.partition(":")[0], 0 <= each.found < 1) for each in weathered] == [("429 storm", True)] * 3


def test_a_storm_ends_with_what_it_blows_beside() -> None:
    began = time.monotonic()
    with pytest.raises(SystemExit, match="a line is gone"), storm.blowing(600):
        raise SystemExit("a line is gone")
    assert time.monotonic() - began < 60


def test_a_storm_that_breaks_off_is_no_figure() -> None:
    with storm.blowing(float("nan")) as ended, pytest.raises(SystemExit, match="exit code 1"):
        ended()


def test_a_run_keeps_at_what_second_each_figure_was_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sizes = list[engine_rows.Size]()

    def stack(size: engine_rows.Size) -> Iterator[Figure]:
        sizes.append(size)
        yield Figure(f"up of {size.lines}", 1.0, 2.0)

    monkeypatch.setattr(rows, "starts", lambda *_: iter([Figure("start", 1.0, 2.0)]))
    monkeypatch.setattr(rows, "requests", lambda *_: iter([Figure("requests", 1.0, 2.0)]))
    monkeypatch.setattr(rows, "weather", lambda _, meanwhile: iter([*meanwhile, Figure("storm", 1.0, 2.0)]))
    monkeypatch.setattr(engine_rows, "growth", lambda *_: iter([Figure("growth", 1.0, 2.0)]))
    monkeypatch.setattr(engine_rows, "stack", stack)
    monkeypatch.setattr(bench, "RESULTS", tmp_path)

    assert bench.main([]) == 0

    (kept,) = tmp_path.iterdir()
    told = json.loads(kept.read_text())
    names = ("start", "requests", "storm", "growth", "up of 200", "up of 1000")
    known = [(each["name"], each["at"] <= told["seconds"]) for each in told["figures"]]
    assert known == [(name, True) for name in names]
    assert [(size.rounds, size.latency) for size in sizes] == [(3, 0.2), (1, 0.0)]
    assert [line.split()[2] for line in capsys.readouterr().out.splitlines()[:2]] == ["start", "requests"]
