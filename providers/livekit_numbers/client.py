"""The phone number service of a LiveKit project on our sending side. There is no Python SDK of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

from requests.adapters import BaseAdapter

from providers.authentication import Authentication, livekit_token
from providers.calls import Policy
from providers.livekit_numbers.numbering import LiveKitNumbers
from providers.livekit_numbers.refusals import READS, SERVICE, NumbersDialect
from providers.port import Adapter, Carrier
from providers.rest import Body, Rest
from providers.sdk_session import Moved, misread
from trunkline.errors import VendorError
from trunkline.secret import Secret
from trunkline.settings import LiveKitSettings

T = TypeVar("T")
_SCHEMES = {"ws": "http", "wss": "https"}


class NumbersService:
    """Asks the service; safe in several threads."""

    def __init__(self, rest: Rest, url: str) -> None:
        self._rest, self._url = rest, url
        self._threads = threading.local()

    def send(self, rpc: str, document: Body) -> Body:
        """Send one request and give its answer. Raises the VendorErrors."""
        self._threads.sent = rpc
        return self._rest.send("POST", f"{self._url}{SERVICE}{rpc}", document=document, reads=rpc in READS).body

    def ask(self, question: Callable[[], T]) -> T:
        """Give what `question` makes of the answers that it sends for; it says by ValueError what is wrong with one.

        Raises the VendorErrors: MalformedReply for an answer that is not as documented, UnknownOutcome after a write.
        A list that moved is asked for once more. A defect of ours is raised as it is, after a write as UnknownOutcome.
        """
        self._threads.sent = ""
        try:
            try:
                return question()
            except Moved:
                return question()
        except VendorError:
            raise
        except Exception as error:
            rpc: str = self._threads.sent
            if (told := misread(self._rest, rpc, error, reads=rpc in READS)) is None:
                raise
            raise told from error


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveKitNumbersVendor:
    """The project's numbers; it has no objects beside them."""

    carrier: Carrier
    adapters: Mapping[str, Adapter] = field(default_factory=dict)


def connected(settings: LiveKitSettings, policy: Policy, transport: BaseAdapter | None) -> LiveKitNumbersVendor:
    """Give the numbers of the project that the settings name."""
    rest = Rest(NumbersDialect(), policy, administering(settings.api_key, settings.api_secret), transport)
    parts = urlsplit(settings.url)
    url = urlunsplit(parts._replace(scheme=_SCHEMES.get(parts.scheme, parts.scheme))).rstrip("/")
    return LiveKitNumbersVendor(carrier=LiveKitNumbers(settings.host, NumbersService(rest, url)))


def administering(key: str, secret: Secret, now: Callable[[], float] = time.time) -> Authentication:
    """Give a LiveKit token for each request, with the grant `sip.admin` alone, good for some minutes."""

    def heads(method: str, url: str, body: bytes) -> dict[str, str]:
        return {"Authorization": f"Bearer {livekit_token(key, secret, now(), service='sip')}"}

    return Authentication(heads=heads, secrets=(secret.reveal(),))
