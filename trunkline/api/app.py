"""Puts the server together."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator, Callable, Sequence
from importlib.metadata import PackageNotFoundError, version

from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp

from trunkline.api import openapi, reference
from trunkline.api.auth import Auth
from trunkline.api.edge import Edge
from trunkline.api.endpoint import Door, NoEndpoint
from trunkline.api.endpoints import endpoints
from trunkline.api.feed import Feed, Source
from trunkline.api.service import Explain, Search, Service

_PATIENCE = 5.0  # seconds that a start waits for the first version before it serves 503


def create_app(
    source: Source,
    auth: Auth,
    search: Search | None = None,
    explain: Explain | None = None,
    *,
    routes: Sequence[BaseRoute] = (),
    monotonic: Callable[[], float] = time.monotonic,
    now: Callable[[], float] = time.time,
) -> ASGIApp:
    """Give the ASGI application over a source of versions.

    `search` asks carriers and `explain` is the call model; without them their endpoints say that they are not
    configured. `routes` are further ones behind the same edge, asked first. The source is followed from the
    application's start to its end (ASGI lifespan).
    """
    service = Service(
        feed=Feed(source, monotonic),
        auth=auth,
        search=search,
        explain=explain,
        monotonic=monotonic,
        now=now,
        new_id=lambda: secrets.token_hex(8),
        build=_version(),
    )
    return Edge(_router(service, routes), service)


def _router(service: Service, routes: Sequence[BaseRoute]) -> ASGIApp:
    table = endpoints(service.monotonic)
    shown = reference.endpoints(openapi.document(table, service.build))
    ours = [Route(endpoint.path, Door(endpoint, service)) for endpoint in (*table, *shown)]
    return Router(
        routes=[*routes, *ours],
        default=NoEndpoint(service),
        redirect_slashes=False,
        lifespan=_following(service.feed),
    )


def _following(feed: Feed) -> Callable[[Router], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(app: Router) -> AsyncIterator[None]:
        task = asyncio.create_task(feed.follow())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await feed.ready.wait()
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    return lifespan


def _version() -> str:
    try:
        return version("trunkline")
    except PackageNotFoundError:
        return "dev"
