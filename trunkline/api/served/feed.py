"""What is served now: the last good version, its history, and how old it is."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from msgspec import structs

from trunkline.api.served.index import Index
from trunkline.state.publication import (
    Busy,
    Changed,
    End,
    Frame,
    Publication,
    Recorded,
    Status,
    Then,
    UpdateView,
)
from trunkline.state.reader import Ask
from trunkline.state.row import Orders, Row

_log = logging.getLogger("trunkline.api")
_LEFT = "The last good version goes on being served."
_NOTHING = "Nothing is served until it can be read."
_KILLED = (
    "an update of the stack was killed: the process that holds its lock runs no more. What the state says is served,"
    " which the update may have gone beyond at the vendors. Run `pulumi cancel` and `pulumi up`."
)


class Source(Protocol):
    """Where versions come from."""

    def frames(self) -> AsyncGenerator[Frame]:
        """Give publications, each with its rows and End, and statuses, for ever."""
        ...

    def ask(self, ask: Ask) -> None:
        """Ask for something older, which comes as a frame, unless the source ends before."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One version, whole, and the stack's updates, newest first. A request takes it once and answers from it alone.

    `complete` says whether every update of the stack is among them.
    """

    publication: Publication
    index: Index
    updates: Sequence[UpdateView] = ()
    complete: bool = False

    @property
    def version(self) -> str:
        return self.publication.version

    @property
    def names(self) -> Mapping[str, str]:
        """The names at LiveKit of the inventory's agents, by key."""
        return {agent.id: agent.agent_name for agent in self.publication.agents if agent.id}

    def find(self, id: str) -> Sequence[Row]:
        """Give the line of this name, else the lines of this number or vendor's id."""
        return self.index.find(id)


@dataclass(slots=True)
class _Coming:
    """A version that is not whole yet: the one to be served, or one that was asked for."""

    head: Publication | Then
    rows: list[Row] = field(default_factory=list)
    history: list[Recorded] = field(default_factory=list)


Old = tuple[Then, Index]


class Feed:
    """Follows a source. `clock` is a monotonic clock in seconds; `stack` is set on the rows, as in Row."""

    def __init__(self, source: Source, clock: Callable[[], float], stack: str = "") -> None:
        self._source, self._clock, self._stack = source, clock, stack
        self._confirmed: float | None = None
        self._heard, self._due = clock(), float("inf")
        self._status = Status()
        self._reported = ""
        self._of_stack = f"stack {stack}: " if stack else ""  # of several, the log says whose word it is
        self._asked: dict[Ask, asyncio.Future[Old | UpdateView | None]] = {}
        self.snapshot: Snapshot | None = None
        self.reloads = 0
        self.ready = asyncio.Event()

    @property
    def status(self) -> Status:
        """How the last look went; a reader that gave no sign for longer than it may is a fault as well."""
        silent = self._clock() - self._heard
        if silent > self._due and not self._status.fault:
            detail = f"the reader of the backend has given no sign for {silent:.0f} s"
            return replace(self._status, fault="unreachable", detail=detail)
        return self._status

    @property
    def failed(self) -> bool:
        """Whether the stack's last update failed."""
        return self.snapshot is not None and self.snapshot.publication.result == "failed"

    def age(self) -> float | None:
        """Give the seconds since what is served was last known to be the current version; None before the first."""
        return None if self._confirmed is None else self._clock() - self._confirmed

    async def follow(self) -> None:
        """Take what comes, for ever; an error of ours is a fault like any other, and what is served stays."""
        gc.collect()
        gc.freeze()  # all that was imported stays
        while True:
            try:
                await self._take()
                return
            except Exception:
                _log.exception("%sthe source failed; it is followed again", self._of_stack)
                self._status = Status(fault="broken", detail="an error of this service; see its log")
                await asyncio.sleep(1.0)

    def ask(self, ask: Ask) -> asyncio.Future[Old | UpdateView | None]:
        """Ask the source for something older; who asks for the same meanwhile waits for the same answer."""
        if ask not in self._asked:
            self._asked[ask] = asyncio.get_running_loop().create_future()
            self._source.ask(ask)
        return self._asked[ask]

    def give_up(self, ask: Ask) -> None:
        """Wait for an answer no more; who asks again asks anew."""
        self._asked.pop(ask, None)

    async def _take(self) -> None:
        coming: _Coming | None = None
        async with contextlib.aclosing(self._source.frames()) as frames:
            async for frame in frames:
                self._heard = self._clock()
                match frame:
                    case Publication() | Then():
                        coming = _Coming(frame)
                    case Recorded() if coming is not None:
                        coming.history.append(frame)
                    case Recorded():
                        self._record(frame)
                    case Changed(id, update):
                        self._answer(Ask("changes", id), update)
                    case End(orders) if coming is not None:
                        await self._whole(coming, orders)
                        coming = None
                    case Status():
                        self._note(frame)
                    case Busy(due):
                        self._due = due
                    case tuple() if coming is not None:
                        coming.rows.extend(self._named(frame))

    def _named(self, rows: Sequence[Row]) -> Sequence[Row]:
        return [structs.replace(row, stack=self._stack) for row in rows] if self._stack else rows

    async def _whole(self, coming: _Coming, orders: Orders) -> None:
        if isinstance(coming.head, Then):
            self._answer(Ask("lines", coming.head.id), (coming.head, await built(coming.rows, orders)))
            return
        if self.snapshot is None or self.snapshot.version != coming.head.version:
            gc.collect()  # little, since what is served is left out
            index = await built(coming.rows, orders)
            old = self.snapshot
            history = () if old is None else old.updates
            self.snapshot = Snapshot(publication=coming.head, index=index, updates=history)
            self.reloads += 1
            self._confirmed = self._clock()
        for recorded in coming.history:
            self._record(recorded)
        gc.collect(1)
        gc.freeze()  # what is served has no cycles; to look for some among 10,000 lines would hold requests up
        self.ready.set()

    def _record(self, recorded: Recorded) -> None:
        if self.snapshot is None:
            return
        known = {} if recorded.anew else {update.id: update for update in self.snapshot.updates}
        known.update({update.id: update for update in recorded.updates})
        updates = tuple(sorted(known.values(), key=_age, reverse=True))
        self.snapshot = replace(self.snapshot, updates=updates, complete=recorded.complete)

    def _answer(self, ask: Ask, answer: Old | UpdateView | None) -> None:
        future = self._asked.pop(ask, None)
        if future is not None and not future.done():
            future.set_result(answer)

    def _note(self, status: Status) -> None:
        if status.killed and not self._status.killed:
            _log.warning("%s%s", self._of_stack, _KILLED)
        self._status, self._due = status, status.due
        if not status.fault and not status.updating and not status.killed:
            self._confirmed = self._clock()
        if status.fault and status.detail != self._reported:
            _log.warning("%s%s. %s", self._of_stack, status.detail, _LEFT if self.snapshot else _NOTHING)
            self._reported = status.detail
        elif self._reported and not status.fault and not status.updating:
            _log.warning("%sthe backend can be read again.", self._of_stack)
            self._reported = ""


def _age(update: UpdateView) -> tuple[int, int, str]:
    return update.ended, len(update.id), update.id  # ids are numbers, or times of one length


async def built(rows: Sequence[Row], orders: Orders) -> Index:
    """Build an index, while requests go on between the steps."""
    index = Index()
    for _ in index.building(rows, orders):
        await asyncio.sleep(0)
    return index
