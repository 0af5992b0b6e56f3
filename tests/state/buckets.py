"""Google's and Azure's storage as far as a reader uses it, over a folder: listing in pages, and reading.

Who asks must bring the credential, as the services demand it: a bearer token, or a signature by the account's key.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.sax.saxutils import escape

TOKEN = "google-token"
ACCOUNT, ACCOUNT_KEY = "acme", base64.b64encode(b"azure-key").decode()
_PAGE = 2  # objects that one answer lists


class Bucket:
    """The files of a folder as objects."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def page(self, prefix: str, marker: str) -> tuple[Sequence[tuple[str, os.stat_result]], str]:
        """Give the objects in the folder `prefix` after a marker, and the marker of the next page."""
        files = sorted(file for file in (self._folder / prefix).glob("*") if file.is_file())
        names = [name for file in files if (name := f"{prefix}{file.name}") > marker]
        shown = [(name, (self._folder / name).stat()) for name in names[:_PAGE]]
        return shown, names[_PAGE - 1] if len(names) > _PAGE else ""

    def read(self, name: str) -> tuple[bytes, os.stat_result] | None:
        file = self._folder / name
        return (file.read_bytes(), file.stat()) if file.is_file() else None


Answer = Callable[[BaseHTTPRequestHandler, Mapping[str, str], str], bytes | None]


@contextlib.contextmanager
def google(folder: Path) -> Iterator[str]:
    """A `gs://` bucket (XML API); gives the server's URL."""
    bucket = Bucket(folder)

    def answer(request: BaseHTTPRequestHandler, query: Mapping[str, str], path: str) -> bytes | None:
        if request.headers["authorization"] != f"Bearer {TOKEN}":
            _refuse(request, 401)
            return None
        name, _, key = path.lstrip("/").partition("/")
        if name != "state":
            _refuse(request, 404)
            return None
        if key:
            return _object(request, bucket.read(key))
        shown, following = bucket.page(query.get("prefix", ""), query.get("continuation-token", ""))
        items = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>{_moment(stat.st_mtime_ns)}</LastModified>"
            f'<ETag>"{_tag(stat)}"</ETag><Size>{stat.st_size}</Size></Contents>'
            for key, stat in shown
        )
        more = f"<NextContinuationToken>{escape(following)}</NextContinuationToken>" if following else ""
        return f"<ListBucketResult>{more}{items}</ListBucketResult>".encode()

    with _served(answer) as url:
        yield url


@contextlib.contextmanager
def azure(folder: Path) -> Iterator[str]:
    """An `azblob://` container; gives the server's URL."""
    bucket = Bucket(folder)

    def answer(request: BaseHTTPRequestHandler, query: Mapping[str, str], path: str) -> bytes | None:
        if request.headers["authorization"] != f"SharedKey {ACCOUNT}:{_signature(request, query, path)}":
            _refuse(request, 403)
            return None
        name, _, key = path.lstrip("/").partition("/")
        if name != "state":
            _refuse(request, 404)
            return None
        if key:
            return _object(request, bucket.read(key))
        shown, following = bucket.page(query.get("prefix", ""), query.get("marker", ""))
        items = "".join(
            f"<Blob><Name>{escape(key)}</Name><Properties><Last-Modified>Thu, 01 Jan 2026 00:00:00 GMT</Last-Modified>"
            f"<Etag>{_tag(stat)}</Etag><Content-Length>{stat.st_size}</Content-Length>"
            f"<Content-Type>application/json</Content-Type></Properties></Blob>"
            for key, stat in shown
        )
        more = f"<NextMarker>{escape(following)}</NextMarker>"
        return f"<EnumerationResults><Blobs>{items}</Blobs>{more}</EnumerationResults>".encode()

    with _served(answer) as url:
        yield url


def _signature(request: BaseHTTPRequestHandler, query: Mapping[str, str], path: str) -> str:
    """Sign a request as the service does ("Authorize with Shared Key", version 2015-02-21 and later)."""
    content = ("content-encoding", "content-language", "content-length", "content-md5", "content-type", "date")
    conditions = ("if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range")
    values = [request.headers.get(name, "") for name in (*content, *conditions)]
    values[2] = "" if values[2] == "0" else values[2]
    own = sorted((name.lower(), value) for name, value in request.headers.items() if name.lower().startswith("x-ms-"))
    text = "\n".join(
        [
            "GET",
            *values,
            *(f"{name}:{value.strip()}" for name, value in own),
            f"/{ACCOUNT}{path}",
            *(f"{name}:{value}" for name, value in sorted(query.items())),
        ]
    )
    return base64.b64encode(hmac.digest(base64.b64decode(ACCOUNT_KEY), text.encode(), "sha256")).decode()


def _object(request: BaseHTTPRequestHandler, found: tuple[bytes, os.stat_result] | None) -> bytes | None:
    if found is None:
        _refuse(request, 404)
        return None
    body, stat = found
    request.send_response(200)
    request.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
    request.send_header("ETag", f'"{_tag(stat)}"')
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
    return None


def _refuse(request: BaseHTTPRequestHandler, status: int) -> None:
    request.send_response(status)
    request.send_header("Content-Length", "0")
    request.end_headers()


def _moment(nanoseconds: int) -> str:
    seconds, rest = divmod(nanoseconds, 10**9)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(seconds))}.{rest:09}Z"


def _tag(stat: os.stat_result) -> str:
    return hashlib.sha256(f"{stat.st_mtime_ns}-{stat.st_ino}".encode()).hexdigest()[:16]


@contextlib.contextmanager
def _served(answer: Answer) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = answer(self, dict(parse_qsl(parts.query)), unquote(parts.path))
            if body is not None:
                self.send_response(200)
                self.send_header("Content-Type", "application/xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
