"""How the program ends where it is not at its end: at the engine's word, and on input that cannot be accepted.

Both do without an exception: what Pulumi's language hosts print of one stands under the error that an operator must
read.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
import threading
from typing import NoReturn

import pulumi

from trunkline.errors import InputError

ALREADY_REPORTED = 32
"""The exit code of a program that has shown its error itself (pulumi-language-python-exec, Pulumi 3.259.0)."""
INTERRUPTED = 130


def end_at_interrupt() -> None:
    """Let SIGINT end this process at once and without a word.

    The engine stops a program so after a write that failed, often twice, while threads wait for registrations that are
    never answered; Python would print a KeyboardInterrupt for each place that waits (Pulumi 3.259.0).
    """
    if threading.current_thread() is threading.main_thread():  # a program inside another process is not ours to end
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))


def end_without_a_search() -> None:
    """Let Python not look for garbage when this process ends: it would go twice through all that was imported.

    That takes up to two tenths of a second of each command, and all of it goes with the process.
    """
    atexit.register(gc.freeze)


def refuse(error: InputError) -> NoReturn:
    """Log every problem and warning, and end the program as one that has shown its error.

    A `pulumi.RunError` would say the same, and the official language host would add that "an unhandled error occurred".
    """
    for problem in error.problems:
        pulumi.log.error(str(problem))
    for warning in error.warnings:
        pulumi.log.warn(str(warning))
    pulumi.log.error(
        f"{len(error.problems)} problem(s) in the input; nothing was sent to any vendor and nothing was changed"
    )
    sys.exit(ALREADY_REPORTED)
