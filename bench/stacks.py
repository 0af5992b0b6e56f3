"""The previews of many stacks at their vendors' limits, played through in events: nothing is measured, nothing waits.

Each preview has the requests that were counted of one (`bench/calls.py`), a pace of its own for each vendor (the real
one, `providers/pace.py`) and the repetitions of `providers/calls.py`. Stacks that share an account share its limit.
"""

from __future__ import annotations

import heapq
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from itertools import count
from random import Random

from providers.calls import Policy
from providers.pace import Pace

_SPREAD = 0.2
Waits = Generator[float, None, bool]
"""Yields the seconds that it waits, and gives whether it ended well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """What one vendor's accounts allow: requests a second after a burst. `calls` are those of one preview.

    `accounts` is over how many accounts the stacks are spread; `latency` seconds an answer takes.
    """

    rate: float
    burst: float
    calls: int
    accounts: int
    latency: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """`stacks` are previewed by `runners`, one each at a time; `before` and `after` seconds it computes alone."""

    stacks: int
    runners: int
    before: float
    after: float
    vendors: Mapping[str, Vendor]


@dataclass(slots=True, kw_only=True)
class Outcome:
    """How long it took until the last preview ended, what was asked and refused, and how many previews failed."""

    seconds: float = 0.0
    sent: int = 0
    refused: int = 0
    failed: int = 0


@dataclass
class _Account:
    rate: float
    burst: float
    left: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.left = self.burst

    def takes(self, now: float) -> bool:
        self.left, self.at = min(self.burst, self.left + (now - self.at) * self.rate), now
        taken = self.left >= 1
        self.left -= taken
        return taken


class _Play:
    def __init__(self, job: Job, seed: int) -> None:
        self.job, self.now, self.random = job, 0.0, Random(seed)
        self.outcome = Outcome()
        self._order = count()
        self._due: list[tuple[float, int, Waits]] = []
        self._waiting = iter(range(job.stacks))
        self._chains: dict[Waits, _Preview] = {}
        self.accounts = {
            name: [_Account(vendor.rate, vendor.burst) for _ in range(vendor.accounts)]
            for name, vendor in job.vendors.items()
        }

    def run(self) -> Outcome:
        for _ in range(self.job.runners):
            self._next()
        while self._due:
            self.now, _, waits = heapq.heappop(self._due)
            self._go_on(waits)
        self.outcome.seconds = self.now
        return self.outcome

    def _go_on(self, waits: Waits) -> None:
        try:
            self._later(next(waits), waits)
        except StopIteration as ended:
            self._chains.pop(waits).ended(waits, well=ended.value)

    def _later(self, seconds: float, waits: Waits) -> None:
        heapq.heappush(self._due, (self.now + seconds, next(self._order), waits))

    def start(self, waits: Waits, preview: _Preview) -> None:
        self._chains[waits] = preview
        self._later(0.0, waits)

    def _next(self) -> None:
        stack = next(self._waiting, None)
        if stack is not None:
            _Preview(self, stack).begin()

    def done(self, *, well: bool) -> None:
        self.outcome.failed += not well
        self._next()


class _Preview:
    """One process: what it computes alone, and between them each vendor's requests one after the other."""

    def __init__(self, play: _Play, stack: int) -> None:
        self._play, self._stack, self._well = play, stack, True
        self._open: set[Waits] = set()
        self._then = [self._alone(play.job.before), None, self._alone(play.job.after)]

    def begin(self) -> None:
        self._step()

    def ended(self, waits: Waits, *, well: bool) -> None:
        self._open.discard(waits)
        self._well = self._well and well
        if not self._open:
            self._step()

    def _step(self) -> None:
        if not self._then or not self._well:
            self._play.done(well=self._well)
            return
        chosen = self._then.pop(0)
        chains = [self._asked(name) for name in self._play.job.vendors] if chosen is None else [chosen]
        self._open.update(chains)
        for chain in chains:
            self._play.start(chain, self)

    def _alone(self, seconds: float) -> Waits:
        # No two machines take the same time: in step, all of them would ask at the same moment.
        yield seconds * self._play.random.uniform(1 - _SPREAD, 1 + _SPREAD)
        return True

    def _asked(self, name: str) -> Waits:
        vendor, pace = self._play.job.vendors[name], Pace()
        account = self._play.accounts[name][self._stack % vendor.accounts]
        for _ in range(vendor.calls):
            if not (yield from self._call(account, pace, vendor.latency)):
                return False
        return True

    def _call(self, account: _Account, pace: Pace, latency: float) -> Waits:
        """Do what `Policy.read` does, in events."""
        play, policy = self._play, Policy()
        yield from self._turn(pace)
        end = play.now + policy.deadline
        for attempt in range(1, policy.attempts + 1):
            sent, taken = play.now, account.takes(play.now)
            play.outcome.sent += 1
            play.outcome.refused += not taken
            yield latency
            if taken:
                pace.taken(play.now)
                return True
            pace.refused(sent, play.now, None)
            grown = min(policy.longest_pause, policy.first_pause * 2.0 ** (attempt - 1))
            pause = grown * (0.5 + play.random.random() / 2)
            if play.now + pause > end:
                return False
            yield pause
            yield from self._turn(pace)
        return False

    def _turn(self, pace: Pace) -> Generator[float]:
        while (left := pace.left(self._play.now)) > 0:
            yield left


def play(job: Job, seed: int = 1) -> Outcome:
    """Play a job through; the same seed gives the same outcome."""
    return _Play(job, seed).run()
