"""How many calls of the engine a provider process works on at a time: the same under the official launcher and ours.

The SDK's server has four threads (3.272.0), whatever `pulumi up --parallel` says: at a vendor that takes 300 ms a first
`up` of 60 lines took 1.65 times as long as with sixteen, and at 200 ms one of 200 lines with sixteen took 1.8 times as
long as with 64. How many requests each vendor gets of that is its own bound's (`providers/turns.py`).
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

WORKERS = 64


def widen(workers: int = WORKERS) -> None:
    """Let the executor that runs this call have up to `workers` threads. Called anywhere else it changes nothing.

    An executor has no public way to grow and the server keeps its own to itself, but it looks at its limit anew with
    each call. A Python whose executors are made otherwise keeps its four.
    """
    executor = _executor_of_this_call()
    if executor is not None:
        executor._max_workers = workers


def _executor_of_this_call() -> ThreadPoolExecutor | None:
    # What runs the thread holds a weak reference to its executor. Not by `gc.get_objects`: that holds every object for
    # a moment, and a tuple that another thread is just making, as an import does, is then not finished (SystemError).
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_globals.get("__name__") == ThreadPoolExecutor.__module__ and "executor_reference" in frame.f_locals:
            found = frame.f_locals["executor_reference"]()
            return found if isinstance(found, ThreadPoolExecutor) else None
    return None
