"""Whoever takes the log holds no answer up: what nobody takes waits, and past a bound is lost and counted."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api.credentials import auth, key_file
from tests.api.serving import Fixed, client, serve
from tests.api.test_metrics import samples
from tests.api.test_starting import environ_of, get
from tests.state import fleet
from tests.state.state_file import STATE, checkpoint, put
from tests.support.waiting import until
from trunkline.api import create_app
from trunkline.api.app import create_several
from trunkline.api.log import Outlet
from trunkline.state.checkpoint import StackState

LINE = "x" * 1000


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    yield reading, writing
    os.close(reading)
    os.close(writing)


def log(outlet: Outlet, text: str) -> None:
    outlet.handle(logging.LogRecord("trunkline", logging.INFO, "", 0, text, (), None))


def taken(reading: int) -> bytes:
    """Take all that stands in a pipe."""
    found = b""
    while True:
        try:
            found += os.read(reading, 65536)
        except BlockingIOError:
            return found


def test_a_line_is_written_at_once(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    log(Outlet(writing), "one\nof two")
    assert taken(reading) == b"one\nof two\n"


def test_what_nobody_takes_waits_and_comes_in_order_when_somebody_does(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    outlet = Outlet(writing)
    for number in range(500):
        log(outlet, f"{number} {LINE}")
    found = b""
    while b"the last" not in found:
        found += taken(reading)
        log(outlet, "the last")
    lines = found.decode().splitlines()
    assert lines[:500] == [f"{number} {LINE}" for number in range(500)]
    assert set(lines[500:]) == {"the last"}


def test_what_is_too_much_to_wait_is_lost_and_told_by_its_number(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    outlet = Outlet(writing, waiting=10)
    for number in range(1000):
        log(outlet, f"{number} {LINE}")
    first = taken(reading)
    for _ in range(3):
        log(outlet, "later")
    found = (first + taken(reading)).decode().splitlines()
    lost = 1000 - sum(line.endswith(LINE) for line in found)
    assert f"{lost} lines of this log were lost: nobody took them." in found
    assert found[-3:] == ["later"] * 3


def test_a_line_that_is_longer_than_a_pipe_holds_nobody_up(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    outlet = Outlet(writing)
    log(outlet, "y" * 300_000)
    found = b""
    while not found.endswith(b"the last\n"):
        found += taken(reading)
        log(outlet, "the last")
    assert found.splitlines()[0] == b"y" * 300_000


def test_a_full_disk_loses_lines_and_says_so_when_there_is_room(tmp_path: Path, pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    full = os.open("/dev/full", os.O_WRONLY)
    outlet = Outlet(full)
    for text in ("one", "two", "three", "four"):
        log(outlet, text)
    os.dup2(writing, full)
    log(outlet, "five")
    os.close(full)
    assert taken(reading) == b"4 lines of this log were lost: nobody took them.\nfive\n"
    assert outlet.lost == 4


def test_prometheus_is_told_how_many_lines_were_lost_of_several_stacks_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pipe: tuple[int, int]
) -> None:
    _, writing = pipe
    outlet = Outlet(writing, waiting=1)
    monkeypatch.setattr(logging.getLogger("trunkline"), "handlers", [outlet])
    for _ in range(500):
        log(outlet, LINE)
    assert outlet.lost > 0
    sources = {"eu": Fixed(StackState(outputs=fleet.outputs())), "us": Fixed(StackState(outputs=fleet.outputs()))}
    doors = auth(tmp_path)
    for app in (create_app(sources["eu"], doors), create_several(sources, doors)):
        lost = outlet.lost
        with serve(app) as url, client(url) as api:
            values = samples(api.get("/metrics").text)
        assert lost <= values["trunkline_log_lines_lost_total[]"] <= outlet.lost


def test_a_log_that_nobody_reads_any_more_is_no_error(pipe: tuple[int, int]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    log(Outlet(writing), "one")
    os.close(writing)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.mark.parametrize("kind", ["a full disk", "a pipe that nobody reads"])
def test_a_server_answers_whatever_takes_its_log(kind: str, tmp_path: Path) -> None:
    put(tmp_path, STATE, checkpoint(fleet.LINES))
    reading, writing = os.pipe()
    told = os.open("/dev/full", os.O_WRONLY) if kind == "a full disk" else writing
    if told == writing:
        os.set_blocking(writing, False)
        with pytest.raises(BlockingIOError):
            while True:
                os.write(writing, b"z" * 4096)
        os.set_blocking(writing, True)
    url = f"http://127.0.0.1:{(port := free_port())}"
    environ = {**os.environ, **environ_of(tmp_path), "TRUNKLINE_KEYS_FILE": str(key_file(tmp_path))}
    command = ["-m", "trunkline.cli.main", "serve", "--cwd", str(tmp_path), "--port", str(port)]
    process = subprocess.Popen([_python(), *command], env=environ, stderr=told, stdout=subprocess.DEVNULL)
    try:
        until(lambda: process.poll() is not None or _answers(url))
        assert [get(url, "/healthz").status_code for _ in range(20)] == [200] * 20
    finally:
        process.kill()
        process.wait()
        for one in {reading, writing, told}:
            os.close(one)


def _answers(url: str) -> bool:
    try:
        return get(url, "/healthz").status_code == 200
    except httpx.TransportError:
        return False


def _python() -> str:
    import sys

    return sys.executable
