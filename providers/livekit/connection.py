"""Requests to LiveKit's SIP service with our limits, repetitions and errors, and the way to its asynchronous SDK from
threads: an event loop in a thread of its own, or none.

livekit-api 1.2.2 (2026-10) needs three things mended. It repeats failed requests, writes too, where the host is one of
LiveKit Cloud: `failover=False` switches that off. And it hands `timeout=None` to each SIP request, which aiohttp 3.14
takes as no limit at all: `CheckedSession` sets ours. And it signs tokens that are good for six hours, from this
second on: it is given none to sign, and `CheckedSession` sends one that is good for minutes, also by a clock that
differs.
"""

from __future__ import annotations

import asyncio
import atexit
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from google.protobuf.message import DecodeError
from livekit.api import LiveKitAPI
from livekit.api.sip_service import SipService

from providers.authentication import livekit_token
from providers.calls import ConnectionNotMade, Policy
from providers.livekit.limits import CONNECT_SHARE, KEEP_ALIVE
from providers.livekit.refusals import FIX_URL, VENDOR, Answered, Request, refusal
from trunkline.debug import Exchange, request_id
from trunkline.errors import Unavailable
from trunkline.secret import Secret
from trunkline.settings import LiveKitSettings

T = TypeVar("T")
# Raised before a request is sent: refused, unresolved and untrusted addresses, and proxies that let nothing through.
_NOT_MADE = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)
_UNSIGNED = "made-when-it-is-sent"  # what the SDK takes for a token, and sends as it is
Send = Callable[[SipService], Coroutine[Any, Any, T]]


class Connection(Protocol):
    """Carries requests of the SDK to LiveKit; safe to use from many threads."""

    def run(self, send: Send[T], seconds: float) -> T:
        """Send one request and give its reply, within so many seconds; the SDK's errors pass through."""
        ...

    def close(self) -> None:
        """Give up what is held open."""
        ...


class CheckedSession:
    """What the SDK takes for an `aiohttp.ClientSession`: sets our time limit, follows no redirect, and lets nothing
    through but success in protobuf; any other answer is raised as `Answered`, with the headers that the SDK drops.
    Each request gets a token of its own, for a short life.
    """

    def __init__(
        self, session: Any, policy: Policy, settings: LiveKitSettings, now: Callable[[], float] = time.time
    ) -> None:
        self.timeout = aiohttp.ClientTimeout(total=policy.timeout, connect=policy.timeout * CONNECT_SHARE)
        self._session, self._policy, self._settings, self._now = session, policy, settings, now

    @asynccontextmanager
    async def post(self, url: str, *, headers: dict[str, str], data: bytes, timeout: object) -> AsyncIterator[Any]:
        """Send a request as the SDK does; its own `timeout` is not used."""
        token = livekit_token(self._settings.api_key, self._settings.api_secret, self._now(), service="sip")
        headers = {**headers, "authorization": f"Bearer {token}"}
        request = self._session.post(url, headers=headers, data=data, timeout=self.timeout, allow_redirects=False)
        started, answer = self._policy.monotonic(), dict[str, Any]()
        try:
            async with request as reply:
                answer = {"status": reply.status, "request_id": request_id(reply.headers)}
                if reply.status != 200 or not reply.headers.get("Content-Type", "").startswith("application/protobuf"):
                    raise Answered(reply.status, reply.headers, await reply.text(errors="replace"), Secret(token))
                yield reply
        finally:
            answer = answer or {"lost": type(sys.exception()).__name__}
            seconds, path = self._policy.monotonic() - started, urlsplit(url).path
            self._policy.note(Exchange(vendor=VENDOR, method="POST", path=path, seconds=seconds, **answer))


def sip_service(settings: LiveKitSettings, session: Any, policy: Policy) -> SipService:
    """Give the SDK's SIP service over a session, with the policy's limit for each request."""
    checked: Any = CheckedSession(session, policy, settings)
    return LiveKitAPI(settings.url, token=_UNSIGNED, session=checked, failover=False).sip


class Direct:
    """Runs each request in the calling thread, without an event loop, over a session that never waits.

    So a simulation is deterministic, and its threads do not wait for one another.
    """

    def __init__(self, settings: LiveKitSettings, session: Any, policy: Policy) -> None:
        self._sip = sip_service(settings, session, policy)

    def run(self, send: Send[T], seconds: float) -> T:
        """Run the request to its end; raises RuntimeError where the session waits."""
        request = send(self._sip)
        try:
            request.send(None)
        except StopIteration as end:
            reply: T = end.value
            return reply
        request.close()
        raise RuntimeError("the session handed in as transport waits for an event loop; it must answer at once")

    def close(self) -> None:
        """Nothing is held open."""


@dataclass(frozen=True, slots=True)
class _Running:
    loop: asyncio.AbstractEventLoop
    thread: threading.Thread
    session: aiohttp.ClientSession
    sip: SipService


class LoopThread:
    """Runs requests in an event loop in a daemon thread, both started by the first request."""

    def __init__(self, settings: LiveKitSettings, policy: Policy) -> None:
        self._settings, self._policy = settings, policy
        self._lock = threading.Lock()
        self._running: _Running | None = None

    def run(self, send: Send[T], seconds: float) -> T:
        """Send the request from the loop's thread, and wait for it in this one."""
        with self._lock:
            self._running = running = self._running or self._start()
        request = send(running.sip)
        # Else the session's own limit holds, which tells a connection that was not made from an answer that is late.
        if seconds < self._policy.timeout:
            request = asyncio.wait_for(request, seconds)
        return asyncio.run_coroutine_threadsafe(request, running.loop).result()

    def close(self) -> None:
        """Close the connections and end the thread, with no request under way; a later one starts anew."""
        with self._lock:
            running, self._running = self._running, None
        if running is None:
            return
        atexit.unregister(self.close)
        asyncio.run_coroutine_threadsafe(running.session.close(), running.loop).result()
        running.loop.call_soon_threadsafe(running.loop.stop)
        running.thread.join()
        running.loop.close()

    def _start(self) -> _Running:
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="livekit", daemon=True)
        thread.start()
        session = asyncio.run_coroutine_threadsafe(self._session(), loop).result()
        # A session that is still open when the interpreter ends complains on stderr.
        atexit.register(self.close)
        return _Running(loop, thread, session, sip_service(self._settings, session, self._policy))

    async def _session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(keepalive_timeout=KEEP_ALIVE)
        return aiohttp.ClientSession(connector=connector, proxy=_proxy(self._settings.url))


def _proxy(url: str) -> str | None:
    """The proxy that the environment asks for. Not `trust_env`: with it an entry in ~/.netrc breaks every request."""
    parts = urlsplit(url)
    scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
    return None if proxy_bypass(parts.netloc) else getproxies().get(scheme)


class Client:
    """Calls LiveKit for the adapters; safe to use from many threads."""

    def __init__(self, connection: Connection, policy: Policy) -> None:
        self._connection, self._policy = connection, policy
        self._redaction = policy.redaction

    def call(self, request: Request, send: Send[T]) -> T:
        """Send a request and give its reply; raises VendorError.

        A read is repeated as the policy allows, a write only where LiveKit certainly did not process it.
        """
        repeat = self._policy.write if request.write else self._policy.read
        try:
            return repeat(lambda seconds: self._once(request, send, seconds))
        except ConnectionNotMade as error:
            detail = f"no connection could be made: {self._redaction(str(error))}"
            raise Unavailable(VENDOR, str(request), detail, fix=FIX_URL) from error

    def _once(self, request: Request, send: Send[T], seconds: float) -> T:
        try:
            return self._connection.run(send, seconds)
        except Answered as answer:
            # Without its cause, whose body may hold a secret.
            raise refusal(request, answer, self._redaction) from None
        except _NOT_MADE as error:
            raise ConnectionNotMade(str(error)) from error
        except TimeoutError as error:
            raise request.lost("no answer came in time") from error
        except aiohttp.ClientError as error:
            raise request.lost(f"the connection broke ({type(error).__name__})") from error
        except DecodeError as error:
            raise request.lost("the answer is not valid protobuf", status=200) from error
