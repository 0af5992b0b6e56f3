"""How long answers of the past take: `at=`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench import history
from bench.load import Target, connection
from bench.served import FIRST, await_history, served, taken
from tests.state.state_file import write_state
from trunkline.state.publication import rfc3339

_KEPT_LINES = 100  # of each of a thousand checkpoints
_CROWD = 20
_FREE = 25  # moments that a caller may ask for without waiting


def past(lines: int, seconds: float) -> tuple[list[float], list[float]]:
    """Give the times, in milliseconds, of answers each of another moment of the past, and of a neighbour's answers of
    now while somebody asks for ever other moments.
    """
    with served("api", lines) as api:
        moments = [_moment(number) for number in range(history.UPDATES)]
        first = [1000 * taken(api, moment) for moment in moments[:_FREE]]
        beside = asyncio.run(_beside(api, moments[_FREE:], seconds))
    return first, [1000 * taken for taken in beside]


async def _beside(api: Mapping[str, str], moments: Sequence[str], seconds: float) -> list[float]:
    stop, taken = time.perf_counter() + seconds, list[float]()
    asking = Target(int(api["port"]), moments, f"authorization: Bearer {api['token']}\r\n")
    reading = Target(int(api["port"]), [FIRST], f"x-api-key: {api['key']}\r\n")
    await asyncio.gather(
        connection(reading, 0, stop, taken), *(connection(asking, number, stop, []) for number in range(4))
    )
    return taken


def kept(folder: Path) -> tuple[list[float], list[float]]:
    """Give the times, in milliseconds, of answers of moments over a thousand updates that a backend keeps, and of those
    of one moment that many ask for at once.
    """
    history.write(folder, _KEPT_LINES, history.UPDATES, packed=True)
    write_state(folder, _KEPT_LINES, "first")
    with served("stack", _KEPT_LINES, str(folder)) as api:
        await_history(api)
        *apart, shared = [_moment(number) for number in range(_FREE)]
        alone = [taken(api, moment) for moment in apart]
        together = asyncio.run(_together(api, shared))
    return [1000 * each for each in alone], [1000 * each for each in together]


async def _together(api: Mapping[str, str], moment: str) -> Sequence[float]:
    return await asyncio.gather(*(asyncio.to_thread(taken, api, moment) for _ in range(_CROWD)))


def _moment(number: int) -> str:
    return f"/sip?at={rfc3339(history.ended(number * 7919 % history.UPDATES + 1))}"
