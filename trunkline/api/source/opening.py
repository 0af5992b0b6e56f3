"""Which backend stands behind a URL."""

from __future__ import annotations

from urllib.parse import urlsplit

from trunkline.api.source.backend import Backend
from trunkline.api.source.diy import DiyBackend
from trunkline.api.source.pulumi_cli import CliBackend
from trunkline.api.source.stack import StackAddress


def open_backend(address: StackAddress) -> Backend:
    """Choose by the URL's scheme: a folder, bucket or table is read directly, anything else through the CLI.

    The stores are imported when chosen: boto3 alone costs 0.3 s.
    """
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
    return CliBackend(address)
