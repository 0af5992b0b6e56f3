"""How many requests to one vendor are under way at a time in a process: a bound, fair, and felt for."""

from __future__ import annotations

from collections import deque
from threading import Lock

FIRST = 16
"""So many are under way at first: at a vendor that takes ten a second 3.7 % of a minute's requests are refused
then, and 5.8 % with 64 from the start (`python -m bench --only storm`, 2026-11-27)."""


class Turns:
    """Lets so many through at a time, in the order in which they came; used by `with`. Safe to share by threads.

    It begins with `FIRST`, or `limit` where that is less, and lets one more through with each request that the vendor
    takes, up to `limit`: twice as many each time that an answer takes. The account may be used by others too, so with
    the first refusal it goes back to where it began and stays there.

    A semaphore is not fair: who asks again and again goes before those that wait.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._most = min(FIRST, limit)
        self._under_way = 0
        self._waiting: deque[Lock] = deque()
        self._guard = Lock()

    def __enter__(self) -> None:
        with self._guard:
            if self._under_way < self._most and not self._waiting:
                self._under_way += 1
                return
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        try:
            turn.acquire()
        except BaseException:  # an interrupt: the turn is given to the next one, or to nobody
            self._give_back(turn)
            raise

    def __exit__(self, *_: object) -> None:
        with self._guard:
            self._under_way -= 1
            self._let_go()

    def taken(self) -> None:
        """Hear of a request that was answered otherwise than with 429."""
        with self._guard:
            if self._most < self._limit:
                self._most += 1
                self._let_go()

    def refused(self) -> None:
        """Hear of a 429. Those that are under way go on; nobody is let go before they are fewer than at first."""
        with self._guard:
            self._limit = self._most = min(FIRST, self._limit)

    def _let_go(self) -> None:
        while self._waiting and self._under_way < self._most:
            self._under_way += 1
            self._waiting.popleft().release()

    def _give_back(self, turn: Lock) -> None:
        with self._guard:
            if turn in self._waiting:
                self._waiting.remove(turn)
            else:
                self._under_way -= 1
                self._let_go()
