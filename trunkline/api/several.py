"""Puts together the server of several stacks: each stack's own, below `/stacks/{stack}`, and one over all of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from trunkline.api.access import AccessLog
from trunkline.api.app import answering, build_version, following, new_id
from trunkline.api.auth.auth import Auth
from trunkline.api.endpoint import Endpoint, route_path
from trunkline.api.endpoints.stacks import HINT, ROOT
from trunkline.api.endpoints.stacks_table import over_stacks
from trunkline.api.endpoints.table import endpoints
from trunkline.api.feed import Feed, Source
from trunkline.api.metrics import Metrics
from trunkline.api.service import Explain, Service
from trunkline.api.together import Together
from trunkline.offers import Search

_BELOW = f"{ROOT}/"


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
        hint=HINT,
        lifespan=following([*feeds.values()], auth),
    )
    return _Stacks(root, each)


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
