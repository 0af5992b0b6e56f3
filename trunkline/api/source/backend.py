"""The port to a stack's state, and the choice of what stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from trunkline.api.source.stack import StackAddress
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


def open_backend(address: StackAddress) -> Backend:
    """Choose by the URL's scheme: a folder, bucket or table is read directly, anything else through the CLI.

    The stores are imported when chosen: boto3 alone costs 0.3 s.
    """
    from trunkline.api.source.diy import DiyBackend

    scheme = urlsplit(address.backend).scheme
    if scheme == "file":
        from trunkline.api.source.file_store import FileStore

        return DiyBackend(FileStore.open(address.backend, address.folder), address, interval=0.25)
    if scheme == "s3":
        from trunkline.api.source.s3_store import S3Store

        return DiyBackend(S3Store.open(address.backend), address, interval=1.0)
    if scheme in ("postgres", "postgresql"):
        from trunkline.api.source.postgres_store import PostgresStore

        return DiyBackend(PostgresStore.open(address.backend), address, interval=0.5)
    from trunkline.api.source.pulumi_cli import CliBackend

    return CliBackend(address)
