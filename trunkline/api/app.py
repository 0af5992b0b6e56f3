"""Puts the server together: of one stack, or of several.

Of several, each has its own below `/stacks/{stack}`, and one is over all of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version

from starlette.routing import BaseRoute, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from trunkline.api.access import AccessLog
from trunkline.api.auth.auth import Auth
from trunkline.api.doors import Doors
from trunkline.api.edge import Edge
from trunkline.api.endpoint import Door, Endpoint, Lost, NoEndpoint, no_endpoint, route_path
from trunkline.api.endpoints import openapi
from trunkline.api.endpoints.edits import refusal
from trunkline.api.endpoints.stacks import ROOT, no_stack, over_stacks
from trunkline.api.endpoints.table import endpoints
from trunkline.api.metrics import Metrics
from trunkline.api.served.feed import Feed, Source
from trunkline.api.served.together import Together
from trunkline.api.service import Explain, Service
from trunkline.offers import Search

Lifespan = Callable[[Router], contextlib.AbstractAsyncContextManager[None]]
_log = logging.getLogger("trunkline.api")
_LOOK = 1.0  # seconds between two looks at the key file and the key set
_PATIENCE = 5.0  # seconds that a start waits for the first version before it serves 503
_BELOW = f"{ROOT}/"


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


def create_several(
    sources: Mapping[str, Source],
    auth: Auth,
    search: Search | None = None,
    explain: Explain | None = None,
    *,
    names: Mapping[str, str] | None = None,
    routes: Sequence[BaseRoute] = (),
    metrics: Metrics | None = None,
    monotonic: Callable[[], float] = time.monotonic,
    now: Callable[[], float] = time.time,
) -> ASGIApp:
    """Give the ASGI application over the sources of several stacks, by the stacks' short names.

    `names` are their whole names, for people; all else is as `create_app` takes it. Below `/stacks/{stack}` each stack
    is served as `create_app` serves it alone. Keys, counters and the record of accesses are the same for all.
    """
    feeds = {stack: Feed(source, monotonic, stack) for stack, source in sources.items()}
    over_all = Service(
        feed=Together(feeds),
        auth=auth,
        search=search,
        monotonic=monotonic,
        now=now,
        new_id=new_id,
        metrics=metrics or Metrics(),
        access=AccessLog(),
        build=build_version(),
    )
    table = endpoints(monotonic)
    each = {
        stack: answering(
            replace(
                over_all, feed=feed, explain=explain, stack=(names or {}).get(stack, stack), base=f"{ROOT}/{stack}"
            ),
            table,
            routes,
        )
        for stack, feed in feeds.items()
    }
    root = answering(
        over_all,
        over_stacks(table),
        routes,
        documented=[_below(endpoint) for endpoint in table],
        lost=no_stack([*feeds]),
        lifespan=following([*feeds.values()], auth),
    )
    return _Stacks(root, each)


def answering(
    service: Service,
    table: Sequence[Endpoint],
    routes: Sequence[BaseRoute] = (),
    *,
    documented: Sequence[Endpoint] = (),
    lost: Lost = no_endpoint,
    lifespan: Lifespan | None = None,
) -> ASGIApp:
    """Give the application that answers by a table. Its document names the endpoints of `documented` too."""
    shown = openapi.endpoints(openapi.document((*table, *documented), service.build))
    ours = Doors({endpoint.path: Door(endpoint, service, refusal) for endpoint in (*table, *shown)})
    router = Router(
        routes=[*routes, ours],
        default=NoEndpoint(service, refusal, lost),
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


class _Stacks:
    """Leads a request to the stack that its path names, and any other to the root."""

    def __init__(self, root: ASGIApp, each: Mapping[str, ASGIApp]) -> None:
        self._root, self._each = root, each

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._root
        if scope["type"] == "http":
            stack, slash, _ = route_path(scope).removeprefix(_BELOW).partition("/")
            if slash and stack in self._each and route_path(scope).startswith(_BELOW):
                app, scope = self._each[stack], {**scope, "root_path": f"{scope.get('root_path', '')}{_BELOW}{stack}"}
        await app(scope, receive, send)


def _below(endpoint: Endpoint) -> Endpoint:
    """Give an endpoint of one stack as it stands beside the others."""
    parameters = {"stack": "a stack's name", **endpoint.parameters}
    return replace(endpoint, path=f"{ROOT}/{{stack}}{endpoint.path}", parameters=parameters)
