"""How a vendor is called: deadlines, and repetition only where it is proven safe."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, TypeVar

from providers.pace import Pace
from providers.turns import Turns
from trunkline.debug import DebugLog, Exchange
from trunkline.errors import Throttled, Unavailable
from trunkline.redaction import Redaction
from trunkline.settings import AT_ONCE, secret_values

T = TypeVar("T")


_SHORTEST = 0.01  # seconds; a request without any time cannot be sent


class ConnectionNotMade(Exception):
    """No connection came about, so the request was not sent; an adapter raises it from its transport's errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Limits of one logical call.

    `timeout` seconds for one request, to the last byte of its answer; `deadline` seconds for the call with its
    repetitions, where a write that begins within it keeps its whole `timeout`; `attempts` at most. The
    clock, the sleep and the jitter are passed in, so that tests and simulations own time. `redaction` takes what the
    stack holds as secret out of a vendor's words; each vendor adds its own credentials to it. `note` is told of each
    request that was sent. The calls to one vendor share its `pace` and its `turns`, which bound how many requests are
    under way; what they wait for either before the first request is no part of the deadline.
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
    note: Callable[[Exchange], object] = field(default=lambda exchange: None, repr=False, compare=False)
    pace: Pace = field(default_factory=Pace, repr=False, compare=False)
    turns: Turns = field(default_factory=lambda: Turns(AT_ONCE), repr=False, compare=False)

    @classmethod
    def of(cls, environ: Mapping[str, str], **limits: Any) -> Policy:
        """Give that of a command: it shows no secret of the environment, and `TRUNKLINE_DEBUG` is told of each request.

        Raises SettingsError where that variable names no file that can be written.
        """
        redaction = Redaction.of(secret_values(environ, {}))
        log = DebugLog.of(environ, redaction)
        policy = cls(redaction=redaction, **limits)
        return replace(policy, note=log.note) if log else policy

    def paced(self, at_once: int | None = None) -> Policy:
        """Give the same limits for another vendor: its own pace, and at most so many requests under way at a time."""
        return replace(self, pace=Pace(), turns=Turns(at_once or AT_ONCE))

    def read(self, send: Callable[[float], T]) -> T:
        """Send a read, repeating it after anything that may pass: 429, 5xx, time-outs, broken connections.

        `send` is told how many seconds its request may take, which gets less as the deadline comes near.
        """
        return self._repeat(send, (Throttled, Unavailable, ConnectionNotMade), shorten=True)

    def write(self, send: Callable[[float], T]) -> T:
        """Send a write, repeating it only after 429 and after a connection that never came about.

        Each has its whole time: a write that is cut short has no known outcome.
        """
        return self._repeat(send, (Throttled, ConnectionNotMade), shorten=False)

    def _repeat(self, send: Callable[[float], T], passing: tuple[type[Exception], ...], *, shorten: bool) -> T:
        attempt, end = 1, None
        while True:
            self.pace.wait(self.monotonic, self.sleep)
            with self.turns:
                now = self.monotonic()
                end = now + self.deadline if end is None else end
                try:
                    return self._sent(send, min(self.timeout, max(end - now, _SHORTEST)) if shorten else self.timeout)
                except passing as error:
                    pause = self._pause(error, attempt)
                    if attempt >= self.attempts or self.monotonic() + pause > end:
                        raise
            self.sleep(pause)
            attempt += 1

    def _sent(self, send: Callable[[float], T], seconds: float) -> T:
        """Send once, and let the pace hear of it."""
        began = self.monotonic()
        try:
            answer = send(seconds)
        except Throttled as error:
            # An absurd Retry-After ends this call and holds up no other one.
            if error.retry_after is None or error.retry_after <= self.deadline:
                self.pace.refused(began, self.monotonic(), error.retry_after)
            self.turns.refused()
            raise
        self.pace.taken(self.monotonic())
        self.turns.taken()
        return answer

    def _pause(self, error: Exception, attempt: int) -> float:
        """A Retry-After is obeyed as it stands: one that is absurd ends the call by the deadline instead."""
        asked = error.retry_after if isinstance(error, Throttled) else None
        grown = min(self.longest_pause, self.first_pause * 2.0 ** (attempt - 1))
        return asked if asked is not None else grown * (0.5 + self.jitter.random() / 2)
