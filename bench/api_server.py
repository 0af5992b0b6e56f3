"""The servers that `bench/api.py` measures, each in a process of its own, started as `trunkline serve` does."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bench import history
from tests.api import credentials
from tests.api.serving import Fixed
from tests.state import fleet
from trunkline.api import create_app
from trunkline.api.auth.principal import Role
from trunkline.api.metrics import Metrics
from trunkline.api.proxies import Proxies
from trunkline.api.server import run
from trunkline.api.serving import log_to_stderr
from trunkline.cli.serve import listen
from trunkline.state.process import ReaderProcess
from trunkline.state.row import Row
from trunkline.state.stack import StackAddress

BODY = Row.of(fleet.many(1000)[500]).full


async def bare(scope: Scope, receive: Receive, send: Send) -> None:
    """Return a constant, and nothing else."""
    if scope["type"] == "lifespan":
        for answer in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{answer}.complete"})
        return
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(BODY))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BODY})


async def constant(request: Request) -> Response:
    """Return the same constant as a route of the framework."""
    return Response(BODY, media_type="application/json")


def application(kind: str, lines: int, stack: str, metrics: Metrics) -> ASGIApp:
    """Give the application of this kind."""
    if kind == "bare":
        return bare
    log_to_stderr()  # as users run it: every access is written
    source = (
        ReaderProcess(StackAddress(project="fleet", stack="dev", backend=f"file://{stack}", folder=stack))
        if kind == "stack"
        else Fixed(*history.recorded(lines))
    )
    folder = Path(tempfile.mkdtemp(prefix="bench-api-"))
    app: ASGIApp = create_app(source, credentials.auth(folder), routes=[Route("/constant", constant)], metrics=metrics)
    return app


def main(kind: str, lines: str, stack: str) -> None:
    """Serve until terminated, and say on standard output where, once it does."""
    metrics = Metrics()
    app = application(kind, int(lines), stack, metrics)
    sockets = listen("127.0.0.1", 0)
    token = credentials.token(exp=int(time.time()) + 3600)
    said = {"port": sockets[0].getsockname()[1], "key": credentials.KEYS[Role.ADMIN], "token": token}
    run(app, sockets, Proxies(), metrics.close, lambda: print(json.dumps(said), flush=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
