"""The state of one vendor: tables of JSON records, with transactions and a short memory of the past."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock
from types import MappingProxyType
from typing import Any

Record = Mapping[str, Any]
REMEMBERED = 512

_EMPTY: Mapping[str, Record] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Change:
    """One record before and after; None where it did not exist."""

    table: str
    key: str
    old: Record | None
    new: Record | None


@dataclass(frozen=True, slots=True)
class Commit:
    """The changes of one transaction and when it ended (seconds since 1970)."""

    at: float
    changes: tuple[Change, ...]


class Store:
    """Tables of records by key. A record is JSON and is never changed in place: put a new one.

    Every change happens in a `transaction`, which holds the lock, and ends in a commit or in nothing.
    """

    def __init__(self, clock: Callable[[], float], lock: RLock | None = None) -> None:
        self.lock = lock or RLock()
        self.version = 0
        self.on_commit: Callable[[], None] | None = None
        self._clock = clock
        self._tables: dict[str, dict[str, Record]] = {}
        self._past: deque[Commit] = deque(maxlen=REMEMBERED)
        self._open: list[Change] = []
        self._depth = 0

    def table(self, name: str) -> Mapping[str, Record]:
        """The records of a table by key, live: read it under the lock, don't keep it."""
        return self._tables.get(name, _EMPTY)

    def get(self, table: str, key: str) -> Record | None:
        return self._tables.get(table, _EMPTY).get(key)

    def put(self, table: str, key: str, record: Record) -> None:
        self._change(Change(table, key, self.get(table, key), record))

    def drop(self, table: str, key: str) -> None:
        """Remove a record; an absent one is left absent."""
        old = self.get(table, key)
        if old is not None:
            self._change(Change(table, key, old, None))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what changes inside; take everything back when the block raises. May be nested."""
        with self.lock:
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if not self._depth:
                    self._undo(self._open)
                    self._open = []
                raise
            self._depth -= 1
            if not self._depth and self._open:
                self._commit()

    @contextmanager
    def rewound(self, commits: int = 0, seconds: float = 0.0) -> Iterator[None]:
        """Show, inside, the state before the last `commits`, or before the commits of the last `seconds`.

        For reading only. The past is as deep as `REMEMBERED` commits.
        """
        with self.lock:
            since = self._clock() - seconds
            undone: list[Commit] = []
            for commit in reversed(self._past):
                if len(undone) >= commits and not (seconds and commit.at > since):
                    break
                undone.append(commit)
                self._undo(commit.changes)
            try:
                yield
            finally:
                for commit in reversed(undone):
                    for change in commit.changes:
                        self._apply(change.table, change.key, change.new)

    def forget_past(self) -> None:
        """Make the present the earliest state that `rewound` can show."""
        with self.lock:
            self._past.clear()

    def snapshot(self) -> dict[str, dict[str, Record]]:
        """Give the tables as JSON; records are shared, since nobody changes them in place."""
        with self.lock:
            return {name: dict(records) for name, records in sorted(self._tables.items()) if records}

    def restore(self, tables: Mapping[str, Mapping[str, Record]]) -> None:
        """Put a snapshot in the place of everything; the past is forgotten."""
        with self.lock:
            self._tables = {name: dict(records) for name, records in tables.items()}
            self._past.clear()
            self.version += 1

    def _change(self, change: Change) -> None:
        if not self._depth:
            raise RuntimeError("a Store changes only inside a transaction")
        self._open.append(change)
        self._apply(change.table, change.key, change.new)

    def _commit(self) -> None:
        self._past.append(Commit(self._clock(), tuple(self._open)))
        self._open = []
        self.version += 1
        if self.on_commit:
            self.on_commit()

    def _undo(self, changes: tuple[Change, ...] | list[Change]) -> None:
        for change in reversed(changes):
            self._apply(change.table, change.key, change.old)

    def _apply(self, table: str, key: str, record: Record | None) -> None:
        records = self._tables.setdefault(table, {})
        if record is None:
            records.pop(key, None)
        else:
            records[key] = record
