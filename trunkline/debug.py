"""`TRUNKLINE_DEBUG`: a file in which each vendor request and each traceback of a provider process stands.

No secret is written: of a request there is no header, no query and no body, and tracebacks go through the redaction.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from trunkline.errors import Problem, SettingsError
from trunkline.redaction import Redaction

VARIABLE = "TRUNKLINE_DEBUG"
# Where the vendors name the request that an answer belongs to, which their support asks for.
_REQUEST_ID = ("request-id", "trace-id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request as it was sent, and what came back: `status` is None where no answer came, `lost` says why.

    `path` is without query and account; `request_id` is the vendor's name for the request, "" where it gave none.
    """

    vendor: str
    method: str
    path: str
    seconds: float
    status: int | None = None
    request_id: str = ""
    lost: str = ""

    def __str__(self) -> str:
        answer = str(self.status) if self.status is not None else f"no answer ({self.lost})"
        words = (self.vendor, self.method, self.path, answer, f"{self.seconds:.3f}s", self.request_id)
        return _printable(" ".join(word for word in words if word))


def request_id(headers: Mapping[str, str]) -> str:
    """Give the vendor's name for a request, from the headers of its answer."""
    # A vendor's own name for it comes before that which a proxy gave.
    named = sorted((name.lower() == "x-request-id", name.lower(), value) for name, value in headers.items())
    return next((value for _, name, value in named if name.endswith(_REQUEST_ID)), "")


@dataclass(frozen=True, slots=True)
class DebugLog:
    """Appends to the file, whose lines begin with time and process; several processes may write at once."""

    path: Path
    redaction: Redaction
    now: Callable[[], float] = time.time

    @classmethod
    def of(cls, environ: Mapping[str, str], redaction: Redaction) -> DebugLog | None:
        """Give the log that the environment asks for, None where it asks for none.

        Raises SettingsError where the path is not absolute (the engine starts its processes in folders of its own), or
        cannot be written to.
        """
        name = environ.get(VARIABLE, "")
        if not name:
            return None
        log = cls(Path(name), redaction)
        if not log.path.is_absolute():
            raise _unusable(f"{VARIABLE} is {name}, which is no absolute path")
        try:
            log._append("")
        except OSError as error:
            raise _unusable(f"{VARIABLE}: {name} cannot be written: {error.strerror}") from None
        return log

    def note(self, exchange: Exchange) -> None:
        """Write a request down."""
        self.write(str(exchange))

    def write(self, text: str) -> None:
        """Write a text down, each of its lines by itself. A disk that is full meanwhile stops no update."""
        stamp = f"{datetime.fromtimestamp(self.now(), UTC):%Y-%m-%dT%H:%M:%S.%f}Z {os.getpid()}"
        lines = map(_printable, self.redaction(text).splitlines())
        try:
            self._append("".join(f"{stamp} {line}\n" for line in lines))
        except OSError:
            return

    def _append(self, text: str) -> None:
        # One write to a file opened for appending: lines of several processes do not mix. For its owner's eyes alone.
        file = os.open(self.path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
        try:
            os.write(file, text.encode())
        finally:
            os.close(file)


def _printable(text: str) -> str:
    """Give a text as one line that moves no cursor: a vendor's headers may hold anything."""
    return "".join(mark if mark.isprintable() else " " for mark in text)


def _unusable(message: str) -> SettingsError:
    fix = f"name a file in a folder that exists, as in {VARIABLE}=$PWD/trunkline-debug.log, or unset it"
    return SettingsError([Problem(rule="malformed-setting", message=message, fix=fix)])
