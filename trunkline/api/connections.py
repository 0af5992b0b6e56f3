"""What one client may hold of the server: how long a request may take to come, and how many connections there may be.

uvicorn bounds neither (0.54: a connection that says nothing, or a byte a second, stays for ever), and answers everyone
with 503 once its own limit of connections is reached. See docs/adr/0015.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol

from trunkline.api.problem import MEDIA_TYPE, ApiProblem
from trunkline.api.proxies import client_of

_log = logging.getLogger("trunkline.api")
_HEAD = 32 * 1024  # bytes of a request's head, where nothing else is said
_FRAMED = frozenset({b"content-length", b"transfer-encoding"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`request` is the seconds from a connection's start, or a request's first byte, to the request's last byte.

    `unread` is the seconds that a client may take nothing of an answer that waits for it. `address` (of IPv6 its /64)
    and `total` are connections; those of an address in `proxies` count in the total alone, since many clients share
    them.
    """

    request: float = 10.0
    unread: float = 30.0
    address: int = 100
    total: int = 900
    proxies: Container[str] = ()


class Connections:
    """The connections that are open, oldest first, and who has to make room when there are too many.

    A new connection is let in wherever an older one of the same crowd only waits for its client: that one goes. So
    whoever holds connections pushes out their own, and a probe is answered. `closed` is told why, each time:
    slow, unread, crowded.
    """

    def __init__(self, limits: Limits, closed: Callable[[str], None] = lambda reason: None) -> None:
        self.limits, self._closed = limits, closed
        self._all: OrderedDict[BoundedProtocol, None] = OrderedDict()
        self._of: dict[str, OrderedDict[BoundedProtocol, None]] = {}

    def enter(self, connection: BoundedProtocol) -> None:
        """Take a new connection in, and close one where there are too many."""
        own = self._of.setdefault(client_of(connection.address), OrderedDict())
        if len(own) >= self.limits.address and connection.address not in self.limits.proxies:
            self._make_room(own, connection)
        elif len(self._all) >= self.limits.total:
            self._make_room(self._all, connection)
        if not connection.ended:
            self._all[connection] = own[connection] = None

    def leave(self, connection: BoundedProtocol) -> None:
        """Forget a connection."""
        own = self._of.get(client_of(connection.address))
        self._all.pop(connection, None)
        if own is not None:
            own.pop(connection, None)
            if not own:
                del self._of[client_of(connection.address)]

    def used(self, connection: BoundedProtocol) -> None:
        """Note that a connection brought a whole request, which makes it the youngest."""
        if connection in self._all:
            self._all.move_to_end(connection)
            self._of[client_of(connection.address)].move_to_end(connection)

    def close(self, connection: BoundedProtocol, reason: str) -> None:
        """Close a connection at once; what of an answer was not taken is lost."""
        if not connection.ended:
            connection.end()
            self.leave(connection)
            self._closed(reason)

    def _make_room(self, crowd: OrderedDict[BoundedProtocol, None], connection: BoundedProtocol) -> None:
        self.close(next((other for other in crowd if other.waits_for_client), connection), "crowded")


class _Connection(h11.Connection):
    """h11's, which takes a request of two lengths by its chunks; a proxy on the way may have taken the other one."""

    def next_event(self) -> Any:
        event = super().next_event()
        if isinstance(event, h11.Request):
            if event.http_version not in (b"1.0", b"1.1"):
                raise h11.RemoteProtocolError("the request is of a version that is not spoken here")
            framed = _FRAMED.intersection(name for name, _ in event.headers)
            # RFC 9112, 6.1: also chunks in HTTP/1.0 are faulty framing.
            if framed == _FRAMED or (b"transfer-encoding" in framed and event.http_version < b"1.1"):
                raise h11.RemoteProtocolError("the request's length is told in two ways")
        return event


class BoundedProtocol(H11Protocol):
    """uvicorn's HTTP/1.1, with a deadline for each request and each answer, known to the `Connections`."""

    def __init__(self, connections: Connections, **uvicorn: Any) -> None:
        super().__init__(**uvicorn)
        self.conn = _Connection(h11.SERVER, self.config.h11_max_incomplete_event_size or _HEAD)
        self._connections = connections
        self._deadline: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self.address = ""
        self.ended = False

    @property
    def waits_for_client(self) -> bool:
        """Whether nothing of ours is under way: no request has come whole, or its answer is made or not taken."""
        cycle = self.cycle
        return cycle is None or cycle.response_complete or cycle.more_body or self.flow.write_paused

    def end(self) -> None:
        """Close the connection."""
        self.ended = True
        self.transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.address = self.client[0] if self.client else ""
        self._deadline = self._after(self._connections.limits.request, "slow")
        self._connections.enter(self)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._keep_time()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request in the one form of all problems, and close the connection."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):  # half an answer is out
            self.transport.abort()
            return
        request = secrets.token_hex(8)
        problem = ApiProblem(
            "request-malformed",
            "the request is not HTTP/1.1, or could be read in two ways; nothing of it was looked at",
        )
        body = problem.body(request)
        head = h11.Response(
            status_code=problem.status,
            reason=STATUS_PHRASES[problem.status],
            headers=[
                ("content-type", MEDIA_TYPE),
                ("content-length", str(len(body))),
                ("cache-control", "no-store"),
                ("x-content-type-options", "nosniff"),
                ("x-request-id", request),
                ("connection", "close"),
            ],
        )
        _log.info("request %s of %s was malformed", request, self.address or "an unknown address")
        for event in (head, h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._keep_time()

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel()
        self._connections.leave(self)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch_reading(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _watch_reading(self, left: int) -> None:
        """Close the connection if its client takes nothing meanwhile; `left` bytes wait for it now."""
        self._unread = self.loop.call_later(self._connections.limits.unread, self._look_at_reading, left)

    def _look_at_reading(self, before: int) -> None:
        left = self.transport.get_write_buffer_size()
        if left < before:  # it is slow and not deaf
            self._watch_reading(left)
        else:
            self._connections.close(self, "unread")

    def _keep_time(self) -> None:
        """Start the clock with a request's first byte, and stop it with its last."""
        if self._comes_in():
            if self._deadline is None:
                self._deadline = self._after(self._connections.limits.request, "slow")
            return
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        # A later request may come whole at once, so that no clock was started for it.
        self._connections.used(self)

    def _comes_in(self) -> bool:
        """Whether a request has begun and is not whole."""
        if self.conn.their_state is h11.IDLE:
            return self.cycle is None or bool(self.conn.trailing_data[0])
        return self.conn.their_state is h11.SEND_BODY

    def _after(self, seconds: float, reason: str) -> asyncio.TimerHandle:
        return self.loop.call_later(seconds, self._connections.close, self, reason)

    def _cancel(self) -> None:
        for timer in (self._deadline, self._unread):
            if timer is not None:
                timer.cancel()
        self._deadline = self._unread = None


def protocol(connections: Connections) -> type[H11Protocol]:
    """Give the class of connections that uvicorn is to make."""

    class Bounded(BoundedProtocol):
        def __init__(self, **uvicorn: Any) -> None:
            super().__init__(connections, **uvicorn)

    return Bounded


Bounded = protocol(Connections(Limits()))
"""For uvicorn's own command: `uvicorn trunkline.api:app --http trunkline.api.connections:Bounded`."""
