"""How a vendor is called: deadlines, and repetition only where it is proven safe."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from trunkline.errors import Throttled, Unavailable
from trunkline.redaction import Redaction

T = TypeVar("T")


class ConnectionNotMade(Exception):
    """No connection came about, so the request was not sent; an adapter raises it from its transport's errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Limits of one logical call.

    `timeout` seconds for one request; `deadline` seconds for the call with its repetitions; `attempts` at most. The
    clock, the sleep and the jitter are passed in, so that tests and simulations own time. `redaction` takes what the
    stack holds as secret out of a vendor's words; each vendor adds its own credentials to it.
    """

    timeout: float = 15.0
    deadline: float = 60.0
    attempts: int = 6
    first_pause: float = 0.5
    longest_pause: float = 8.0
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Random = field(default_factory=Random, repr=False, compare=False)
    redaction: Redaction = field(default_factory=Redaction)

    def read(self, send: Callable[[], T]) -> T:
        """Send a read, repeating it after anything that may pass: 429, 5xx, time-outs, broken connections."""
        return self._repeat(send, (Throttled, Unavailable, ConnectionNotMade))

    def write(self, send: Callable[[], T]) -> T:
        """Send a write, repeating it only after 429 and after a connection that never came about."""
        return self._repeat(send, (Throttled, ConnectionNotMade))

    def _repeat(self, send: Callable[[], T], passing: tuple[type[Exception], ...]) -> T:
        end = self.monotonic() + self.deadline
        attempt = 1
        while True:
            try:
                return send()
            except passing as error:
                pause = self._pause(error, attempt)
                if attempt >= self.attempts or self.monotonic() + pause > end:
                    raise
            self.sleep(pause)
            attempt += 1

    def _pause(self, error: Exception, attempt: int) -> float:
        """A Retry-After is obeyed as it stands: one that is absurd ends the call by the deadline instead."""
        asked = error.retry_after if isinstance(error, Throttled) else None
        grown = min(self.longest_pause, self.first_pause * 2.0 ** (attempt - 1))
        return asked if asked is not None else grown * (0.5 + self.jitter.random() / 2)
