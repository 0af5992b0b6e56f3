"""The stack's updates, each with what it changed for each line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trunkline.api.source import change, checkpoint
from trunkline.api.source.backend import Backend
from trunkline.api.source.change import LineChange
from trunkline.api.source.checkpoint import StackState
from trunkline.api.source.store import Broken, Unreachable
from trunkline.api.source.update import Update
from trunkline.outputs import Line

_STEP = 5  # updates that are read at a time
_TRIES = 3  # looks in which an update's checkpoint may fail to be read, before it counts as not on record


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One update; `changes` is None where the state before or after it is not on record."""

    update: Update
    changes: tuple[LineChange, ...] | None


class Chronicle:
    """The newest `limit` updates, kept up with the backend: each update's checkpoint is read once.

    Only changes are kept, so that a long history of a large fleet costs what changed and not what stayed.
    """

    def __init__(self, backend: Backend, *, limit: int) -> None:
        self._backend, self._limit = backend, limit
        self._entries: dict[str, Entry] = {}
        self._missed: Counter[str] = Counter()
        self._lines: Mapping[str, Line] | None = None

    def complete(self) -> bool:
        """Say whether every update of the stack is among the entries."""
        return len(self._backend.updates()) == len(self._entries)

    def behind(self) -> bool:
        """Say whether there is more to read than one call of `catch_up` does."""
        return len(self._new(self._backend.updates())) > _STEP

    def newest(self) -> Update | None:
        """Give the last update's record without reading its checkpoint."""
        ids = self._backend.updates()
        return self._backend.update(ids[-1]) if ids else None

    def catch_up(self, state: StackState, data: bytes) -> Sequence[Entry] | None:
        """Read some of what is new; give all entries, oldest first, or None where there is more to read.

        `state` was parsed from `data`, the checkpoint now. A long history of a large fleet takes minutes to read; in
        steps, a new version need not wait for it.
        """
        ids = self._backend.updates()
        new = self._new(ids)
        if new and not self._entries:
            self._lines = self._before(ids, new[0])
        for id in new[:_STEP]:
            after = self._state(id, state, data, last=id == ids[-1])
            update = self._backend.update(id)
            changes = None
            if after is not None and self._lines is not None:
                partly = after.differences if update.failed else ()
                changes = change.between(self._lines, after.lines, after.held, partly)
            self._entries[id] = Entry(update=update, changes=changes)
            self._lines = None if after is None else after.lines
        if len(new) > _STEP:
            return None
        self._entries = {id: self._entries[id] for id in ids[-self._limit :]}
        return tuple(self._entries.values())

    def _new(self, ids: Sequence[str]) -> Sequence[str]:
        return [id for id in ids[-self._limit :] if id not in self._entries]

    def _before(self, ids: Sequence[str], first: str) -> Mapping[str, Line] | None:
        """Give the lines before update `first`: none at all before the first on record."""
        index = ids.index(first)
        if index == 0:
            return {}
        state = self._parsed(self._backend.checkpoint(ids[index - 1]))
        return None if state is None else state.lines

    def _state(self, id: str, state: StackState, data: bytes, *, last: bool) -> StackState | None:
        try:
            recorded = self._backend.checkpoint(id)
        except Unreachable:
            if not last:
                self._missed[id] += 1
                # A version that cannot be had must not hold up all that came after it for ever.
                if self._missed[id] < _TRIES:
                    raise
            recorded = None
        # The last update's record is a copy of the checkpoint itself; parsing it once is enough.
        if last and (recorded is None or recorded == data):
            return state
        return self._parsed(recorded)

    @staticmethod
    def _parsed(data: bytes | None) -> StackState | None:
        try:
            return None if data is None else checkpoint.parse(data)
        except Broken:
            return None
