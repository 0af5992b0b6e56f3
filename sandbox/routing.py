"""From method and path to what serves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar


class Routed(Protocol):
    """Anything that names its method and the template of its path: `/v1/Trunks/{TrunkSid}`."""

    @property
    def method(self) -> str: ...

    @property
    def template(self) -> str: ...


R = TypeVar("R", bound=Routed)


@dataclass(frozen=True, slots=True)
class Match(Generic[R]):
    """What was found: the routes of the path by method (none: the path is unknown) and the path's arguments."""

    routes: Mapping[str, R] = field(default_factory=dict)
    arguments: Mapping[str, str] = field(default_factory=dict)


class Router(Generic[R]):
    """A tree over the segments of the paths. A literal segment wins over an argument."""

    def __init__(self, routes: Iterable[R]) -> None:
        self._root = _Node[R]()
        for route in routes:
            node, names = self._root, []
            for segment in route.template.split("/"):
                name, suffix = _argument(segment)
                if name is None:
                    node = node.literal.setdefault(segment, _Node())
                else:
                    node = node.argument.setdefault(suffix, _Node())
                    names.append(name)
            node.routes[route.method] = (route, tuple(names))

    def find(self, path: str) -> Match[R]:
        found = _walk(self._root, path.split("/"), ())
        if found is None:
            return Match()
        node, values = found
        names = next(iter(node.routes.values()))[1]
        routes = {method: route for method, (route, _) in node.routes.items()}
        return Match(routes, dict(zip(names, values, strict=True)))


class _Node(Generic[R]):
    """`argument` is keyed by what follows the argument in its segment, such as `.json`."""

    __slots__ = ("argument", "literal", "routes")

    def __init__(self) -> None:
        self.literal: dict[str, _Node[R]] = {}
        self.argument: dict[str, _Node[R]] = {}
        self.routes: dict[str, tuple[R, tuple[str, ...]]] = {}


def _walk(node: _Node[R], segments: list[str], values: tuple[str, ...]) -> tuple[_Node[R], tuple[str, ...]] | None:
    if not segments:
        return (node, values) if node.routes else None
    segment, rest = segments[0], segments[1:]
    if segment in node.literal:
        found = _walk(node.literal[segment], rest, values)
        if found:
            return found
    for suffix, child in node.argument.items():
        value = segment.removesuffix(suffix) if suffix else segment
        if value and segment.endswith(suffix) and (suffix or "." not in value):
            found = _walk(child, rest, (*values, value))
            if found:
                return found
    return None


def _argument(segment: str) -> tuple[str | None, str]:
    if not segment.startswith("{"):
        return None, ""
    name, _, suffix = segment[1:].partition("}")
    return name, suffix
