"""An output of which no part begins before it is awaited."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from typing import Any

import pulumi


def deferred(
    *,
    resources: Callable[[], Coroutine[Any, Any, set[pulumi.Resource]]],
    value: Callable[[], Coroutine[Any, Any, Any]],
    is_known: Callable[[], Coroutine[Any, Any, bool]],
    is_secret: Callable[[], Coroutine[Any, Any, bool]],
) -> pulumi.Output[Any]:
    """Give an output of the four things that Pulumi knows of one.

    An output awaits its parts one after another. Of a coroutine that it did not come to, since an update was refused or
    stopped, Python would print a warning below the error. So no other place makes a `pulumi.Output` of its parts.
    """
    return pulumi.Output(_Awaited(resources), _Awaited(value), _Awaited(is_known), _Awaited(is_secret))


class _Awaited:
    """Calls `begin` where it is awaited."""

    def __init__(self, begin: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        self._begin = begin

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._begin().__await__()
