"""The port to a stack's state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from trunkline.api.source.update import Update


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """`mark` differs for every state that was ever there; `updating` while an update holds the stack."""

    mark: str
    updating: bool


class Backend(Protocol):
    """One stack in its backend. Every method raises Unreachable or Broken and nothing else."""

    interval: float
    """Seconds to wait between two looks at the stamp."""

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
