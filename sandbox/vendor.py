"""What a vendor's emulator is to the sandbox. They plug in by this class alone."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from sandbox.request import JSON, Request, Response, dump
from sandbox.store import Store


class Vendor(ABC):
    """An emulator over one `Store`.

    A write is one `with self.store.transaction():` around "validate, then change": what raises inside changes
    nothing, and the sandbox calls a request committed exactly when the store's version moved. Reading happens
    under the store's lock; the sandbox holds it while `handle` runs.
    """

    name: ClassVar[str]
    store: Store

    @abstractmethod
    def owns(self, path: str) -> bool:
        """Say whether this vendor answers the path."""

    @abstractmethod
    def is_write(self, request: Request) -> bool:
        """Say whether the request is one that can change something, whatever comes of it."""

    @abstractmethod
    def handle(self, request: Request) -> Response:
        """Answer like the vendor. Raises nothing: a refusal is a response."""

    @abstractmethod
    def failure(self, status: int) -> Response:
        """Give the answer that the vendor sends with an error status of its own making (429, 500, 503, 401 ...)."""

    @abstractmethod
    def edit(self, edit: Mapping[str, Any]) -> Mapping[str, Any]:
        """Change something out of band, from JSON: `{kind, id, set | create | delete | ...}`.

        Gives the record as it is afterwards, `{}` when it is gone. Raises ValueError naming what is wrong.
        """

    def params(self, request: Request) -> Mapping[str, Any]:
        """Decode query and body for the journal; secrets still in clear (the journal masks them)."""
        decoded: dict[str, Any] = dict(request.query)
        decoded.update(request.form)
        if request.content_type == JSON and request.body:
            decoded.update(_json_object(request.body))
        return decoded

    def rewrite(self, response: Response, change: Callable[[Any], Any]) -> Response:
        """Give the response with its decoded body changed; one whose body is not understood stays as it is.

        The faults that tamper with a list (a row missing, another order) go through here, so a vendor with
        another encoding than JSON overrides it.
        """
        if not response.headers.get("content-type", "").startswith(JSON):
            return response
        return Response(response.status, response.headers, dump(change(json.loads(response.body))))

    def order_late(self, seconds: float) -> None:  # noqa: B027 (a vendor that sells nothing has nothing to do)
        """Let a number that the next request buys be in no answer to a read for so long."""

    def holds(self, number: str) -> bool:
        """Say whether an account here owns the number (E.164), so that no other carrier offers it."""
        return False


def _json_object(body: bytes) -> Mapping[str, Any]:
    try:
        value = json.loads(body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
