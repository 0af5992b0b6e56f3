"""A fresh listing is shared by all who asked for one before it began, and by nobody else."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from providers.dynamic.listings import Listings

PATIENCE = 60.0  # seconds, for what is sure to come
KEY = "kind"


@dataclass
class Vendor:
    """Counts its listings, each of which lasts until it is let go."""

    begun: list[threading.Semaphore] = field(default_factory=list)
    asked: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    fails: bool = False

    def __call__(self) -> int:
        number, end = len(self.begun) + 1, threading.Semaphore(0)
        self.begun.append(end)
        self.asked.release()
        assert end.acquire(timeout=PATIENCE)
        if self.fails:
            raise ConnectionError(number)
        return number


class Arrivals:
    """A lock that says when somebody has come to it."""

    def __init__(self) -> None:
        self.lock, self.came = threading.Lock(), threading.Semaphore(0)

    def __enter__(self) -> None:
        self.came.release()
        self.lock.acquire()

    def __exit__(self, *_: object) -> None:
        self.lock.release()


@dataclass
class Crowd:
    """Callers of one key, each in a thread of its own."""

    pool: ThreadPoolExecutor
    vendor: Vendor = field(default_factory=Vendor)
    door: Arrivals = field(default_factory=Arrivals)
    listings: Listings[str, int] = field(default_factory=Listings)

    def __post_init__(self) -> None:
        self.listings._locks[KEY] = self.door  # type: ignore[assignment]

    def come(self, callers: int, *, fresh: bool = True) -> list[Future[int]]:
        """Let so many callers ask, and wait until all have come."""
        given = [self.pool.submit(self.listings.give, KEY, self.vendor, fresh=fresh) for _ in range(callers)]
        assert [self.door.came.acquire(timeout=PATIENCE) for _ in given] == [True] * callers
        return given

    def begin(self) -> None:
        """Wait until a further listing is under way."""
        assert self.vendor.asked.acquire(timeout=PATIENCE)

    def end(self, listing: int) -> None:
        self.vendor.begun[listing - 1].release()


def test_who_comes_while_a_listing_is_under_way_shares_the_next_one() -> None:
    with ThreadPoolExecutor(20) as pool:
        crowd = Crowd(pool)
        first = crowd.come(1)
        crowd.begin()
        late = crowd.come(15)
        crowd.end(1)
        crowd.begin()
        later = crowd.come(2)
        crowd.end(2)
        crowd.begin()
        crowd.end(3)
        served = [{each.result(PATIENCE) for each in group} for group in (first, late, later)]
    # Who waits for a lock is let in by chance: one of the late may come behind one who came later, and has the third.
    assert (served[0], served[1] - {3}, served[2]) == ({1}, {2}, {3})
    assert len(crowd.vendor.begun) == 3


def test_what_is_known_serves_whoever_need_not_have_it_anew() -> None:
    with ThreadPoolExecutor(4) as pool:
        crowd = Crowd(pool)
        first = crowd.come(1, fresh=False)
        crowd.begin()
        others = crowd.come(3, fresh=False)
        crowd.end(1)
        assert [each.result(PATIENCE) for each in (*first, *others)] == [1] * 4


def test_a_listing_that_failed_serves_nobody() -> None:
    with ThreadPoolExecutor(4) as pool:
        crowd = Crowd(pool)
        first = crowd.come(1)
        crowd.begin()
        others = crowd.come(2)
        crowd.vendor.fails = True
        crowd.end(1)
        crowd.begin()
        crowd.end(2)
        crowd.begin()
        crowd.vendor.fails = False
        crowd.end(3)
        with pytest.raises(ConnectionError):
            first[0].result(PATIENCE)
        assert sorted(type(each.exception(PATIENCE)).__name__ for each in others) == ["ConnectionError", "NoneType"]
