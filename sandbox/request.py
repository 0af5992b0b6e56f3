"""One HTTP exchange as plain values. Nothing here knows of sockets or vendors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True)
class Request:
    """A request as it arrives.

    `path` is decoded and has no query; `query` keeps order and repeats; header names are lower case.
    """

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def of(cls, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Request:
        """Give the request for a URL (absolute, or a path with a query)."""
        parts = urlsplit(url)
        lowered = {name.lower(): value for name, value in (headers or {}).items()}
        if parts.netloc:
            lowered.setdefault("host", parts.netloc)
        return cls(method.upper(), unquote(parts.path), pairs(parts.query), lowered, body)

    @cached_property
    def content_type(self) -> str:
        """The media type without its parameters, in lower case; empty when absent."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @cached_property
    def form(self) -> tuple[tuple[str, str], ...]:
        """The fields of a form body; empty for any other content type, as a vendor would read it."""
        if self.content_type != FORM:
            return ()
        return pairs(self.body.decode("utf-8", "replace"))

    def base_url(self, default: str) -> str:
        """The scheme and host that the client used, so that links lead back to this sandbox."""
        host = self.headers.get("host")
        return f"http://{host}" if host else default


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. `headers` names are lower case; the front adds content-length itself."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def of_json(cls, status: int, value: Any, headers: Mapping[str, str] | None = None) -> Response:
        return cls(status, {"content-type": JSON, **(headers or {})}, dump(value))

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Dropped:
    """The connection ends without a complete answer.

    `partial` is None when nothing is sent; otherwise the answer whose head and first half are sent.
    """

    partial: Response | None = None


def dump(value: Any) -> bytes:
    """Give compact JSON in UTF-8, in the order of the given keys."""
    return _ENCODER.encode(value).encode()


def pairs(encoded: str) -> tuple[tuple[str, str], ...]:
    return tuple(parse_qsl(encoded, keep_blank_values=True))
