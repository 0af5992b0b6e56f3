"""What the LiveKit adapters do when answers fail: writes go out once, reads again, and no error holds a secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from providers.port import Adapter, Observed
from sandbox.faults import Fault
from sandbox.server import SandboxServer
from sandbox.world import Sandbox
from tests.support.livekit_target import DESIRED, PASSWORD, Target, impatient, in_process, sandbox_settings
from tests.support.sandbox_livekit_session import SandboxSession
from trunkline.errors import Throttled, Unavailable, UnknownOutcome

DESIRED_TRUNK = DESIRED["InboundTrunk"]
WRITES: dict[str, Callable[[Adapter, Observed], Any]] = {
    "create": lambda trunks, current: trunks.create({**DESIRED_TRUNK, "numbers": ["+16505550199"]}),
    "update": lambda trunks, current: trunks.update(current, {**DESIRED_TRUNK, "name": "renamed"}),
    "delete": lambda trunks, current: trunks.delete(current.id),
}
LOSSES = {
    "500 before": Fault("status", vendor="livekit", status=500),
    "500 after": Fault("status", vendor="livekit", status=500, when="after"),
    "503 after": Fault("status", vendor="livekit", status=503, when="after"),
    "408 after": Fault("status", vendor="livekit", status=408, when="after"),
    "502 page": Fault("html", vendor="livekit", status=502),
    "200 page": Fault("html", vendor="livekit", status=200, when="after"),
    "drop before": Fault("drop", vendor="livekit"),
    "drop after": Fault("drop", vendor="livekit", when="after"),
    "cut answer": Fault("reset", vendor="livekit", when="after"),
    "half a message": Fault("truncate", vendor="livekit", when="after"),
}
each_write = pytest.mark.parametrize("write", sorted(WRITES))
each_loss = pytest.mark.parametrize("loss", sorted(LOSSES))


class Clock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox()


@pytest.fixture(params=["in process", "over a socket"])
def trunks(sandbox: Sandbox, request: pytest.FixtureRequest) -> Iterator[Adapter]:
    with SandboxServer(sandbox) as server:
        target = in_process(sandbox) if request.param == "in process" else Target(sandbox_settings(server.url))
        vendor = target.connect()
        yield vendor.adapters["InboundTrunk"]
        vendor.close()


@each_loss
@each_write
def test_a_write_without_a_usable_answer_is_sent_once(sandbox: Sandbox, trunks: Adapter, write: str, loss: str) -> None:
    current = trunks.create(DESIRED_TRUNK)
    before = sandbox.journal.mark()
    sandbox.faults.add(LOSSES[loss])
    with pytest.raises(UnknownOutcome) as caught:
        WRITES[write](trunks, current)
    committed = LOSSES[loss].when == "after"
    assert [entry.committed for entry in sandbox.journal.entries(before)] == [committed]
    assert PASSWORD not in str(caught.value)


@each_loss
def test_a_read_without_a_usable_answer_is_repeated(sandbox: Sandbox, trunks: Adapter, loss: str) -> None:
    created = trunks.create(DESIRED_TRUNK)
    sandbox.faults.add(replace(LOSSES[loss], times=2))
    assert trunks.get(created.id) == created


@each_loss
def test_a_read_that_stays_without_an_answer_is_unavailable(sandbox: Sandbox, trunks: Adapter, loss: str) -> None:
    trunks.create(DESIRED_TRUNK)
    before = sandbox.journal.mark()
    sandbox.faults.add(replace(LOSSES[loss], times=None))
    with pytest.raises(Unavailable) as caught:
        trunks.list()
    assert len(sandbox.journal.entries(before)) == 3
    assert PASSWORD not in str(caught.value)


@each_write
def test_a_throttled_write_waits_as_asked_and_is_sent_again(sandbox: Sandbox, write: str) -> None:
    clock = Clock()
    trunks = in_process(sandbox).connect(impatient(sleep=clock.sleep, monotonic=clock)).adapters["InboundTrunk"]
    current = trunks.create(DESIRED_TRUNK)
    before = sandbox.journal.mark()
    sandbox.faults.add(Fault("status", vendor="livekit", status=429, headers={"retry-after": "7"}))
    WRITES[write](trunks, current)
    answers = [(entry.status, entry.committed) for entry in sandbox.journal.entries(before)]
    assert (answers, clock.slept) == ([(429, False), (200, True)], [7.0])


def test_a_write_that_stays_throttled_says_when_to_come_back(sandbox: Sandbox, trunks: Adapter) -> None:
    sandbox.faults.add(Fault("status", vendor="livekit", status=429, headers={"retry-after": "3600"}))
    with pytest.raises(Throttled) as caught:
        trunks.create(DESIRED_TRUNK)
    assert caught.value.retry_after == 3600.0


def test_a_late_answer_is_a_time_out_of_our_own_setting(sandbox: Sandbox) -> None:
    """Over a socket, since the SDK hands aiohttp no limit at all with these requests."""
    sandbox.faults.add(Fault("hold", vendor="livekit"))
    with SandboxServer(sandbox) as server:
        vendor = Target(sandbox_settings(server.url)).connect(impatient(timeout=0.2))
        with pytest.raises(UnknownOutcome, match="no answer came in time"):
            vendor.adapters["InboundTrunk"].create(DESIRED_TRUNK)
        sandbox.faults.clear()
        vendor.close()


def test_a_simulated_late_answer_is_a_time_out_too() -> None:
    clock = Clock()
    sandbox = Sandbox(now=clock, sleep=clock.sleep)
    target = Target(sandbox_settings("http://sandbox"), SandboxSession(sandbox, clock))
    trunks = target.connect(impatient(timeout=15.0, sleep=clock.sleep, monotonic=clock)).adapters["InboundTrunk"]
    sandbox.faults.add(Fault("delay", vendor="livekit", delay=16.0, when="after"))
    with pytest.raises(UnknownOutcome, match="no answer came in time"):
        trunks.create(DESIRED_TRUNK)
    assert [entry.committed for entry in sandbox.journal] == [True]


def test_a_write_without_a_connection_is_repeated_and_then_nothing_was_changed() -> None:
    with SandboxServer(Sandbox()) as server:
        gone = server.url
    clock = Clock()
    vendor = Target(sandbox_settings(gone)).connect(impatient(sleep=clock.sleep, monotonic=clock))
    with pytest.raises(Unavailable, match="no connection could be made"):
        vendor.adapters["InboundTrunk"].create(DESIRED_TRUNK)
    vendor.close()
    assert len(clock.slept) == 2
