"""The watch that ends a provider process with its engine. With the real engine: test_engine.py."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from providers.dynamic.engine_watch import EXIT_CODE, POLL, end_with_engine, refuses, watch
from tests.support.waiting import SOON


def _watched(answers: Iterator[bool], *, orphaned_after: int = 1000) -> list[str | float]:
    """What the watch does, in order, when the engine refuses as `answers` says."""
    done: list[str | float] = []
    watch(
        refuses=lambda: next(answers),
        orphaned=lambda: done.count(POLL) >= orphaned_after,
        sleep=done.append,
        end=lambda: done.append("end"),
    )
    return done


def test_two_refusals_in_a_row_end_the_process() -> None:
    assert _watched(iter([False, False, True, True])) == [POLL, POLL, POLL, POLL, "end"]


def test_one_refusal_between_answers_does_not() -> None:
    assert _watched(iter([True, False, True, False, True, True])) == [POLL] * 6 + ["end"]


def test_another_parent_ends_the_process_though_the_address_answers() -> None:
    assert _watched(iter([False] * 3), orphaned_after=3) == [POLL] * 3 + ["end"]


def test_a_listening_address_does_not_refuse_and_a_closed_one_does() -> None:
    with socket.create_server(("127.0.0.1", 0)) as engine:
        port = engine.getsockname()[1]
        assert not refuses("127.0.0.1", port)
    assert refuses("127.0.0.1", port)


def test_an_address_that_cannot_be_looked_up_is_no_refusal() -> None:
    assert not refuses("no-such-host.invalid", 1)


@pytest.mark.parametrize("argument", ["tests/test_x.py", "tests/test_x.py::test_y", "-q", "", "name:port", "a:123456"])
def test_an_argument_that_is_no_address_starts_no_watch(argument: str) -> None:
    end_with_engine(argument)
    assert not [thread for thread in threading.enumerate() if thread.name == "engine-watch"]


def test_a_process_that_an_engine_started_is_not_looked_through_for_garbage_when_it_ends() -> None:
    program = (
        "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > 0));"  # the first one is called last
        "from providers.dynamic.engine_watch import end_with_engine; end_with_engine()"
    )
    with socket.create_server(("127.0.0.1", 0)) as engine:
        command = (sys.executable, "-c", program, f"127.0.0.1:{engine.getsockname()[1]}")
        ended = subprocess.run(command, capture_output=True, text=True, check=True, timeout=SOON)
    assert (ended.stdout, ended.stderr) == ("True\n", "")


def test_a_process_with_the_address_as_its_last_argument_ends_with_it_and_watches_once() -> None:
    program = (
        "import threading, time; from providers.dynamic.engine_watch import end_with_engine as e; e(); e();"
        "print([t.name for t in threading.enumerate()].count('engine-watch'), flush=True); time.sleep(600)"
    )
    with socket.create_server(("127.0.0.1", 0)) as engine:
        address = f"127.0.0.1:{engine.getsockname()[1]}"
        provider = subprocess.Popen((sys.executable, "-c", program, address), stdout=subprocess.PIPE, text=True)
        assert provider.stdout is not None
        assert provider.stdout.readline() == "1\n"
        time.sleep(3 * POLL)
        assert provider.poll() is None
    try:
        assert provider.wait(timeout=SOON) == EXIT_CODE
    finally:
        provider.kill()
        provider.stdout.close()
