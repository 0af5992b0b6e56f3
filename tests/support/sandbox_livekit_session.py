"""What stands in for aiohttp's session when LiveKit's SDK is to talk to a sandbox without sockets."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import aiohttp
from multidict import CIMultiDict, CIMultiDictProxy

from sandbox.request import Dropped, Request, Response
from sandbox.world import Sandbox


class SandboxReply:
    """An answer of the sandbox with the parts of `aiohttp.ClientResponse` that are used."""

    def __init__(self, response: Response) -> None:
        self.status = response.status
        self.headers = CIMultiDictProxy(CIMultiDict(response.headers))
        self._body = response.body

    async def read(self) -> bytes:
        return self._body

    async def text(self, *, errors: str) -> str:
        return self._body.decode(errors=errors)


class SandboxSession:
    """Hands each request to `Sandbox.handle` in the calling thread and never waits for an event loop.

    A dropped answer is the broken connection that aiohttp would report; an answer for which the sandbox took longer
    by `clock` than the request allows is its time-out.
    """

    def __init__(self, sandbox: Sandbox, clock: Callable[[], float] = time.monotonic) -> None:
        self.timeout = aiohttp.ClientTimeout()
        self._sandbox, self._clock = sandbox, clock

    @asynccontextmanager
    async def post(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        data: bytes,
        timeout: aiohttp.ClientTimeout | None = None,
        allow_redirects: bool = True,
    ) -> AsyncIterator[SandboxReply]:
        started = self._clock()
        answer = self._sandbox.handle(Request.of("POST", url, headers, data))
        limit = timeout.total if timeout else None
        if limit is not None and self._clock() - started > limit:
            raise TimeoutError
        if isinstance(answer, Dropped):
            raise aiohttp.ServerDisconnectedError
        yield SandboxReply(answer)
