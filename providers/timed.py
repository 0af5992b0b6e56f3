"""Connections on which a whole answer has a limit.

`requests` and urllib3 limit each wait for the next byte, so that an answer that drips, a byte a second, never ends.
Here every byte of an answer, its head too, must be there within the request's time-out.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
from functools import partial
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError


class TimedAdapter(HTTPAdapter):
    """The network for a `requests.Session`; the time-out of a request counts for the whole of its answer."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager


class _Timing:
    """Sets when an answer must be complete: the request's time-out after it began, or after it began to connect.

    A proxy answers while it is connected, before the request is sent.
    """

    timeout: Any
    response_class: Any
    _ends: float | None = None

    def connect(self) -> None:
        self._begin()
        try:
            super().connect()  # type: ignore[misc]
        except TimeoutError:
            # Of a proxy, or of the host's TLS: nothing was sent, which urllib3 does not say.
            self._ends = None
            raise ConnectTimeoutError(self, "timed out") from None
        except BaseException:
            self._ends = None
            raise

    def request(self, *args: Any, **kwargs: Any) -> None:
        self._begin()
        try:
            super().request(*args, **kwargs)  # type: ignore[misc]
        finally:
            self._ends = None

    def _begin(self) -> None:
        if self._ends is None and isinstance(self.timeout, int | float):
            self._ends = time.monotonic() + self.timeout
        self.response_class = partial(_Answer, end=self._ends)


class _Timed(_Timing, HTTPConnection):
    """A connection in clear."""


class _TimedTls(_Timing, HTTPSConnection):
    """A connection in TLS."""


class _Answer(http.client.HTTPResponse):
    """An answer whose bytes come through `_Reads`."""

    def __init__(self, sock: socket.socket, *args: Any, end: float | None, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        if end is not None:
            self.fp = io.BufferedReader(_Reads(self.fp.detach(), sock, end))


class _Reads(io.RawIOBase):
    """Waits for the next bytes as long as there is time left, and raises TimeoutError where there is none."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, end: float) -> None:
        self._raw, self._sock, self._end = raw, sock, end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Timed


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TimedTls


_POOLS: dict[str, Any] = {"http": _Pool, "https": _TlsPool}
