"""The program ends when every output has come, or with the fault of the first that fails, and waits for each once."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine, Iterable, Iterator
from typing import Any

import pulumi.runtime.stack as running
import pytest
from pulumi.runtime.settings import SETTINGS, _get_rpc_manager

from stacks.waiting import wait_once

Tasks = set["asyncio.Future[Any]"]


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(running, "wait_for_rpcs", running.wait_for_rpcs)
    before = list(SETTINGS.outputs)
    SETTINGS.outputs.clear()
    wait_once()
    yield
    SETTINGS.outputs.clear()
    _keep(before)


def _keep(outputs: Iterable[asyncio.Future[Any]]) -> None:
    # A set in the locked SDK, a deque in the oldest that is allowed (3.216).
    kept: Any = SETTINGS.outputs
    (kept.extend if isinstance(kept, deque) else kept.update)(outputs)


def _track(value: Coroutine[Any, Any, Any]) -> asyncio.Future[Any]:
    """Have an output waited for, as the SDK does with each that is made."""
    output = asyncio.ensure_future(value)
    _keep([output])
    return output


def test_it_is_installed_once_however_often_it_is_asked_for() -> None:
    installed = running.wait_for_rpcs
    wait_once()
    assert running.wait_for_rpcs is installed


def test_what_is_made_while_it_waits_is_waited_for_too() -> None:
    come: list[str] = []

    async def later() -> None:
        await asyncio.sleep(0.01)
        come.append("second")

    async def first() -> None:
        _track(later())
        come.append("first")

    async def program() -> None:
        _track(first())
        await running.wait_for_rpcs()

    asyncio.run(program())
    assert (come, list(SETTINGS.outputs)) == (["first", "second"], [])


def test_a_call_to_the_engine_that_an_output_begins_is_waited_for() -> None:
    come: list[str] = []
    calls: list[asyncio.Future[Any]] = []  # the loop itself holds none

    async def call() -> None:
        await asyncio.sleep(0.01)
        come.append("call")

    async def begins() -> None:
        calls.append(asyncio.ensure_future(_get_rpc_manager().do_rpc("call", call)()))
        await asyncio.sleep(0)

    async def program() -> None:
        _track(begins())
        await running.wait_for_rpcs()

    asyncio.run(program())
    assert come == ["call"]


@pytest.mark.parametrize("made_late", [False, True])
def test_a_fault_is_told_when_it_comes_also_behind_an_output_that_never_comes(made_late: bool) -> None:
    async def never() -> None:
        await asyncio.Event().wait()

    async def fails() -> None:
        raise ValueError("the first fault")

    async def makes() -> None:
        _track(fails())

    async def program() -> None:
        _track(never())
        _track(makes() if made_late else fails())
        await asyncio.wait_for(running.wait_for_rpcs(), 5)

    with pytest.raises(ValueError, match="the first fault"):
        asyncio.run(program())


def test_each_output_is_waited_for_once_whatever_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    added = 0

    class Counted(asyncio.Future[Any]):
        def add_done_callback(self, *args: Any, **named: Any) -> None:
            nonlocal added
            added += 1
            super().add_done_callback(*args, **named)

    async def program() -> None:
        outputs = [Counted() for _ in range(100)]
        _keep(outputs)
        for number, output in enumerate(outputs):
            asyncio.get_running_loop().call_later(0.0001 * number, output.set_result, None)
        await running.wait_for_rpcs()

    asyncio.run(program())
    # Once to know that it came; awaiting what is done adds none.
    assert added == 100
