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
from trunkline.api.endpoint import NO_ENDPOINT, Door, Endpoint, NoEndpoint
from trunkline.api.endpoints import openapi, reference
from trunkline.api.endpoints.edits import refusal
from trunkline.api.endpoints.table import endpoints
from trunkline.api.feed import Feed, Source
from trunkline.api.metrics import Metrics
from trunkline.api.service import Explain, Service
from trunkline.offers import Search

Lifespan = Callable[[Router], contextlib.AbstractAsyncContextManager[None]]
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
    feed = Feed(source, monotonic)
    service = Service(
        feed=feed,
        auth=auth,
        search=search,
        explain=explain,
        stack=stack,
        monotonic=monotonic,
        now=now,
        new_id=new_id,
        metrics=metrics or Metrics(),
        build=build_version(),
    )
    return answering(service, endpoints(service.monotonic), routes, lifespan=following([feed], auth))


def answering(
    service: Service,
    table: Sequence[Endpoint],
    routes: Sequence[BaseRoute] = (),
    *,
    documented: Sequence[Endpoint] = (),
    hint: str = NO_ENDPOINT,
    lifespan: Lifespan | None = None,
) -> ASGIApp:
    """Give the application that answers by a table. Its document names the endpoints of `documented` too."""
    shown = reference.endpoints(openapi.document((*table, *documented), service.build))
    ours = [Route(endpoint.path, Door(endpoint, service, refusal)) for endpoint in (*table, *shown)]
    router = Router(
        routes=[*routes, *ours],
        default=NoEndpoint(service, refusal, hint),
        redirect_slashes=False,
        lifespan=lifespan,
    )
    return Edge(router, service)


def following(feeds: Sequence[Feed], auth: Auth) -> Lifespan:
    """Follow feeds, and look at the doors, as long as an application runs."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Router) -> AsyncIterator[None]:
        tasks = [*(asyncio.create_task(feed.follow()) for feed in feeds), asyncio.create_task(_watch(auth))]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                for feed in feeds:
                    await feed.ready.wait()
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


def new_id() -> str:
    """Name a request."""
    return secrets.token_hex(8)


def build_version() -> str:
    """Give the version of this program."""
    try:
        return version("trunkline")
    except PackageNotFoundError:
        return "dev"
