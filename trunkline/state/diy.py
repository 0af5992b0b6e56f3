"""The layout of Pulumi's self-managed ("DIY") backends, the same in a folder, a bucket and a table.

Read in the engine's source, 3.274.1 (pkg/backend/diy), for its project layout, which is the default since 3.61.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from trunkline.state import locks, update
from trunkline.state.backend import Stamp
from trunkline.state.stack import StackAddress
from trunkline.state.store import Broken, NoSuchStack, Store, Version
from trunkline.state.update import Update

_VARIANTS = ("", ".gz", ".zst")


class DiyBackend:
    """A stack's files in any store."""

    depth = 1000
    patience = 30.0  # a store gives up after 10 s, some after a second attempt

    def __init__(self, store: Store, address: StackAddress, *, interval: float) -> None:
        self.interval = interval
        self._store = store
        self._state = f".pulumi/stacks/{address.project}/{address.stack}.json"
        self._locks = f".pulumi/locks/organization/{address.project}/{address.stack}/"
        self._history = f".pulumi/history/{address.project}/{address.stack}/"
        self._records: Mapping[str, Mapping[str, str]] = {}
        self._held: Mapping[tuple[str, str], bytes] = {}
        self._record = re.compile(re.escape(address.stack) + r"-([0-9]+)\.(history|checkpoint)\.json(?:\.gz|\.zst)?")

    def stamp(self) -> Stamp:
        # Locks first: a state seen after its lock was gone is final, since the lock is the last thing to go.
        held = self._store.versions(self._locks)
        left = bool(held) and all(locks.is_left(lock) for lock in self._contents(held))
        key, version = self._newest()
        since = min((lock.changed for lock in held.values()), default=None)
        return Stamp(mark=f"{key} {version.mark}", updating=bool(held) and not left, since=since, left=left)

    def current(self) -> bytes:
        return self._store.read(self._newest()[0])

    def updates(self) -> Sequence[str]:
        self._records = self._listed()
        return sorted(self._records, key=int)

    def update(self, id: str) -> Update:
        data = self._store.read(self._records[id]["history"])
        try:
            return update.parse(id, data)
        except Broken:  # for good: each is written once, and one that was lost half-way tells no more
            return update.unreadable(id, int(id) // 10**9)

    def checkpoint(self, id: str) -> bytes | None:
        key = self._records[id].get("checkpoint")
        return None if key is None else self._store.read(key)

    def close(self) -> None:
        self._store.close()

    def _contents(self, held: Mapping[str, Version]) -> Iterable[bytes]:
        """Give what stands in locks, each read once; whether their processes run is asked at every look."""
        known = self._held
        self._held = {(key, lock.mark): known.get((key, lock.mark)) or self._lock(key) for key, lock in held.items()}
        return self._held.values()

    def _lock(self, key: str) -> bytes:
        try:
            return self._store.read(key)
        except Broken:  # it is gone meanwhile, or none that the engine wrote
            return b""

    def _newest(self) -> tuple[str, Version]:
        """Find the state's file; where it exists plain and compressed, the later one counts, as for the engine."""
        wanted = {self._state + variant for variant in _VARIANTS}
        found = {key: version for key, version in self._store.versions(self._state).items() if key in wanted}
        if not found:
            raise NoSuchStack
        return max(found.items(), key=lambda item: (item[1].changed, item[0]))

    def _listed(self) -> Mapping[str, Mapping[str, str]]:
        records: dict[str, dict[str, str]] = {}
        for key in self._store.versions(self._history):
            match = self._record.fullmatch(key.rpartition("/")[2])
            if match:
                records.setdefault(match[1], {})[match[2]] = key
        return {id: files for id, files in records.items() if "history" in files}
