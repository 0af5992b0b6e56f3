"""A backend in a table: `postgres://USER:PASSWORD@HOST/DATABASE?table=…`."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from trunkline.state.store import Broken, Unreachable, Version

_TIMEOUT = 10  # seconds, to connect and for each statement


class PostgresStore:
    """Rows of one table (key, data, updated_at), read through one connection that is opened again when it breaks.

    Pulumi 3.274.1 stores each file as `{"data": "<base64>"}`, under a key that begins with the URL's path: it takes the
    database's name for a folder in a bucket.
    """

    def __init__(self, url: str, table: str, prefix: str) -> None:
        self._url, self._table, self._prefix = url, sql.Identifier(*table.split(".")), prefix
        self._connection: psycopg.Connection[Any] | None = None

    @classmethod
    def open(cls, url: str) -> PostgresStore:
        """Take Pulumi's URL; `table` is its own option (default `pulumi_state`), the others are Postgres's."""
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        table = options.pop("table", "") or "pulumi_state"
        folder = parts.path.strip("/")
        return cls(urlunsplit(parts._replace(query=urlencode(options))), table, f"{folder}/" if folder else "")

    def versions(self, prefix: str) -> Mapping[str, Version]:
        query = sql.SQL("SELECT key, updated_at, xmin::text FROM {} WHERE starts_with(key, %s)").format(self._table)
        start = self._prefix + prefix
        return {
            key.removeprefix(self._prefix): Version(changed.timestamp(), row)
            for key, changed, row in self._rows(query, start)
            if "/" not in key.removeprefix(start)
        }

    def read(self, key: str) -> bytes:
        query = sql.SQL("SELECT data->>'data' FROM {} WHERE key = %s").format(self._table)
        rows = self._rows(query, self._prefix + key)
        if not rows:
            raise Broken(f"{key} is gone")
        try:
            return base64.b64decode(rows[0][0] or "", validate=True)
        except binascii.Error:
            raise Broken(f"{key} is not as Pulumi writes it") from None

    def _rows(self, query: sql.Composed, parameter: str) -> Sequence[tuple[Any, ...]]:
        try:
            return self._open().execute(query, (parameter,)).fetchall()
        except psycopg.errors.UndefinedTable:
            return []  # nothing was ever stored
        except psycopg.Error as error:
            self.close()
            # The text of a connection error can hold the user's name and the host; the class says enough.
            raise Unreachable(f"the database does not answer: {type(error).__name__}") from None

    def _open(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self._url,
                autocommit=True,
                client_encoding="utf8",  # else a database in SQL_ASCII gives bytes for text
                connect_timeout=_TIMEOUT,
                options=f"-c statement_timeout={_TIMEOUT * 1000} -c default_transaction_read_only=on",
            )
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
