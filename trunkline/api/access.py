"""The record of every access: structured, and without anything that opens a door."""

from __future__ import annotations

import json
import logging
import re
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass

_log = logging.getLogger("trunkline.access")

# What looks like a key or a token is taken out of a path, where somebody pasted it by mistake.
_CREDENTIAL = re.compile(r"tl_[0-9A-Za-z]{8,}|eyJ[0-9A-Za-z_-]{8,}[0-9A-Za-z_.-]*")
_PATH = 200  # characters of a path that are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One request: when it came (RFC 3339), who asked ("" unknown), and how it was answered.

    The query is left out: what was searched for is the asker's affair, and it may hold what does not belong there.
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


class AccessLog:
    """Writes each access to the logger `trunkline.access` as one JSON object, and keeps the newest `kept`."""

    def __init__(self, kept: int = 1000) -> None:
        self._kept: deque[Access] = deque(maxlen=kept)

    def write(self, access: Access) -> None:
        """Record one access."""
        self._kept.append(access)
        if _log.isEnabledFor(logging.INFO):
            _log.info("%s", json.dumps(asdict(access)))

    def newest(self) -> Sequence[Access]:
        """Give what is kept, newest first."""
        return tuple(reversed(self._kept))


def redacted(path: str) -> str:
    """Give a path fit for the log."""
    return _CREDENTIAL.sub("***", path[:_PATH]) if "tl_" in path or "eyJ" in path else path[:_PATH]
