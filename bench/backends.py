"""What a state in a bucket or a database costs: the requests of the engine, and of the API's reader, counted.

`python -m bench.backends` prints the table of docs/scale.md. Commands run on the real engine, against moto's S3 server
and a Postgres of their own, as `bench/fleet.py` has the fleet.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg
from moto.moto_server.werkzeug_app import DomainDispatcherApplication

from bench import fleet
from sandbox import Sandbox, SandboxServer
from tests.engine.project import Project
from tests.state import backends
from trunkline.state.opening import open_backend
from trunkline.state.stack import StackAddress

AWS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
KINDS = {"s3": "S3", "postgres": "Postgres"}
Counter = Callable[[], int]
"""Gives the requests since it was asked last."""


def counted(kind: str, lines: int, folder: Path) -> dict[str, int]:
    """Give the requests of each command over so many lines, and of the reader's looks and reads, by what they do."""
    with (
        patch.dict(os.environ, AWS),
        _opened(kind, folder) as (url, requests),
        SandboxServer(Sandbox()) as server,
    ):
        (folder / "project").mkdir()
        project = Project.create(folder / "project", server, fleet.of(lines), {"PULUMI_BACKEND_URL": url, **AWS})
        found = dict[str, int]()
        requests()
        project.up()
        found["first `up`"] = requests()
        project.preview()
        found["preview without a change"] = requests()
        project.up(fleet.of(lines, moved=True))
        found["`up` of one remapped agent"] = requests()
        address = StackAddress(project="trunkline", stack=project.stack, backend=url, folder=str(project.directory))
        with closing(open_backend(address)) as backend:
            backend.stamp()
            requests()
            backend.stamp()
            found["one look of the API"] = requests()
            backend.current()
            found["one reload of the API"] = requests()
    return found


def table(found: Mapping[str, Mapping[str, int]]) -> str:
    """Give the requests of each kind of backend, as a table in Markdown."""
    head = [f"| requests | {' | '.join(KINDS[kind] for kind in found)} |", f"|{'---|' * (len(found) + 1)}"]
    names = next(iter(found.values()))
    return "\n".join(
        [*head, *(f"| {name} | {' | '.join(str(each[name]) for each in found.values())} |" for name in names)]
    )


@contextmanager
def _opened(kind: str, folder: Path) -> Iterator[tuple[str, Counter]]:
    opened = _bucket if kind == "s3" else _database
    with opened(folder) as found:
        yield found


@contextmanager
def _bucket(folder: Path) -> Iterator[tuple[str, Counter]]:
    taken, answer = [0], DomainDispatcherApplication.__call__

    def counting(self: Any, environ: Any, start_response: Any) -> Any:
        taken[0] += 1
        return answer(self, environ, start_response)

    def since() -> int:
        count, taken[0] = taken[0], 0
        return count

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # which says each request
    with patch.object(DomainDispatcherApplication, "__call__", counting), backends.bucket(folder) as url:
        yield url, since


@contextmanager
def _database(folder: Path) -> Iterator[tuple[str, Counter]]:
    with backends.database() as url:
        log, at = folder / "postgres/log", [0]
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET log_statement = 'all'")
            connection.execute("SELECT pg_reload_conf()")

        def since() -> int:
            said = log.read_text()[at[0] :]
            at[0] += len(said)
            return said.count("LOG:  statement: ") + said.count("LOG:  execute ")

        yield url, since


def main() -> int:
    """Count and print."""
    found = {}
    for kind in KINDS:
        with tempfile.TemporaryDirectory(prefix="trunkline-bench-", ignore_cleanup_errors=True) as folder:
            found[kind] = counted(kind, 10, Path(folder))
    print(table(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
