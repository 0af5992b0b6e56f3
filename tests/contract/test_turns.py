"""How many requests to one vendor are under way at a time: as many as the settings say, in the order they came."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
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
def test_sixteen_calls_side_by_side_keep_to_each_vendors_bound(bounds: tuple[int, int]) -> None:
    sandbox = Counting()
    with SandboxServer(sandbox) as server:
        names = ("TWILIO_REQUESTS_AT_ONCE", "LIVEKIT_REQUESTS_AT_ONCE")
        said = dict(zip(names, map(str, bounds), strict=True))
        ask(connect(Settings.load({**environment(server.url), **said}, lambda name: None), Policy()))
    assert (sandbox.busy.most["twilio"], sandbox.busy.most["livekit"]) == bounds


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
        assert policy.turns._free == 1  # type: ignore[attr-defined]

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
        while not policy.turns._waiting:  # type: ignore[attr-defined]
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
