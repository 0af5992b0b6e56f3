"""An API behind limits for its connections, and what tests of them ask it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.api import credentials
from tests.api.conftest import NOW
from tests.api.credentials import KEYS
from tests.api.serving import Fixed, serve
from tests.support.waiting import SOON
from trunkline.api import create_app
from trunkline.api.auth.principal import Role
from trunkline.api.connections import Connections, Limits, protocol
from trunkline.api.metrics import Metrics

PATIENCE = 1.0  # seconds, in place of the 10 that a request has
KEY = f"X-API-Key: {KEYS[Role.VIEWER]}\r\n"
GET = f"GET /sip/sales-us HTTP/1.1\r\nHost: localhost\r\n{KEY}\r\n".encode()
POST = f"POST /sip HTTP/1.1\r\nHost: localhost\r\n{KEY}Content-Length: 60\r\n\r\n".encode()
LARGE = 8 << 20  # bytes


class Slow:
    """A route that answers when it is told to; `asked` counts who waits."""

    def __init__(self) -> None:
        self.asked, self.told = 0, threading.Event()

    async def __call__(self, request: Request) -> Response:
        self.asked += 1
        while not self.told.is_set():
            await asyncio.sleep(0.01)
        return Response(status_code=204)


async def large(request: Request) -> Response:
    """Answers with more than a connection holds."""
    return Response(bytes(LARGE))


@contextlib.contextmanager
def served(folder: Path, slow: Slow | None = None, **limits: object) -> Iterator[tuple[str, Metrics]]:
    """The API behind limits that suit a test."""
    chosen = Limits(**{"request": PATIENCE, "unread": PATIENCE, **limits})  # type: ignore[arg-type]
    metrics, waiting = Metrics(), slow or Slow()
    routes = [Route("/slow", waiting.__call__), Route("/large", large)]
    app = create_app(Fixed(NOW), credentials.auth(folder), routes=routes, metrics=metrics)
    with serve(app, http=protocol(Connections(chosen, metrics.close)), ws="none") as url:
        try:
            yield url, metrics
        finally:
            waiting.told.set()  # a test that fails must not leave a server that cannot end


def address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    assert parts.hostname is not None and parts.port is not None
    return parts.hostname, parts.port


def closed(metrics: Metrics, reason: str) -> int:
    """How many connections were closed for a reason."""
    line = f'trunkline_connections_closed_total{{reason="{reason}"}} '
    found = [text for text in metrics.text(()).decode().splitlines() if text.startswith(line)]
    return int(float(found[0].removeprefix(line))) if found else 0


def healthy(url: str) -> float:
    """Ask whether the process answers; give the seconds it took."""
    began = time.monotonic()
    assert httpx.get(f"{url}/healthz", trust_env=False, timeout=SOON).status_code == 200
    return time.monotonic() - began
