"""How many requests to one vendor are under way at a time in a process: a bound, and fair."""

from __future__ import annotations

from collections import deque
from threading import Lock


class Turns:
    """Lets `limit` through at a time, in the order in which they came; used by `with`. Safe to share by threads.

    A semaphore is not fair: who asks again and again goes before those that wait.
    """

    def __init__(self, limit: int) -> None:
        self._free = limit
        self._waiting: deque[Lock] = deque()
        self._guard = Lock()

    def __enter__(self) -> None:
        with self._guard:
            if self._free:
                self._free -= 1
                return
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        try:
            turn.acquire()
        except BaseException:  # an interrupt: the turn is given to the next one, or to nobody
            self._leave(turn)
            raise

    def __exit__(self, *_: object) -> None:
        with self._guard:
            self._pass_on()

    def _pass_on(self) -> None:
        if self._waiting:
            self._waiting.popleft().release()
        else:
            self._free += 1

    def _leave(self, turn: Lock) -> None:
        with self._guard:
            if turn in self._waiting:
                self._waiting.remove(turn)
            else:
                self._pass_on()
