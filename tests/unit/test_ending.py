"""How the program ends: at the engine's SIGINT without a word, and on refused input as one that has shown its error."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import pytest

from stacks import ending
from trunkline.errors import InputError, Problem

# Threads that wait for each other, as registrations do, and a signal that comes twice. A program that the signal does
# not end is told soon: no thread waits for ever.
WAITING = """
import os, signal, threading
from concurrent.futures import ThreadPoolExecutor
from stacks.ending import end_at_interrupt
end_at_interrupt()
never = threading.Event()
with ThreadPoolExecutor(4) as threads:
    for _ in range(4):
        threads.submit(never.wait, 10)
    threading.Timer(0.2, lambda: [os.kill(os.getpid(), signal.SIGINT) for _ in range(2)]).start()
"""
PROBLEMS = [Problem(rule="r", message=f"it is {word}", fix="mend it") for word in ("wrong", "odd")]


def test_the_engine_s_interrupt_ends_a_program_that_waits_and_says_nothing() -> None:
    done = subprocess.run((sys.executable, "-c", WAITING), capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (ending.INTERRUPTED, "", "")


# Where the program reads the settings, it is stopped; what it does before is under way by then.
STOPPED_AT_ONCE = """
import os, signal
import pulumi
pulumi.Config = lambda _: os.kill(os.getpid(), signal.SIGINT)
from stacks.program import main
main()
"""


def test_it_does_so_from_the_first_thing_that_the_program_does() -> None:
    command = (sys.executable, "-c", STOPPED_AT_ONCE)
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert (done.returncode, done.stdout, done.stderr) == (ending.INTERRUPTED, "", "")


# What is registered first is called last. The program is stopped by its first setting, and ends as after its last word.
ENDED = """
import atexit, gc, sys
atexit.register(lambda: print(gc.get_freeze_count() > 10_000))
import pulumi
pulumi.Config = lambda _: sys.exit()
from stacks.program import main
main()
"""


def test_a_program_that_ends_is_not_looked_through_for_garbage() -> None:
    done = subprocess.run((sys.executable, "-c", ENDED), capture_output=True, text=True, check=False, timeout=240)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")


def test_a_program_in_a_thread_of_another_leaves_its_signals_alone() -> None:
    before = signal.getsignal(signal.SIGINT)
    thread = threading.Thread(target=ending.end_at_interrupt)
    thread.start()
    thread.join()
    assert signal.getsignal(signal.SIGINT) == before


def test_refused_input_is_told_whole_and_ends_with_the_code_of_an_error_that_was_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as caught:
        ending.refuse(InputError(PROBLEMS))
    assert caught.value.code == 32
    assert capsys.readouterr().err.splitlines() == [
        "error: it is wrong [r]; mend it",
        "error: it is odd [r]; mend it",
        "error: 2 problem(s) in the input; nothing was sent to any vendor and nothing was changed",
    ]
