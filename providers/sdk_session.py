"""A vendor's SDK, one client a thread, with one way to ask it: every failure comes out as a VendorError."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from providers.rest import Rest
from trunkline.errors import Reason, Rejected, VendorError

T = TypeVar("T")


class Moved(ValueError):
    """A list changed while its pages were read: what was read fits no single moment, and a second reading may."""


@dataclass(frozen=True, slots=True)
class SdkClient:
    """A thread's client. `api` is the SDK's own, `label` names the last request that it sent."""

    api: Any
    label: Callable[[], str]


class SdkSession:
    """What carrier and trunk adapters ask through; safe in several threads. `open` makes a thread's client."""

    def __init__(self, rest: Rest, open: Callable[[], SdkClient]) -> None:
        self._rest, self._open = rest, open
        self._threads = threading.local()

    def ask(self, question: Callable[[Any], T]) -> T:
        """Give what `question` makes of the SDK's client: it sends requests and reads their answers.

        Where the reading fails, the answer is not what the vendor documents: MalformedReply, after a write
        UnknownOutcome. The reading says why by a ValueError. A list that moved (`Moved`) is asked for once more.
        """
        client = self._client()
        try:
            try:
                return question(client.api)
            except Moved:
                return question(client.api)
        except VendorError:
            raise
        except Exception as error:  # An SDK raises anything where an answer is not as it expects.
            # Only our own words are sure to hold no part of the answer.
            named = type(error) in (ValueError, Moved)
            words = str(error) if named else f"the answer is not as documented ({type(error).__name__})"
            raise self._rest.malformed(client.label(), words) from error

    def ask_or_none(self, question: Callable[[Any], T]) -> T | None:
        """The same, with None where the vendor says that there is no such object."""
        try:
            return self.ask(question)
        except Rejected as error:
            if error.reason is not Reason.NOT_FOUND:
                raise
            return None

    def _client(self) -> SdkClient:
        if not hasattr(self._threads, "client"):
            self._threads.client = self._open()
        client: SdkClient = self._threads.client
        return client
