"""What is asked for ahead is asked for once, within a bound, and met by who wants it."""

from __future__ import annotations

import threading

import pytest

from providers.dynamic.ahead import Ahead

PATIENCE = 60.0  # seconds, for what is sure to come


class Crowd:
    """Questions that each wait until so many of them are under way at once."""

    def __init__(self, size: int) -> None:
        self.most, self.done, self._under_way = 0, threading.Semaphore(0), 0
        self._together, self._guard = threading.Barrier(size), threading.Lock()

    def __call__(self) -> None:
        with self._guard:
            self._under_way += 1
            self.most = max(self.most, self._under_way)
        self._together.wait(PATIENCE)
        with self._guard:
            self._under_way -= 1
        self.done.release()


def await_all(done: threading.Semaphore, count: int) -> None:
    assert all(done.acquire(timeout=PATIENCE) for _ in range(count))


def test_as_many_are_asked_at_a_time_as_the_bound_says() -> None:
    crowd = Crowd(4)
    Ahead(4).ask(*[crowd] * 12)
    await_all(crowd.done, 12)
    assert crowd.most == 4


def test_what_is_asked_for_while_others_are_under_way_is_within_the_same_bound() -> None:
    crowd, ahead = Crowd(2), Ahead(2)
    for _ in range(6):
        ahead.ask(crowd)
    await_all(crowd.done, 6)
    assert crowd.most == 2


def test_an_answer_may_lead_to_further_questions() -> None:
    done, ahead = threading.Semaphore(0), Ahead(2)
    ahead.ask(lambda: ahead.ask(done.release, done.release))
    await_all(done, 2)


def test_what_one_question_raises_stops_no_other() -> None:
    done, ahead = threading.Semaphore(0), Ahead(2)
    ahead.ask(*[lambda: 1 / 0] * 4, done.release)
    await_all(done, 1)
    ahead.ask(done.release)
    await_all(done, 1)


def test_who_wants_an_answer_later_waits_for_it_and_it_is_asked_for_once() -> None:
    go, asked = threading.Event(), list[str]()

    def ask() -> int:
        asked.append(threading.current_thread().name)
        assert go.wait(PATIENCE)
        return 7

    answer = Ahead(2).later(ask)
    go.set()
    assert [answer(), answer()] == [7, 7]
    assert len(asked) == 1


def test_an_error_is_raised_to_who_wants_the_answer() -> None:
    answer = Ahead(2).later(lambda: 1 / 0)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            answer()


def test_with_one_at_a_time_nothing_is_asked_ahead() -> None:
    asked = list[int]()
    ahead = Ahead(1)
    ahead.ask(lambda: asked.append(1))
    answer = ahead.later(lambda: asked.append(2))
    assert asked == []
    answer()
    assert asked == [2]


def test_a_program_that_ends_does_not_wait_for_its_questions() -> None:
    go, begun = threading.Event(), threading.Semaphore(0)

    def ask() -> None:
        begun.release()
        go.wait(PATIENCE)

    before = set(threading.enumerate())
    Ahead(3).ask(ask, ask, ask)
    await_all(begun, 3)
    assert [thread.daemon for thread in set(threading.enumerate()) - before] == [True] * 3
    go.set()
