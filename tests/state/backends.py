"""Backends for real stacks: folders, a local S3 server, a local Postgres."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest


@contextlib.contextmanager
def folder(path: Path) -> Iterator[str]:
    """A `file://` backend."""
    (path / "state").mkdir()
    yield f"file://{path}/state?metadata=skip"


@contextlib.contextmanager
def bucket(path: Path) -> Iterator[str]:
    """An `s3://` backend on a moto server; the caller's environment holds AWS credentials."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        _s3(endpoint).create_bucket(Bucket="pulumi-state")
        options = f"region=us-east-1&endpoint={endpoint}&s3ForcePathStyle=true&disableSSL=true"
        yield f"s3://pulumi-state/team/a?{options}"
        # The next server of this process would have all of it still.
        httpx.post(f"{endpoint}/moto-api/reset", trust_env=False).raise_for_status()
    finally:
        server.stop()


def _s3(endpoint: str) -> Any:
    import boto3

    return boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")


@contextlib.contextmanager
def database() -> Iterator[str]:
    """A `postgres://` backend on a server of its own.

    It stands outside pytest's folders: those are closed to other users, and each pytest that starts closes them again.
    """
    programs = _programs()
    owner = _unprivileged()
    with tempfile.TemporaryDirectory(prefix="trunkline-postgres-", ignore_cleanup_errors=True) as folder:
        if owner is not None:
            shutil.chown(folder, owner)
        with _server(programs, owner, Path(folder)) as url:
            yield url


@contextlib.contextmanager
def _server(programs: Path, owner: str | None, data: Path) -> Iterator[str]:
    port = _free_port()

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [programs / program, *arguments],
            cwd=data,
            user=owner,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=240,
        )
        assert done.returncode == 0, done.stdout

    run("initdb", "--pgdata", f"{data}/cluster", "--username", "pulumi", "--auth", "trust", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={data} -c fsync=off"
    run("pg_ctl", "start", "--pgdata", f"{data}/cluster", "--wait", "--log", f"{data}/log", "--options", options)
    try:
        yield f"postgres://pulumi@127.0.0.1:{port}/postgres?sslmode=disable"
    finally:
        run("pg_ctl", "stop", "--pgdata", f"{data}/cluster", "--mode", "immediate")


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        pytest.skip("no Postgres server: install Debian's `postgresql`")
    return found[-1].parent if found else Path(str(on_path)).parent


def _unprivileged() -> str | None:
    """Postgres refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
