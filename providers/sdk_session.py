"""A vendor's SDK, one client a thread, with one way to ask it: every failure comes out as a VendorError."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import trunkline
from providers.rest import Rest
from trunkline.errors import Reason, Rejected, VendorError

T = TypeVar("T")


class Moved(ValueError):
    """A list changed while its pages were read: what was read fits no single moment, and a second reading may."""


class Wire(Protocol):
    """What an SDK sends with. `label` names the last request that it sent; a new question begins by clearing it."""

    label: str


@dataclass(frozen=True, slots=True)
class SdkClient:
    """A thread's client: the SDK's own, and what it sends with."""

    api: Any
    wire: Wire


class SdkSession:
    """What carrier and trunk adapters ask through; safe in several threads. `open` makes a thread's client."""

    def __init__(self, rest: Rest, open: Callable[[], SdkClient]) -> None:
        self._rest, self._open = rest, open
        self._threads = threading.local()

    def ask(self, question: Callable[[Any], T]) -> T:
        """Give what `question` makes of the SDK's client: it sends requests and reads their answers.

        Where the reading fails, the answer is not what the vendor documents: MalformedReply, after a write
        UnknownOutcome. The reading says why by a ValueError. A list that moved (`Moved`) is asked for once more. What
        fails before anything was sent, or as only our own code fails, is a defect of ours and no word of the vendor's:
        it is raised as it is, after a write as UnknownOutcome.
        """
        client = self._client()
        client.wire.label = ""
        try:
            try:
                return question(client.api)
            except Moved:
                return question(client.api)
        except VendorError:
            raise
        except Exception as error:  # An SDK raises anything where an answer is not as it expects.
            label = client.wire.label
            if (told := misread(self._rest, label, error, reads=label.startswith("GET "))) is None:
                raise
            raise told from error

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


def misread(rest: Rest, label: str, error: Exception, *, reads: bool) -> VendorError | None:
    """Give what to raise where the answer to a request could not be read; None where that is the error as it stands.

    `label` names the request, "" where none was sent.
    """
    if not label:
        return None
    if is_defect(error):
        words = f"Trunkline could not read the answer ({type(error).__name__}), which is a defect of Trunkline"
        return None if reads else rest.malformed(label, words, reads=reads)
    # Only our own words are sure to hold no part of the answer.
    named = type(error) in (ValueError, Moved)
    words = str(error) if named else f"the answer is not as documented ({type(error).__name__})"
    return rest.malformed(label, words, reads=reads)


def is_defect(error: Exception) -> bool:
    """Whether an exception is one of our own code and cannot come of what a vendor answered.

    A name that does not exist is ours wherever it is missed. So is all that our code raises, since it says by a
    ValueError what is wrong with an answer, unless it misses an attribute of a value that came with the answer.
    """
    if isinstance(error, NameError | ImportError | AssertionError | NotImplementedError):
        return True
    if isinstance(error, ValueError):
        return False
    # Python names what it missed, and in what; an error that code raises by itself names neither.
    if isinstance(error, AttributeError) and error.name is not None and isinstance(error.obj, _ANSWERED):
        return False
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and any(Path(frames[-1].filename).is_relative_to(ours) for ours in _OURS)


# What JSON is made of.
_ANSWERED = (str, int, float, bool, list, dict, type(None))
_OURS = (Path(__file__).parent, Path(trunkline.__file__).parent)
