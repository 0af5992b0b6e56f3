"""What is asked for before it is wanted, side by side: who wants it later finds it there, or waits for the rest.

The process keeps what a listing told, an error too, so each is asked for once all the same. Nothing may be asked for
ahead that nobody wants in the end: it would be a request more.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")
Ask = Callable[[], object]


class Ahead:
    """Asks in threads of its own, up to `at_once` at a time; with one at a time nothing is asked ahead.

    The threads are no reason for the program to go on: who is interrupted, or fails, does not wait for a vendor.
    """

    def __init__(self, at_once: int) -> None:
        self._free = at_once if at_once > 1 else 0
        self._left: deque[Ask] = deque()
        self._guard = threading.Lock()

    def ask(self, *asks: Ask) -> None:
        """Ask for these, each as soon as a thread is free. What one raises is met by who wants it."""
        with self._guard:
            started = min(self._free, len(asks))
            self._free -= started
            self._left.extend(asks)
        for _ in range(started):
            threading.Thread(target=self._work, daemon=True).start()

    def later(self, ask: Callable[[], T]) -> Callable[[], T]:
        """Begin to ask, and give what waits for the answer, or asks where no thread came to it. Asks once.

        It raises what `ask` raises.
        """
        answers: list[Callable[[], T]] = []
        turn = threading.Lock()

        def once() -> T:
            with turn:
                if not answers:
                    answers.append(_answered(ask))
            return answers[0]()

        self.ask(once)
        return once

    def _work(self) -> None:
        while (ask := self._next()) is not None:
            with suppress(Exception):
                ask()

    def _next(self) -> Ask | None:
        with self._guard:
            if self._left:
                return self._left.popleft()
            self._free += 1
            return None


def _answered(ask: Callable[[], T]) -> Callable[[], T]:
    try:
        answer = ask()
    except Exception as error:
        raised = error

        def fail() -> T:
            raise raised

        return fail
    return lambda: answer
