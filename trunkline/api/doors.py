"""Finds the door of an endpoint by the path of a request."""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound, compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from trunkline.api.endpoint import route_path

_PARAMETER = "{"


class Doors(BaseRoute):
    """The route of every endpoint, for all methods, with its door by its path's template.

    A template without parameters goes before all others; among those with some the first that fits counts.
    """

    def __init__(self, doors: Mapping[str, ASGIApp]) -> None:
        self._exact = {path: door for path, door in doors.items() if _PARAMETER not in path}
        self._fitting: dict[tuple[str, int], list[tuple[re.Pattern[str], ASGIApp]]] = {}
        for path, door in doors.items():
            if path not in self._exact:
                self._fitting.setdefault(_shape(path), []).append((compile_path(path)[0], door))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http":
            return Match.NONE, {}
        path = route_path(scope)
        if (door := self._exact.get(path)) is not None:
            return Match.FULL, {"endpoint": door, "path_params": {}}
        for pattern, door in self._fitting.get(_shape(path), ()):
            if (found := pattern.match(path)) is not None:
                return Match.FULL, {"endpoint": door, "path_params": found.groupdict()}
        return Match.NONE, {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await scope["endpoint"](scope, receive, send)

    def url_path_for(self, name: str, /, **path_params: object) -> URLPath:
        raise NoMatchFound(name, path_params)


def _shape(path: str) -> tuple[str, int]:
    """Give the first part of a path, which no template has as a parameter, and how many parts it has."""
    return path[1:].partition("/")[0], path.count("/")
