"""What lasts longer than a request: a carrier whose answers about its numbers lag for several runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sandbox.faults import Fault

# Where each carrier is asked which numbers an account has, by list and by number.
NUMBERS = {
    "twilio": "/IncomingPhoneNumbers",
    "vonage": "/account/numbers",
    "livekit": "/(List|Get)PhoneNumber",
}
PAUSES = (5.0, 30.0, 90.0)
"""Seconds between two runs."""


@dataclass
class Lag:
    """A carrier whose look-ups and lists show what was `seconds` ago, for so many more runs."""

    vendor: str
    seconds: float
    runs: int

    def __str__(self) -> str:
        return f"{self.vendor} lags {self.seconds:.0f} s for {self.runs} runs"

    def fault(self) -> Fault:
        return Fault(
            "stale",
            vendor=self.vendor,
            method="POST" if self.vendor == "livekit" else "GET",
            path=NUMBERS[self.vendor],
            lag_seconds=self.seconds,
            times=None,
        )


@dataclass
class Weather:
    """The lags of the present. Each run uses them up by one. `carriers`: those that may lag."""

    carriers: tuple[str, ...] = ("twilio", "vonage")
    lags: list[Lag] = field(default_factory=list)
    pause: float = PAUSES[0]
    blowing: bool = False

    @property
    def is_calm(self) -> bool:
        return not self.lags

    def change(self, rng: Random) -> str:
        """Draw what begins, and how long it is until the next run. Gives words for the trace."""
        self.pause = rng.choice(PAUSES)
        if self.lags or rng.random() >= 0.15:
            return ""
        vendor = rng.choice(self.carriers)
        self.lags.append(Lag(vendor, rng.choice((20.0, 120.0, 600.0)), rng.choice((2, 3, 4))))
        return str(self.lags[-1])

    def clear(self) -> None:
        self.lags.clear()

    @contextmanager
    def over(self, sandbox: Any, met: Callable[[str], None]) -> Iterator[list[str]]:
        """Lay the weather over one run; the list has what struck once the run is over.

        A run inside of another is in the weather of that one.
        """
        struck: list[str] = []
        if self.lags:
            met("lag of several runs")
        if self.blowing:
            yield ["lag"] if self.lags else []
            return
        self.blowing = True
        planted = [(lag, sandbox.faults.add(lag.fault())) for lag in self.lags]
        try:
            yield struck
        finally:
            self.blowing = False
            for lag, each in planted:
                sandbox.faults.clear(each.number)
                lag.runs -= 1
                if each.hits:
                    struck.append("lag")
            self.lags = [lag for lag in self.lags if lag.runs > 0]
