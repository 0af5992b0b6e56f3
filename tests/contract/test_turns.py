"""How many requests to one vendor are under way at a time: as many as the settings say, in the order they came."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Queue
from typing import Any

import pytest

from providers.calls import Policy
from providers.dynamic.workers import WORKERS
from providers.registry import Vendors, connect
from providers.turns import Turns
from sandbox import Request, Sandbox, SandboxServer
from sandbox.environment import environment
from trunkline.e164 import E164
from trunkline.errors import Throttled
from trunkline.settings import Settings

PATIENCE = 60.0  # seconds, for what is sure to come


@dataclass
class Busy:
    """Counts what is under way by what it is about, and the most of it at once."""

    under_way: dict[str, int] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def came(self, about: str) -> None:
        with self.guard:
            self.under_way[about] = self.under_way.get(about, 0) + 1
            self.most[about] = max(self.most.get(about, 0), self.under_way[about])

    def left(self, about: str) -> None:
        with self.guard:
            self.under_way[about] -= 1


class Counting(Sandbox):
    """A sandbox that takes its time, and counts what is under way at each vendor."""

    def __init__(self) -> None:
        super().__init__()
        self.busy = Busy()

    def handle(self, request: Request) -> Any:
        vendor = "livekit" if "/twirp/" in request.path else "twilio"
        self.busy.came(vendor)
        time.sleep(0.05)
        try:
            return super().handle(request)
        finally:
            self.busy.left(vendor)


def ask(vendors: Vendors) -> None:
    """Ask both vendors as often as a process has calls under way, all at once."""
    twilio, trunks = vendors.carriers["twilio"], vendors.adapters["InboundTrunk"]
    with ThreadPoolExecutor(2 * WORKERS) as pool:
        asked: list[Future[object]] = [
            pool.submit(twilio.find, E164.parse(f"+1650555{2000 + at}")) for at in range(WORKERS)
        ]
        listed: list[Future[object]] = [pool.submit(trunks.list) for _ in range(WORKERS)]
        assert [each.result() for each in (*asked, *listed)] == [*[None] * WORKERS, *[[]] * WORKERS]


@pytest.mark.parametrize("bounds", [(3, 2), (1, 5)])
def test_calls_side_by_side_keep_to_each_vendors_bound(bounds: tuple[int, int]) -> None:
    sandbox = Counting()
    with SandboxServer(sandbox) as server:
        names = ("TWILIO_REQUESTS_AT_ONCE", "LIVEKIT_REQUESTS_AT_ONCE")
        said = dict(zip(names, map(str, bounds), strict=True))
        ask(connect(Settings.load({**environment(server.url), **said}, lambda name: None), Policy()))
    assert (sandbox.busy.most["twilio"], sandbox.busy.most["livekit"]) == bounds


class Slow:
    """A vendor whose answers come when the test says so, to `asking` calls that are made side by side."""

    def __init__(self, limit: int, asking: int) -> None:
        self.policy = Policy(attempts=1).paced(limit)
        self.answers, self.under_way, self.left = Queue[bool](), 0, asking
        self._guard = threading.Lock()
        self._pool = ThreadPoolExecutor(asking)
        self._calls = [self._pool.submit(self.policy.read, self._send) for _ in range(asking)]

    def __enter__(self) -> Slow:
        return self

    def __exit__(self, *ended: object) -> None:
        for _ in self._calls:
            self.answers.put(True)
        self._pool.shutdown()

    def _send(self, seconds: float) -> object:
        with self._guard:
            self.under_way += 1
        takes = self.answers.get(timeout=PATIENCE)
        with self._guard:
            self.under_way -= 1
        if not takes:
            raise Throttled("twilio", "GET /", "too many requests", retry_after=0.0)
        return None

    def settled(self) -> int:
        """Give how many are under way once all others wait."""
        end = time.monotonic() + PATIENCE
        while self.under_way + len(self.policy.turns._waiting) < self.left:
            assert time.monotonic() < end
            time.sleep(0.001)
        return self.under_way

    def answer(self, *takes: bool) -> int:
        """Answer so many requests, each taken or refused with 429; give how many are under way after that."""
        self.left -= len(takes)
        for each in takes:
            self.answers.put(each)
        while sum(each.done() for each in self._calls) < len(self._calls) - self.left:
            time.sleep(0.001)
        return self.settled()


@pytest.mark.parametrize(("limit", "counts"), [(64, [16, 32, 64, 64]), (20, [16, 20, 20, 20]), (5, [5, 5, 5, 5])])
def test_a_vendor_that_takes_what_it_is_sent_gets_twice_as_much_with_each_answer_up_to_the_bound(
    limit: int, counts: list[int]
) -> None:
    with Slow(limit, 200) as vendor:
        seen = [vendor.settled()]
        for _ in range(3):
            seen.append(vendor.answer(*[True] * min(seen[-1], 32)))
    assert seen == counts


def test_a_vendor_that_refused_gets_no_more_than_at_first_from_then_on() -> None:
    with Slow(64, 100) as vendor:
        assert [vendor.settled(), vendor.answer(*[True] * 8)] == [16, 24]
        assert [vendor.answer(False), vendor.answer(*[True] * 7), vendor.answer(*[True] * 16)] == [23, 16, 16]


def test_who_came_first_is_let_go_first_and_who_asks_again_waits_behind() -> None:
    turns, order, come = Turns(1), list[str](), threading.Semaphore(0)

    def wait(name: str) -> None:
        come.release()
        with turns:
            order.append(name)

    waiting = [threading.Thread(target=wait, args=(name,)) for name in "abc"]
    with turns:
        for number, each in enumerate(waiting, start=1):
            each.start()
            assert come.acquire(timeout=PATIENCE)
            while len(turns._waiting) < number:
                time.sleep(0.001)
    wait("again")
    for each in waiting:
        each.join(PATIENCE)
    assert order == ["a", "b", "c", "again"]


def test_an_error_gives_its_turn_back_and_so_does_who_waits_to_ask_again() -> None:
    busy, now = Busy(), [0.0]

    def refused(seconds: float) -> None:
        busy.came("any")
        busy.left("any")
        raise Throttled("twilio", "GET /", "asks to wait", retry_after=1.0)

    def sleep(seconds: float) -> None:
        now[0] += seconds
        assert policy.turns._under_way == 0

    policy = Policy(monotonic=lambda: now[0], sleep=sleep, attempts=3).paced(1)
    for _ in range(3):
        with pytest.raises(Throttled):
            policy.read(refused)
    assert policy.read(lambda seconds: seconds) == policy.timeout


def test_waiting_for_a_turn_takes_nothing_of_the_deadline() -> None:
    now, begun, go = [0.0], threading.Event(), threading.Event()
    policy = Policy(monotonic=lambda: now[0], sleep=lambda seconds: None).paced(1)

    def long(seconds: float) -> float:
        begun.set()
        assert go.wait(PATIENCE)
        return seconds

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(policy.read, long)
        assert begun.wait(PATIENCE)
        second = pool.submit(policy.read, lambda seconds: seconds)
        while not policy.turns._waiting:
            time.sleep(0.001)
        now[0] = 10 * policy.deadline
        go.set()
        assert (first.result(), second.result()) == (policy.timeout, policy.timeout)


def test_a_wait_that_is_interrupted_leaves_its_turn_to_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted:
        def __init__(self) -> None:
            self.taken = False

        def acquire(self) -> None:
            if self.taken:
                raise KeyboardInterrupt
            self.taken = True

    turns = Turns(1)
    turns.__enter__()
    monkeypatch.setattr("providers.turns.Lock", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        turns.__enter__()
    turns.__exit__()
    monkeypatch.undo()
    with turns:
        pass
