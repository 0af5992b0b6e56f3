"""The stack's updates, each with what it changed for each line."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trunkline.changes import LineChange, between, itemised
from trunkline.state import checkpoint
from trunkline.state.backend import Backend
from trunkline.state.store import Broken, Unreachable
from trunkline.state.update import Update
from trunkline.state.version import NOTHING, Entry, Packed, Version, compared

_RECORDS, _CHANGES = 100, 5  # updates whose record, and whose state, is read at a time
_TRIES = 3  # looks in which an update's checkpoint may fail to be read, before it counts as not on record
KEPT = 64_000_000
"""Bytes of changes that are told to be kept; what older updates changed is read when it is asked for."""


class Chronicle:
    """All updates of the stack, kept up with the backend in steps, the newest first.

    Of each update its record is kept. Of the newest `limit` ones it is told what they changed, which whoever is told
    keeps, as far as `kept` bytes go; so a long history of a large fleet costs what changed and not what stayed.
    """

    def __init__(self, backend: Backend, *, limit: int, kept: int = KEPT) -> None:
        self._backend, self._limit, self._kept = backend, limit, kept
        self._ids: Sequence[str] = ()
        self._records: dict[str, Update] = {}
        self._sizes: dict[str, int] = {}
        self._missed: Counter[str] = Counter()
        self._lost: set[str] = set()  # updates whose changes are not known since a version could not be had
        self._bytes = 0
        self._full = self._void = False
        self._top: tuple[str, Packed] | None = None
        self._left = _Left()
        self._read: tuple[str, Packed | None] | None = None
        self.changed: dict[str, int] = {}
        """When the update that last changed a line ended, by line, as far as changes are known."""

    @property
    def complete(self) -> bool:
        """Whether the record of every update has been read."""
        return len(self._records) == len(self._ids)

    @property
    def behind(self) -> bool:
        """Whether there is more to read."""
        return not self.complete or bool(self._wanting(1))

    def newest(self) -> Update | None:
        """Give the last update's record."""
        return self._record(self._ids[-1]) if self._ids else None

    def is_behind_backend(self) -> bool:
        """Say whether the backend has a newer update on record. Raises Unreachable."""
        return list(self._backend.updates())[-1:] != list(self._ids)[-1:]

    def current(self) -> bytes:
        """Give the state's checkpoint, and know what the newest update left: mostly the state is a copy of it.

        Where it is none, that is read first and the state once more, since two of them together would be the most
        memory that a reload takes. Raises Unreachable or Broken.
        """
        ids = self._backend.updates()
        newest = self._record(ids[-1]).id if ids else ""
        if not newest or (self._top is not None and self._top[0] == newest):
            return self._backend.current()
        then = b""
        with contextlib.suppress(Unreachable, Broken):
            then = checkpoint.digest(_on_record(self._backend.checkpoint(newest)))
        self._left = _Left(newest, then)
        state = self._backend.current()
        if then in (b"", checkpoint.digest(state)):
            return state
        del state
        with contextlib.suppress(Unreachable, Broken):
            self._left = _Left(newest, then, Packed.of(self._left_by(newest)))
        return self._backend.current()

    def advance(self, now: Version, digest: bytes) -> Sequence[Entry]:
        """Take the state as it is now, and give the updates of which something new is known. Raises Unreachable.

        `digest` is that of its checkpoint: the last update's record is a copy of it, which is not parsed again.
        """
        self._ids = self._backend.updates()
        if self._records.keys() - set(self._ids):
            self._forget()
        if not self._ids:
            return ()
        newest = self._record(self._ids[-1]).id
        if self._top is not None and self._top[0] == newest:
            return ()
        self._read = self._top
        self._top = newest, self._last(newest, now, digest)
        before = self._ids[-2] if len(self._ids) > 1 else ""
        if before and (self._read is None or self._read[0] != before):
            return (Entry(update=self._record(newest)),)
        return (*self._kept_down(), self._compare(newest, before))

    def since(self, now: Version) -> tuple[LineChange[bytes], ...]:
        """Say what changed since the last update on record."""
        found = between(self._top[1].version().lines, now.lines) if self._top is not None else ()
        return tuple(itemised(change) for change in found)

    def void(self) -> bool:
        """Say, once, whether all that was given before is on record no more."""
        void, self._void = self._void, False
        return void

    def catch_up(self) -> Sequence[Entry]:
        """Read some of what is older; give what came to be known. Raises Unreachable."""
        unread = [id for id in reversed(self._ids) if id not in self._records][:_RECORDS]
        found = [Entry(update=self._record(id)) for id in unread]
        if found:
            return found
        was_full, compared_now = self._full, []
        for id, before in self._wanting(_CHANGES):
            try:
                compared_now.append(self._compare(id, before))
            except Unreachable:
                if not compared_now:
                    raise
                break  # what is known is given first
            if self._full and not was_full:
                break
        return compared_now

    def forget_what_was_lost(self) -> None:
        """Have read again what the backend, which answered else, did not give: it is asked for once more each time."""
        for id in self._lost & self._sizes.keys():
            del self._sizes[id]
        self._lost = set()

    def version(self, id: str) -> Version | None:
        """Give the lines as update `id` left them, None where they are not on record. Raises Unreachable."""
        if self._top is not None and self._top[0] == id:
            return self._top[1].version()
        if id not in self._records:
            return None
        try:
            return self._left_by(id)
        except Broken:
            return None

    def entry(self, id: str) -> Entry | None:
        """Say what update `id` changed, None where there is no such update. Raises Unreachable."""
        if id not in self._records:
            return None
        place = self._ids.index(id)
        before = self.version(self._ids[place - 1]) if place else self._before_all(id)
        return compared(self._records[id], before, self.version(id))

    def _left_by(self, id: str) -> Version:
        return Version.of(checkpoint.read(lambda: _on_record(self._backend.checkpoint(id))))

    def _forget(self) -> None:
        self._records, self._sizes, self.changed, self._lost = {}, {}, {}, set()
        self._bytes, self._full, self._top, self._void = 0, False, None, True

    def _record(self, id: str) -> Update:
        if id not in self._records:
            self._records[id] = self._backend.update(id)
        return self._records[id]

    def _wanting(self, most: int) -> list[tuple[str, str]]:
        """Give some of the updates whose changes are to be kept and are not known yet, with the one before each."""
        found: list[tuple[str, str]] = []
        for place in range(len(self._ids) - 1, max(len(self._ids) - self._limit, 0) - 1, -1):
            id = self._ids[place]
            known = id in self._sizes
            if len(found) == most or (not known and self._full and place < self._lowest()):
                break
            if not known:
                found.append((id, self._ids[place - 1] if place else ""))
        return found

    def _lowest(self) -> int:
        oldest = next(iter(self._sizes), None)
        return 0 if oldest is None else min(self._ids.index(id) for id in self._sizes)

    def _compare(self, id: str, before: str) -> Entry:
        after = self._tried(id)
        entry = compared(self._record(id), self._tried(before) if before else self._before_all(id), after)
        if entry.changes is None and (id in self._missed or before in self._missed):
            self._lost.add(id)
        self._sizes[id] = entry.size
        self._bytes += entry.size
        self._full = self._full or self._bytes > self._kept
        for change in entry.changes or ():
            self.changed[change.line] = max(self.changed.get(change.line, 0), entry.update.ended)
        return entry

    def _before_all(self, oldest: str) -> Version | None:
        """Give what the oldest update on record found; None where its records begin later than the stack."""
        return None if self._record(oldest).continues else NOTHING

    def _kept_down(self) -> Sequence[Entry]:
        """Forget the changes of the oldest where there are too many; give the updates without them."""
        order = sorted(self._sizes, key=self._places().__getitem__)
        dropped = []
        while order and (len(order) >= self._limit or self._bytes > self._kept):
            oldest = order.pop(0)
            self._bytes -= self._sizes.pop(oldest)
            self._full = True
            dropped.append(Entry(update=self._record(oldest)))
        return dropped

    def _places(self) -> Mapping[str, int]:
        return {id: place for place, id in enumerate(self._ids)}

    def _tried(self, id: str) -> Version | None:
        """Give a version, read once for the two updates that it stands between."""
        for known in (self._top, self._read):
            if known is not None and known[0] == id:
                return None if known[1] is None else known[1].version()
        try:
            version = self.version(id)
        except Unreachable:
            self._missed[id] += 1
            # A version that cannot be had must not hold up all that is older for ever.
            if self._missed[id] < _TRIES:
                raise
            version = None
        self._read = id, None if version is None else Packed.of(version)
        return version

    def _last(self, id: str, now: Version, digest: bytes) -> Packed:
        """Give what the newest update left; what cannot be had counts as what is there now."""
        if self._left.id != id:  # it ended since
            with contextlib.suppress(Unreachable):
                return Packed.of(self.version(id) or now)
        if self._left.version is not None and self._left.digest != digest:
            return self._left.version
        return Packed.of(now)


@dataclass(frozen=True, slots=True)
class _Left:
    """What an update left: the digest of its checkpoint, and the version where the state was no copy of it."""

    id: str = ""
    digest: bytes = b""
    version: Packed | None = None


def _on_record(data: bytes | None) -> bytes:
    if data is None:
        raise Broken("the backend does not keep the update's checkpoint")
    return data
