"""The port to a stack's state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from trunkline.state.update import Update


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """`mark` differs for every state that was ever there; `updating` while an update holds the stack.

    `since` is when the oldest lock was taken (seconds of the Unix time), None where there is none or nobody knows.
    `left`: the lock is one that a killed update left, so that none is `updating`.
    """

    mark: str
    updating: bool
    since: float | None = None
    left: bool = False


class Backend(Protocol):
    """One stack in its backend. Every method raises Unreachable or Broken and nothing else."""

    interval: float
    """Seconds to wait between two looks at the stamp."""
    depth: int
    """Updates whose changes are read before anybody asks: fewer where each reading is slow or costs a service."""
    patience: float
    """Seconds in which any one method gives an answer or an error, unless it hangs."""

    def stamp(self) -> Stamp:
        """Look, cheaply, whether anything changed."""
        ...

    def current(self) -> bytes:
        """Give the stack's checkpoint."""
        ...

    def updates(self) -> Sequence[str]:
        """Give the ids of the updates on record, oldest first."""
        ...

    def update(self, id: str) -> Update:
        """Give one update's record."""
        ...

    def checkpoint(self, id: str) -> bytes | None:
        """Give the checkpoint as that update left it, None where the backend does not keep it."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
