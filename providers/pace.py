"""How fast a vendor is asked, once it has said that this is too fast: learnt from its 429s, for a whole process.

A vendor that answers 429 without a Retry-After does not say what it allows. Repeating each call by itself finds that
out once a call, and calls side by side use up each other's repetitions. So the calls to a vendor share one
pace: none until the first 429, then the rate that was taken, a fifth less with each further 429, and growing again the
faster the longer none comes. The constants were found by trying: limits of 10 to 100 requests a second, answers that
take 20 to 300 ms, sixteen callers, of late 64 (`turns`), a minute each; over nine tenths of what is allowed are used,
and at most one request in twenty is refused.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from math import exp, log, log1p
from threading import Lock

_CUT = 0.8
_PAUSE = 4  # requests that are left out after a 429, so that the vendor has some to give
_GROWTH = 0.03  # of the rate, a second
_CALM = 3.0  # seconds after which it grows faster
_SECOND = 1.0  # over which the first rate is counted
_FEW = 4  # requests a second: fewer calls are no storm, and each waits by itself
_LOOKS = 3  # at the time to wait, before a request is sent whatever came meanwhile
_FREE = 1000.0  # requests a second, from which on there is no pace


class Pace:
    """Lets calls begin one after the other, as far apart as the vendor's refusals ask for. Safe to share by threads."""

    def __init__(self) -> None:
        self._rate: float | None = None  # requests a second; None: as they come
        self._next = 0.0  # when a request may begin at the earliest
        self._refused = 0.0  # the time of the last refusal that counted
        self._grown = 0.0  # until when the growth is in the rate
        self._taken: deque[float] = deque(maxlen=int(_FREE))
        self._turn = Lock()
        self._facts = Lock()

    def wait(self, monotonic: Callable[[], float], sleep: Callable[[float], None]) -> None:
        """Come back when a request may be sent. Who came first is let go first, as far as locks are fair."""
        with self._turn:
            for _ in range(_LOOKS):
                if (left := self.left(monotonic())) <= 0:
                    return
                sleep(left)
            self._take(monotonic())

    def taken(self, now: float) -> None:
        """Hear of a request that was answered otherwise than with 429."""
        with self._facts:
            if self._rate is None:
                self._taken.append(now)

    def refused(self, sent: float, now: float, retry_after: float | None) -> None:
        """Hear of a 429. Of those that were under way together one alone counts."""
        with self._facts:
            if retry_after is not None:
                self._next = max(self._next, now + retry_after)
            elif self._rate is None:
                taken = sum(1 for each in self._taken if each > now - _SECOND)
                if taken >= _FEW:
                    self._slow(float(taken), now)
            elif sent > self._refused:
                self._slow(_CUT * self._grown_to(self._rate, now), now)

    def _slow(self, rate: float, now: float) -> None:
        self._rate, self._refused, self._grown = rate, now, now
        self._next = max(self._next, now + _PAUSE / rate)

    def left(self, now: float) -> float:
        """Give how long to wait still; where it is no time, this request's place is taken."""
        with self._facts:
            if self._next > now:
                return self._next - now
            self._place(now)
            return 0.0

    def _take(self, now: float) -> None:
        with self._facts:
            self._place(now)

    def _place(self, now: float) -> None:
        if self._rate is not None:
            self._rate = self._grown_to(self._rate, now)
            self._next = now + 1 / self._rate
            if self._rate > _FREE:
                self._rate, self._next = None, now
                self._taken.clear()

    def _grown_to(self, rate: float, now: float) -> float:
        calm = max(1.0, (now - self._refused) / _CALM)
        # By its logarithm: after an hour without a refusal the power would be no number any more.
        grown = log(rate) + (now - self._grown) * log1p(_GROWTH * calm**2)
        self._grown = now
        return exp(min(grown, log(2 * _FREE)))
