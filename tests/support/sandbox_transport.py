"""What stands in for the network when a vendor's SDK on `requests` is to talk to a sandbox without sockets."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from http.client import RemoteDisconnected
from typing import Any

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import MaxRetryError, NewConnectionError, ProtocolError

from sandbox.request import Dropped, Request, Response
from sandbox.world import Sandbox


class SandboxTransport(BaseAdapter):
    """Hands each request to `Sandbox.handle` in the calling thread; safe in several threads.

    A dropped connection, and an answer that by `clock` took longer than the request allows, are the exceptions that
    `requests` raises for them. `refused` further requests find nobody listening and do not reach the sandbox.
    """

    def __init__(self, sandbox: Sandbox, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.refused = 0
        self._sandbox, self._clock = sandbox, clock

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        if self.refused:
            self.refused -= 1
            raise _refused(request)
        start = self._clock()
        answer = self._sandbox.handle(_received(request))
        if timeout is not None and self._clock() - start > timeout:
            raise requests.exceptions.ReadTimeout("Read timed out.", request=request)
        if isinstance(answer, Dropped):
            raise _broken(answer, request)
        return _as_seen(answer, request)

    def close(self) -> None:
        """There is nothing to close."""


def _received(request: requests.PreparedRequest) -> Request:
    body = request.body or b""
    sent = body.encode() if isinstance(body, str) else bytes(body)
    return Request.of(str(request.method), str(request.url), dict(request.headers), sent)


def _as_seen(answer: Response, request: requests.PreparedRequest) -> requests.Response:
    seen = requests.Response()
    seen.status_code = answer.status
    seen.headers = CaseInsensitiveDict(answer.headers)
    seen.request, seen.url = request, str(request.url)
    seen._content = answer.body
    return seen


def _broken(answer: Dropped, request: requests.PreparedRequest) -> requests.RequestException:
    if answer.partial is not None:
        return requests.exceptions.ChunkedEncodingError("Connection broken", request=request)
    lost = RemoteDisconnected("Remote end closed connection without response")
    return requests.exceptions.ConnectionError(ProtocolError("Connection aborted.", lost), request=request)


def _refused(request: requests.PreparedRequest) -> requests.RequestException:
    reason = NewConnectionError(None, "Failed to establish a new connection: Connection refused")  # type: ignore[arg-type]
    return requests.exceptions.ConnectionError(MaxRetryError(None, str(request.url), reason), request=request)  # type: ignore[arg-type]
