"""Requests to LiveKit's SIP service, with our limits, our repetitions and our errors."""

from __future__ import annotations

from typing import TypeVar

import aiohttp
from google.protobuf.message import DecodeError

from providers.calls import ConnectionNotMade, Policy
from providers.livekit.connection import Connection, Send
from providers.livekit.refusals import FIX_URL, VENDOR, Answered, Request, refusal
from trunkline.errors import Unavailable

T = TypeVar("T")

# Raised before a request is sent: refused, unresolved and untrusted addresses, and proxies that let nothing through.
_NOT_MADE = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)


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
