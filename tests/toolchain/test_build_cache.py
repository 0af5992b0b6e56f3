"""The cache: a thing is built once, whole or not at all."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.support.waiting import SOON
from toolchain.cache import cached


def _write(word: str, log: list[str]):  # type: ignore[no-untyped-def]
    def build(directory: Path) -> None:
        log.append(word)
        (directory / "word").write_text(word)

    return build


def test_a_thing_is_built_once(tmp_path: Path) -> None:
    log: list[str] = []
    first = cached(tmp_path, "thing", build=_write("first", log))
    second = cached(tmp_path, "thing", build=_write("second", log))
    assert (first, second, log) == (tmp_path / "thing", tmp_path / "thing", ["first"])
    assert (first / "word").read_text() == "first"


def test_a_build_that_fails_leaves_nothing_and_the_next_one_starts_afresh(tmp_path: Path) -> None:
    def half(directory: Path) -> None:
        (directory / "half").touch()
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        cached(tmp_path, "thing", build=half)
    assert [entry.name for entry in tmp_path.iterdir()] == [".thing.lock"]
    made = cached(tmp_path, "thing", build=_write("whole", []))
    assert [entry.name for entry in made.iterdir()] == ["word"]


def test_of_two_at_once_one_builds_and_the_other_waits(tmp_path: Path) -> None:
    log: list[str] = []
    building, go_on = threading.Event(), threading.Event()

    def slow(directory: Path) -> None:
        building.set()
        assert go_on.wait(SOON)
        _write("slow", log)(directory)

    threads = [threading.Thread(target=lambda: cached(tmp_path, "thing", build=slow))]
    threads[0].start()
    assert building.wait(SOON)
    threads.append(threading.Thread(target=lambda: cached(tmp_path, "thing", build=_write("other", log))))
    threads[1].start()
    threads[1].join(0.2)
    assert threads[1].is_alive()
    go_on.set()
    for thread in threads:
        thread.join(SOON)
    assert log == ["slow"]
