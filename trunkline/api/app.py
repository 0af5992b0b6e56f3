"""Puts the server together."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable, Sequence
from importlib.metadata import PackageNotFoundError, version

from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp

from trunkline.api.auth.auth import Auth
from trunkline.api.edge import Edge
from trunkline.api.endpoint import Door, NoEndpoint
from trunkline.api.endpoints import openapi, reference
from trunkline.api.endpoints.edits import refusal
from trunkline.api.endpoints.table import endpoints
from trunkline.api.feed import Feed, Source
from trunkline.api.metrics import Metrics
from trunkline.api.service import Explain, Service
from trunkline.offers import Search

_log = logging.getLogger("trunkline.api")
_LOOK = 1.0  # seconds between two looks at the key file and the key set
_PATIENCE = 5.0  # seconds that a start waits for the first version before it serves 503


def create_app(
    source: Source,
    auth: Auth,
    search: Search | None = None,
    explain: Explain | None = None,
    *,
    stack: str = "",
    routes: Sequence[BaseRoute] = (),
    metrics: Metrics | None = None,
    monotonic: Callable[[], float] = time.monotonic,
    now: Callable[[], float] = time.time,
) -> ASGIApp:
    """Give the ASGI application over a source of versions.

    `search` asks carriers and `explain` is the call model; without them their endpoints say that they are not
    configured. `stack` is its name, for people. `routes` are further ones behind the same edge, asked first. In
    `metrics` the server may count too. The source is followed from the application's start to its end (ASGI lifespan).
    """
    service = Service(
        feed=Feed(source, monotonic),
        auth=auth,
        search=search,
        explain=explain,
        stack=stack,
        monotonic=monotonic,
        now=now,
        new_id=lambda: secrets.token_hex(8),
        metrics=metrics or Metrics(),
        build=_version(),
    )
    return Edge(_router(service, routes), service)


def _router(service: Service, routes: Sequence[BaseRoute]) -> ASGIApp:
    table = endpoints(service.monotonic)
    shown = reference.endpoints(openapi.document(table, service.build))
    ours = [Route(endpoint.path, Door(endpoint, service, refusal)) for endpoint in (*table, *shown)]
    return Router(
        routes=[*routes, *ours],
        default=NoEndpoint(service, refusal),
        redirect_slashes=False,
        lifespan=_following(service),
    )


def _following(service: Service) -> Callable[[Router], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(app: Router) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(service.feed.follow()), asyncio.create_task(_watch(service.auth))]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await service.feed.ready.wait()
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    return lifespan


async def _watch(auth: Auth) -> None:
    """Look at the doors again and again, so that one that closes is told when it does and not at the next request."""
    while True:
        try:
            await auth.look()
        except Exception:
            _log.exception("the keys could not be looked at; they are looked at again")
        await asyncio.sleep(_LOOK)


def _version() -> str:
    try:
        return version("trunkline")
    except PackageNotFoundError:
        return "dev"
