"""The sandbox as a process of its own, which goes on running after `make demo`."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from demo.place import Place

_START_SECONDS = 20.0


class SandboxFailedError(Exception):
    """The sandbox did not come up; the text has its last words."""


@dataclass(frozen=True, slots=True)
class Running:
    """A sandbox that answers. `vendors`: the settings that point at it."""

    pid: int
    url: str
    vendors: Mapping[str, str]


def ensure(place: Place) -> Running:
    """Give the demo's sandbox, started if it is not running, on the port that it had before where that is free.

    Raises SandboxFailedError.
    """
    known = recorded(place)
    if known and _answers(known.url):
        return known
    port = int(known.url.rpartition(":")[2]) if known else 0
    running = _start(place, port) or _start(place, 0)
    if running is None:
        raise SandboxFailedError(f"the sandbox did not start:\n{place.sandbox_log.read_text(encoding='utf-8')}")
    record = {"pid": running.pid, "url": running.url, "vendors": running.vendors}
    place.sandbox_record.write_text(json.dumps(record), encoding="utf-8")
    return running


def stop(place: Place) -> None:
    """Stop the sandbox, if it is this demo's and runs."""
    known = recorded(place)
    if known and _answers(known.url):
        os.kill(known.pid, signal.SIGTERM)
    place.sandbox_record.unlink(missing_ok=True)


def recorded(place: Place) -> Running | None:
    if not place.sandbox_record.exists():
        return None
    return Running(**json.loads(place.sandbox_record.read_text(encoding="utf-8")))


def _start(place: Place, port: int) -> Running | None:
    pid = _spawn(place, port)
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and os.waitpid(pid, os.WNOHANG) == (0, 0):
        vendors = _printed(place.sandbox_log)
        url = vendors.get("LIVEKIT_URL", "")
        if "LIVEKIT_SIP_URI" in vendors and _answers(url):
            return Running(pid, url, vendors)
        time.sleep(0.1)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return None


def _spawn(place: Place, port: int) -> int:
    """Start the sandbox in a session of its own, as a process that outlives this one; give its id."""
    python = str(place.root / ".venv" / "bin" / "python")
    command = [python, "-m", "sandbox", "--port", str(port), "--state", str(place.sandbox_state)]
    with place.sandbox_log.open("wb") as log, Path(os.devnull).open("rb") as nothing:
        streams = [
            (os.POSIX_SPAWN_DUP2, source.fileno(), target) for source, target in ((nothing, 0), (log, 1), (log, 2))
        ]
        return os.posix_spawn(python, command, os.environ, file_actions=streams, setsid=True)


def _printed(log: Path) -> dict[str, str]:
    """Read the settings that the sandbox prints once it serves."""
    lines = log.read_text(encoding="utf-8").splitlines()
    pairs = (line.removeprefix("export ").partition("=") for line in lines if line.startswith("export "))
    return {name: value for name, _, value in pairs}


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_sandbox/ledger", timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False
