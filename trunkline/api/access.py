"""The record of every access: structured, and without anything that opens a door."""

from __future__ import annotations

import json
import logging
import re
from collections import deque
from collections.abc import Sequence
from itertools import count

from msgspec import Struct
from msgspec.structs import asdict

_log = logging.getLogger("trunkline.access")

# What looks like a key or a token is taken out of a path, where somebody pasted it by mistake.
_CREDENTIAL = re.compile(r"tl_[0-9A-Za-z]{8,}|eyJ[0-9A-Za-z_-]{8,}[0-9A-Za-z_.-]*")
_PATH = 200  # characters of a path or a query that are kept


class Access(Struct, frozen=True, kw_only=True):
    """One request: when it came (RFC 3339), who asked ("" unknown), and how it was answered.

    `reason` is why it was refused: a problem's code, and the rule that a credential broke. `query` holds the parameters
    that the endpoint knows, as they were understood; it is for administrators, and is left out of the log, which goes
    further.
    """

    time: str
    request: str
    who: str
    role: str
    via: str
    address: str
    method: str
    path: str
    status: int
    milliseconds: float
    reason: str = ""
    query: str = ""


class AccessLog:
    """Writes each access to the logger `trunkline.access` as one JSON object, and keeps the newest `kept` of two sorts.

    What was read and what was refused are kept apart, so that nobody can push the reads out by being refused.
    """

    def __init__(self, kept: int = 1000) -> None:
        self._order = count()
        self._read: deque[tuple[int, Access]] = deque(maxlen=kept)
        self._refused: deque[tuple[int, Access]] = deque(maxlen=kept)

    def write(self, access: Access, *, keep: bool) -> None:
        """Record one access; `keep` says whether an auditor may ask for it."""
        if keep:
            sort = self._refused if access.reason else self._read
            sort.append((next(self._order), access))
        if _log.isEnabledFor(logging.INFO):
            document = asdict(access)
            del document["query"]
            _log.info("%s", json.dumps(document))

    def newest(self) -> Sequence[Access]:
        """Give what is kept, newest first."""
        together = sorted((*self._read, *self._refused), key=lambda item: item[0], reverse=True)
        return tuple(access for _, access in together)


def redacted(text: str) -> str:
    """Give a path or a query fit for the record."""
    return _CREDENTIAL.sub("***", text[:_PATH]) if "tl_" in text or "eyJ" in text else text[:_PATH]
