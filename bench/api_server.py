"""The servers that `bench/api.py` measures, each in a process of its own."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

import uvicorn
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
from trunkline.api.serving import log_to_stderr
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


def application(kind: str, lines: int, stack: str) -> ASGIApp:
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
    app: ASGIApp = create_app(source, credentials.auth(folder), routes=[Route("/constant", constant)])
    return app


class Announced(uvicorn.Server):
    """Says on standard output where it listens, once it does."""

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup()
        port = self.servers[0].sockets[0].getsockname()[1]
        token = credentials.token(exp=int(time.time()) + 3600)
        print(json.dumps({"port": port, "key": credentials.KEYS[Role.ADMIN], "token": token}), flush=True)


def main(kind: str, lines: str, stack: str) -> None:
    """Serve until terminated."""
    app = application(kind, int(lines), stack)
    Announced(uvicorn.Config(app, port=0, log_level="critical", access_log=False, lifespan="on")).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
