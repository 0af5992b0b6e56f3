"""Waiting for all that the program began, at a cost that grows with what there is and not with its square."""

from __future__ import annotations

import asyncio
from typing import Any

import pulumi.runtime.stack as running
from pulumi.runtime.settings import SETTINGS, _get_rpc_manager

_MARK = "_trunkline_once"


def wait_once() -> None:
    """Let the SDK wait for each output once. Call it while the program runs; again changes nothing.

    `wait_for_rpcs` (SDK 3.272.0) waits for the first of all outputs that are left, then for the first of the rest, and
    so on: each that comes is paid for once for each that is left, which was a third of what the program computed. What
    is waited for stays, and so does which fault is told: that of the first output that has one, when it has it.
    """
    original: Any = running.wait_for_rpcs
    if hasattr(original, _MARK):
        return

    async def wait_for_rpcs(await_all_outstanding_tasks: bool = True) -> None:
        while True:
            await original(await_all_outstanding_tasks=False)
            if await_all_outstanding_tasks:
                await _outputs()
            if not _get_rpc_manager().rpcs:
                return

    setattr(wait_for_rpcs, _MARK, True)
    running.wait_for_rpcs = wait_for_rpcs


async def _outputs() -> None:
    """Wait until no output is left, those included that are made meanwhile. Raises what the first failed one raises."""
    ended: asyncio.Queue[asyncio.Future[Any]] = asyncio.Queue()
    left = 0
    while True:
        with SETTINGS.lock:
            new = list(SETTINGS.outputs)
            SETTINGS.outputs.clear()
        for output in new:
            output.add_done_callback(ended.put_nowait)
        left += len(new)
        if not left:
            return
        await (await ended.get())
        left -= 1
