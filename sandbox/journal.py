"""What was asked of the sandbox and what came of it, for assertions."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

KEPT = 100_000
MASK = "***"
_SECRET_NAME = re.compile(r"password|secret|token", re.IGNORECASE)
_NOT_SECRET = frozenset({"PageToken"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One request. `committed` says whether the vendor's state changed, also where the client saw an error."""

    index: int
    vendor: str
    method: str
    path: str
    params: Mapping[str, Any]
    write: bool
    status: int | Literal["dropped"]
    committed: bool
    fault: str | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Journal:
    """The newest `KEPT` entries, oldest first. Indexes count from 0 and never start again."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._next = 0

    def add(self, **fields: Any) -> Entry:
        """Take the fields of an `Entry` but `index`; secrets in `params` are masked here."""
        entry = Entry(index=self._next, **{**fields, "params": mask(fields["params"])})
        self._next += 1
        self._entries.append(entry)
        return entry

    def entries(self, since: int = 0) -> list[Entry]:
        """Give the entries from index `since` on (a `mark()`)."""
        return [entry for entry in list(self._entries) if entry.index >= since]

    def writes(self, since: int = 0) -> list[Entry]:
        return [entry for entry in self.entries(since) if entry.write]

    def reads(self, since: int = 0) -> list[Entry]:
        return [entry for entry in self.entries(since) if not entry.write]

    def mark(self) -> int:
        """Give the index that the next entry will have."""
        return self._next

    def clear(self) -> None:
        self._entries.clear()

    def __iter__(self) -> Any:
        return iter(list(self._entries))

    def __len__(self) -> int:
        return len(self._entries)


def mask(value: Any) -> Any:
    """Give the value with everything under a secret's name replaced, at any depth."""
    if isinstance(value, Mapping):
        return {key: MASK if _is_secret(key) and item else mask(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [mask(item) for item in value]
    return value


def _is_secret(name: str) -> bool:
    return name not in _NOT_SECRET and bool(_SECRET_NAME.search(name))
