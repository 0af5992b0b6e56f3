"""Older versions: made when somebody asks, once for all who ask, and one at a time, so that others hardly notice."""

from __future__ import annotations

import asyncio
import bisect
import json
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence

from trunkline.api.auth.throttle import Throttle
from trunkline.api.problem import ApiProblem, too_soon
from trunkline.api.served.feed import Feed, Snapshot, built
from trunkline.api.served.index import Index
from trunkline.api.served.past import Past
from trunkline.state.publication import UpdateView
from trunkline.state.reader import Ask
from trunkline.state.row import SORTS, Row, order

_KEPT = 40_000  # lines of older versions that are kept, over all of them
_STEP = 50  # lines that are read before others may run
_PATIENCE = 60.0  # seconds for the backend to give a version


class Archive:
    """Gives older versions of what a feed serves. `throttle` bounds how many new ones each caller starts."""

    def __init__(self, feed: Feed, throttle: Throttle) -> None:
        self._feed, self._throttle = feed, throttle
        self._pasts: OrderedDict[tuple[str, str], Past] = OrderedDict()
        self._making: dict[tuple[str, str], asyncio.Task[Past]] = {}
        self._one_at_a_time = asyncio.Lock()

    async def at(self, snapshot: Snapshot, moment: int, caller: str) -> Past:
        """Give the lines as they were at a moment (seconds of the Unix time).

        Raises ApiProblem where that is not on record, or where the caller asks for too many moments.
        """
        updates = snapshot.updates
        newer = bisect.bisect_left(updates, -moment, key=lambda update: -update.ended)
        if newer == len(updates) and not snapshot.complete:
            raise ApiProblem("not-on-record", "the history does not go back as far, or is still being read")
        update = updates[newer] if newer < len(updates) else None
        if update is None and updates and updates[-1].continues:
            raise ApiProblem(
                "not-on-record",
                f"the backend's records begin with update {updates[-1].id}, which found lines there already",
            )
        if newer == 0 and not snapshot.publication.unrecorded:
            return _now(snapshot, update)
        name = (snapshot.version, update.id if update is not None else "")
        if name in self._pasts:
            self._pasts.move_to_end(name)
            return self._pasts[name]
        if name not in self._making:
            self._admit(caller)
            task = asyncio.create_task(self._made(snapshot, newer))
            self._making[name] = task
            task.add_done_callback(lambda done: self._keep(name, done))
        return await asyncio.shield(self._making[name])

    async def update(self, update: UpdateView, caller: str) -> UpdateView:
        """Give an update with what it changed, read from the backend where that is not in memory."""
        if update.changes is not None:
            return update
        self._admit(caller)
        found = await self._answer(Ask("changes", update.id))
        return found if isinstance(found, UpdateView) else update

    def _admit(self, caller: str) -> None:
        wait = self._throttle.wait(caller)
        if wait > 0:
            raise too_soon("too-many-requests", "you asked for many older versions", wait)
        self._throttle.count(caller)

    def _keep(self, name: tuple[str, str], done: asyncio.Task[Past]) -> None:
        del self._making[name]
        if done.cancelled() or done.exception() is not None:
            return
        self._pasts[name] = done.result()
        while len(self._pasts) > 1 and sum(past.size + 1 for past in self._pasts.values()) > _KEPT:
            self._pasts.popitem(last=False)

    async def _made(self, snapshot: Snapshot, newer: int) -> Past:
        async with self._one_at_a_time:
            update = snapshot.updates[newer] if newer < len(snapshot.updates) else None
            if all(each.changes is not None for each in snapshot.updates[:newer]):
                return await _undone(snapshot, newer, update)
            if update is None:
                return Past(update=None, now=Index(), gone=frozenset(), then=Index(), names={})
            found = await self._answer(Ask("lines", update.id))
            if not isinstance(found, tuple) or found[0].agents is None:
                raise ApiProblem(
                    "not-on-record", f"the backend does not give the lines as update {update.id} left them"
                )
            names = json.loads(found[0].agents)
            return Past(update=update, now=Index(), gone=frozenset(), then=found[1], names=names)

    async def _answer(self, ask: Ask) -> object:
        try:
            return await asyncio.wait_for(asyncio.shield(self._feed.ask(ask)), _PATIENCE)
        except TimeoutError:
            self._feed.give_up(ask)
            raise ApiProblem("backend-slow", "the backend did not give the older version in time") from None


def _now(snapshot: Snapshot, update: UpdateView | None) -> Past:
    publication = snapshot.publication
    names = {agent.id: agent.agent_name for agent in publication.agents}
    return Past(
        update=update,
        now=snapshot.index,
        gone=frozenset(),
        then=Index(),
        names=names,
        _summed=[publication.summary],
    )


async def _undone(snapshot: Snapshot, newer: int, update: UpdateView | None) -> Past:
    """Take back what the newest updates changed, in steps."""
    publication, updates = snapshot.publication, snapshot.updates[:newer]
    before: dict[str, bytes | None] = {change.line: change.before for change in publication.unrecorded}
    names = {agent.id: agent.agent_name for agent in publication.agents}
    for each in updates:
        before.update({change.line: change.before for change in each.changes or ()})
        names = names if each.agents is None else json.loads(each.agents)
    places = (snapshot.index.position(line) for line in before)
    gone = frozenset(place for place in places if place is not None)
    rows = [row async for row in _read(before)]
    orders = {}
    for name in SORTS:
        orders[name] = order(rows, name)
        await asyncio.sleep(0)
    return Past(update=update, now=snapshot.index, gone=gone, then=await built(rows, orders), names=names)


async def _read(documents: Mapping[str, bytes | None]) -> AsyncIterator[Row]:
    names: Sequence[str] = sorted(documents)
    for place, name in enumerate(names):
        document = documents[name]
        if document is not None:
            yield Row.read(document)
        if place % _STEP == 0:
            await asyncio.sleep(0)
