"""What is served now: the last good version, and how old it is."""

from __future__ import annotations

import asyncio
import bisect
import contextlib
import logging
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from trunkline.api.index import Index, Orders
from trunkline.api.problem import ApiProblem
from trunkline.api.row import Row
from trunkline.api.source.publication import End, Frame, Publication, Status
from trunkline.outputs import Line

_log = logging.getLogger("trunkline.api")
_PAST_KEPT = 4  # versions of the past that were asked for lately


class Source(Protocol):
    """Where versions come from."""

    def frames(self) -> AsyncGenerator[Frame]:
        """Give publications, each with its rows and End, and statuses, for ever."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One version, whole. A request takes it once and answers from it alone."""

    publication: Publication
    index: Index

    @property
    def version(self) -> str:
        return self.publication.version


class Feed:
    """Follows a source. `clock` is a monotonic clock in seconds."""

    def __init__(self, source: Source, clock: Callable[[], float]) -> None:
        self._source, self._clock = source, clock
        self._confirmed: float | None = None
        self._past: OrderedDict[tuple[str, str], Index] = OrderedDict()
        self._reported = ""
        self.snapshot: Snapshot | None = None
        self.status = Status()
        self.reloads = 0
        self.ready = asyncio.Event()

    def age(self) -> float | None:
        """Give the seconds since what is served was last known to be the current version; None before the first."""
        return None if self._confirmed is None else self._clock() - self._confirmed

    async def follow(self) -> None:
        """Take what comes, for ever; an error of ours is a fault like any other, and what is served stays."""
        while True:
            try:
                await self._take()
                return
            except Exception:
                _log.exception("the source failed; it is followed again")
                self.status = Status(fault="broken", detail="an error of this service; see its log")
                await asyncio.sleep(1.0)

    async def _take(self) -> None:
        publication: Publication | None = None
        rows: list[Row] = []
        async with contextlib.aclosing(self._source.frames()) as frames:
            async for frame in frames:
                match frame:
                    case Publication():
                        publication, rows = frame, []
                    case End(orders) if publication is not None:
                        await self._serve(publication, rows, orders)
                    case Status():
                        self._note(frame)
                    case tuple():
                        rows.extend(frame)

    async def at(self, snapshot: Snapshot, moment: int) -> Index:
        """Give the lines as they were at a moment (seconds of the Unix time).

        Raises ApiProblem where that is not on record.
        """
        updates = snapshot.publication.updates
        later = bisect.bisect_left(updates, -moment, key=lambda update: -update.ended)
        if later == len(updates) and not snapshot.publication.complete:
            raise ApiProblem("not-on-record", "the history does not go back as far, or is still being read")
        if later == 0:
            return snapshot.index
        name = (snapshot.version, updates[later - 1].id)
        if name not in self._past:
            self._past[name] = await asyncio.to_thread(_undo, snapshot, later)
            if len(self._past) > _PAST_KEPT:
                self._past.popitem(last=False)
        return self._past[name]

    async def _serve(self, publication: Publication, rows: Sequence[Row], orders: Orders) -> None:
        if self.snapshot is not None and self.snapshot.version == publication.version:
            return
        index = Index()
        for _ in index.building(rows, orders):
            await asyncio.sleep(0)  # requests go on between the steps
        self.snapshot = Snapshot(publication=publication, index=index)
        self.reloads += 1
        self._confirmed = self._clock()
        self.ready.set()

    def _note(self, status: Status) -> None:
        self.status = status
        if not status.fault and not status.updating:
            self._confirmed = self._clock()
        if status.fault and status.detail != self._reported:
            _log.warning("%s. The last good version goes on being served.", status.detail)
        self._reported = status.detail


def _undo(snapshot: Snapshot, count: int) -> Index:
    rows: dict[str, Row] = {row.id: row for row in snapshot.index.rows}
    for update in snapshot.publication.updates[:count]:
        if update.earlier is None:
            raise ApiProblem("not-on-record", f"what update {update.id} changed is not on record")
        for line, document in update.earlier:
            if document is None:
                rows.pop(line, None)
            else:
                rows[line] = Row.of(Line.model_validate_json(document))
    return Index.of([rows[name] for name in sorted(rows)])
