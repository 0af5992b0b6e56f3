"""The pace that the calls to one vendor share, where it answers 429 and does not say what it allows. Time is played."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random

import pytest

from providers.calls import Policy
from providers.pace import Pace
from trunkline.errors import Throttled

CALLERS = 16
MINUTE = 60.0


@dataclass
class Limited:
    """A vendor that takes `rate` requests a second, and `burst` at once after some rest."""

    rate: float
    burst: float
    now: float = 0.0
    taken: int = 0
    refused: int = 0
    left: float = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.burst

    def takes(self, now: float) -> bool:
        self.left = min(self.burst, self.left + (now - self.now) * self.rate)
        self.now = now
        taken = self.left >= 1
        self.left -= taken
        self.taken += taken
        self.refused += not taken
        return taken


def storm(vendor: Limited, latency: float, seed: int) -> None:
    """Let callers ask a vendor for a minute, each again as soon as it is answered, and half a second after a 429."""
    pace, random, turn = Pace(), Random(seed), count()
    waiting: deque[None] = deque()
    events: list[tuple[float, int, Callable[[float], None]]] = []

    def at(when: float, happens: Callable[[float], None]) -> None:
        heapq.heappush(events, (when, next(turn), happens))

    def way() -> float:
        return latency * random.uniform(0.25, 0.75)

    def come(now: float) -> None:
        waiting.append(None)
        if len(waiting) == 1:
            go(now)

    def go(now: float) -> None:
        """Let the first that waits go when the pace says so, and look again where a 429 came in between."""
        if (left := pace.left(now)) > 0:
            at(now + left, go)
            return
        at(now + way(), lambda then: arrive(then, now))
        waiting.popleft()
        if waiting:
            go(now)

    def arrive(now: float, sent: float) -> None:
        at(now + way(), taken if vendor.takes(now) else lambda then: refused(then, sent))

    def taken(now: float) -> None:
        pace.taken(now)
        come(now)

    def refused(now: float, sent: float) -> None:
        pace.refused(sent, now, None)
        at(now + random.uniform(0.25, 0.5), come)

    for _ in range(CALLERS):
        at(0.0, come)
    while events[0][0] < MINUTE:
        now, _, happens = heapq.heappop(events)
        happens(now)


@pytest.mark.parametrize("latency", [0.02, 0.1, 0.3])
@pytest.mark.parametrize(("rate", "burst"), [(10, 10), (1000 / 60, 17), (30, 30)])
def test_of_what_a_vendor_allows_over_nine_tenths_are_used_and_one_request_in_twenty_is_refused(
    rate: float, burst: float, latency: float
) -> None:
    for seed in range(5):
        vendor = Limited(rate, burst)
        storm(vendor, latency, seed)
        used = vendor.taken / (rate * MINUTE + burst)
        assert (used >= 0.9, vendor.refused / (vendor.taken + vendor.refused) <= 0.05) == (True, True), (seed, used)


def test_without_a_refusal_nobody_waits() -> None:
    pace = Pace()
    for number in range(100):
        assert pace.left(number / 1000) == 0.0
        pace.taken(number / 1000)


def busy() -> Pace:
    """A pace that has just heard of eight answers."""
    pace = Pace()
    for _ in range(8):
        pace.taken(9.8)
    return pace


def test_refusals_of_requests_that_were_under_way_together_count_as_one() -> None:
    one, many = busy(), busy()
    for pace, refusals in ((one, 1), (many, 8)):
        for _ in range(refusals):
            pace.refused(9.9, 10.0, None)
    assert one.left(10.0) == many.left(10.0) == 0.5


def test_a_call_alone_that_is_refused_waits_by_itself() -> None:
    pace = Pace()
    pace.refused(9.9, 10.0, None)
    assert pace.left(10.0) == 0.0


def test_all_calls_to_a_vendor_wait_for_the_time_that_it_asks_for() -> None:
    pace = Pace()
    pace.refused(9.9, 10.0, 30.0)
    assert pace.left(15.0) == 25.0


def test_after_a_long_calm_nobody_waits_any_more() -> None:
    pace = busy()
    pace.refused(9.9, 10.0, None)
    assert [pace.left(10.0 + 36_000), pace.left(10.0 + 36_000), pace.left(10.0 + 36_000)] == [0.0, 0.0, 0.0]


class Clock:
    """Time that passes only by sleeping; `slept` are the seconds of each sleep."""

    def __init__(self) -> None:
        self.now, self.slept = 100.0, list[float]()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def refused_once(policy: Policy, retry_after: float | None) -> None:
    def refuse(_: float) -> None:
        raise Throttled("Twilio", "GET /", "too many requests", retry_after=retry_after)

    for _ in range(8):
        policy.read(lambda _: None)
    with pytest.raises(Throttled):
        policy.read(refuse)


def test_the_calls_to_one_vendor_share_a_pace_and_another_has_its_own() -> None:
    clock = Clock()
    policy = Policy(monotonic=clock, sleep=clock.sleep, attempts=1)
    refused_once(policy, None)
    policy.paced().read(lambda _: None)
    assert clock.slept == []
    policy.write(lambda _: None)
    assert clock.slept == [0.5]


@pytest.mark.parametrize(("retry_after", "waited"), [(20.0, [20.0]), (0.0, []), (86_400.0, [])])
def test_a_retry_after_holds_up_the_next_call_unless_it_is_absurd(retry_after: float, waited: list[float]) -> None:
    clock = Clock()
    policy = Policy(monotonic=clock, sleep=clock.sleep, attempts=1)
    refused_once(policy, retry_after)
    policy.read(lambda _: None)
    assert clock.slept == waited


def test_a_sleep_that_does_not_last_holds_nobody_up() -> None:
    pace, slept = busy(), list[float]()
    pace.refused(9.9, 10.0, None)
    pace.wait(lambda: 10.0, slept.append)
    assert slept == [0.5, 0.5, 0.5]
