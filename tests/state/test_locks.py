"""What is told of an update that holds the stack, and of one that was killed while it did."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.state import fleet
from tests.state.state_file import HISTORY, LOCK, STATE, address, checkpoint, put
from trunkline.state import locks
from trunkline.state.opening import open_backend
from trunkline.state.publication import Frame, Publication, Status
from trunkline.state.reader import Reader

HERE = socket.gethostname()


def label(text: str) -> bytes:
    return checkpoint([line.model_copy(update={"label": text}) for line in fleet.LINES])


def lock(folder: Path, pid: object, host: str = HERE) -> None:
    """Hold the stack as the engine does."""
    put(folder, LOCK, json.dumps({"pid": pid, "username": "ci", "hostname": host}).encode())


def dead() -> int:
    """The number of a process that has ended."""
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    return done.pid


@pytest.fixture(autouse=True)
def _on_a_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the tests run, they are told as on a host, whose processes a reader can see."""
    if (own := Path("/proc/self/ns/pid")).is_symlink():
        monkeypatch.setattr(locks, "INITIAL", int(own.readlink().name.strip("pid:[]")))


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    put(tmp_path, STATE, label("before"))
    reader = Reader(open_backend(address(tmp_path)))
    assert seen(reader) == (["before"], Status())
    return reader


def seen(reader: Reader) -> tuple[list[str], Status]:
    """Look once; give the label of each version that came, and how the look went."""
    frames = list(reader.look())
    status = frames[-1]
    assert isinstance(status, Status)
    return _labels(frames), replace(status, held=0.0)


def _labels(frames: list[Frame]) -> list[str]:
    rows = [frame for frame in frames if isinstance(frame, tuple)]
    return [rows[0][0].label for frame in frames if isinstance(frame, Publication)]


@pytest.mark.parametrize(
    ("pid", "host"),
    [(os.getpid(), HERE), (1, HERE), (None, HERE), ("17", HERE), (-1, HERE), (0, HERE), (True, HERE), (10**20, HERE)],
    ids=["alive", "another's", "none", "text", "negative", "zero", "bool", "absurd"],
)
def test_a_lock_of_which_nobody_can_say_that_its_process_ended_is_an_update_that_runs(
    pid: object, host: str, reader: Reader, tmp_path: Path
) -> None:
    lock(tmp_path, pid, host)
    put(tmp_path, STATE, label("half"))
    assert seen(reader) == ([], Status(updating=True))


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"17", b"\xff"])
def test_a_lock_that_is_no_lock_of_the_engine_is_an_update_that_runs(
    data: bytes, reader: Reader, tmp_path: Path
) -> None:
    put(tmp_path, LOCK, data)
    assert seen(reader) == ([], Status(updating=True))


def test_of_another_host_nobody_knows_whether_the_update_runs(reader: Reader, tmp_path: Path) -> None:
    lock(tmp_path, dead(), "runner-7")
    assert seen(reader) == ([], Status(updating=True))


def test_an_update_whose_process_has_ended_was_killed_and_the_state_that_it_left_is_read(
    reader: Reader, tmp_path: Path
) -> None:
    lock(tmp_path, dead())
    assert seen(reader) == ([], Status(killed=True))
    put(tmp_path, STATE, label("partly"))
    assert seen(reader) == (["partly"], Status(killed=True))
    assert seen(reader) == ([], Status(killed=True))


def namespaces(folder: Path, own: int, *pids: str) -> Path:
    """A /proc as this process sees it from pid namespace `own`; of each process its numbers, from here inwards."""
    put(folder, "proc/self/status", b"NSpid:\t50\n")
    (folder / "proc/self/ns").mkdir()
    (folder / "proc/self/ns/pid").symlink_to(f"pid:[{own}]")
    for numbers in pids:
        put(folder, f"proc/{numbers.split()[0]}/status", f"Name:\tpulumi\nNSpid:\t{numbers}\n".encode())
    return folder / "proc"


def test_of_a_process_in_a_container_with_this_host_s_name_its_own_number_counts(tmp_path: Path) -> None:
    proc, ended = namespaces(tmp_path, locks.INITIAL, "4711", f"4712 {(pid := dead())}"), dead()
    assert (locks.is_alive(pid, proc), locks.is_alive(ended, proc)) == (True, False)


def test_from_within_a_container_nobody_can_say_that_a_process_of_this_host_s_name_ended(tmp_path: Path) -> None:
    assert locks.is_alive(dead(), namespaces(tmp_path, locks.INITIAL + 7))


def test_where_there_are_no_namespaces_a_process_that_is_not_there_has_ended(tmp_path: Path) -> None:
    assert not locks.is_alive(dead(), tmp_path / "proc")


def test_how_long_a_killed_update_has_held_the_stack_is_told(reader: Reader, tmp_path: Path) -> None:
    lock(tmp_path, dead())
    before = time.time() - 100
    os.utime(tmp_path / LOCK, (before, before))
    (status,) = reader.look()
    assert isinstance(status, Status) and 100 <= status.held < 160


def test_of_several_locks_one_whose_update_may_run_counts(reader: Reader, tmp_path: Path) -> None:
    lock(tmp_path, dead())
    put(tmp_path, LOCK.replace("0.json", "1.json"), json.dumps({"pid": os.getpid(), "hostname": HERE}).encode())
    assert seen(reader) == ([], Status(updating=True))


def test_a_killed_update_goes_on_being_told_when_its_lock_is_taken_away_until_one_ends(
    reader: Reader, tmp_path: Path
) -> None:
    lock(tmp_path, dead())
    assert seen(reader) == ([], Status(killed=True))
    (tmp_path / LOCK).unlink()
    assert seen(reader) == ([], Status(killed=True))
    lock(tmp_path, os.getpid())
    assert seen(reader) == ([], Status(updating=True))
    put(tmp_path, STATE, label("after"))
    (tmp_path / LOCK).unlink()
    assert seen(reader) == (["after"], Status())


def test_an_update_that_ends_without_a_trace_is_told_until_one_leaves_one(reader: Reader, tmp_path: Path) -> None:
    lock(tmp_path, 4711, "runner-7")
    assert seen(reader) == ([], Status(updating=True))
    (tmp_path / LOCK).unlink()
    assert seen(reader) == ([], Status(traceless=True))
    assert seen(reader) == ([], Status(traceless=True))
    put(tmp_path, STATE, label("after"))
    assert seen(reader) == (["after"], Status())


def test_an_update_that_is_on_record_and_left_the_state_as_it_was_is_no_riddle(reader: Reader, tmp_path: Path) -> None:
    lock(tmp_path, os.getpid())
    assert seen(reader) == ([], Status(updating=True))
    put(tmp_path, f"{HISTORY}dev-1.history.json", b'{"kind":"update","result":"succeeded","startTime":1,"endTime":2}')
    put(tmp_path, f"{HISTORY}dev-1.checkpoint.json", label("before"))
    (tmp_path / LOCK).unlink()
    assert seen(reader) == (["before"], Status())


def test_an_update_that_ends_between_two_looks_is_no_riddle(reader: Reader, tmp_path: Path) -> None:
    put(tmp_path, STATE, label("after"))
    lock(tmp_path, os.getpid())
    assert seen(reader) == ([], Status(updating=True))
    (tmp_path / LOCK).unlink()
    assert seen(reader) == (["after"], Status())
