"""Processes that go on after the command that started them, each with a record of its own in `.demo/`."""

from __future__ import annotations

import json
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_START_SECONDS = 120.0  # on a machine with much other work


class NotStartedError(Exception):
    """A process did not come up; the text has its last words."""


@dataclass(frozen=True, slots=True)
class Service:
    """What is started as `name`. `probe` is the path that answers 200 once it serves."""

    name: str
    folder: Path
    probe: str

    @property
    def record(self) -> Path:
        return self.folder / f"{self.name}.json"

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    def known(self) -> dict[str, Any] | None:
        """Give what was recorded when it was started last, with `pid` and `url`, whether it runs or not."""
        if not self.record.exists():
            return None
        loaded: dict[str, Any] = json.loads(self.record.read_text(encoding="utf-8"))
        return loaded

    def running(self) -> dict[str, Any] | None:
        """Give the record of the running process."""
        known = self.known()
        return known if known and self.answers(known["url"]) else None

    def start(self, command: Sequence[str], environment: Mapping[str, str], url: str) -> int:
        """Start it in a session of its own and wait until `url` answers; give its process id.

        Raises NotStartedError.
        """
        pid = self._spawn(command, environment)
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end and os.waitpid(pid, os.WNOHANG) == (0, 0):
            if self.answers(url):
                return pid
            time.sleep(0.1)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        raise NotStartedError(f"the {self.name} did not start:\n{self.log.read_text(encoding='utf-8')}")

    def stop(self) -> None:
        """Stop it, if it runs and is the one that was recorded."""
        running = self.running()
        if running:
            os.kill(running["pid"], signal.SIGTERM)
        self.record.unlink(missing_ok=True)

    def answers(self, url: str) -> bool:
        try:
            with urllib.request.urlopen(f"{url}{self.probe}", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            return False

    def _spawn(self, command: Sequence[str], environment: Mapping[str, str]) -> int:
        with self.log.open("wb") as log, Path(os.devnull).open("rb") as nothing:
            ends = ((nothing, 0), (log, 1), (log, 2))
            streams = [(os.POSIX_SPAWN_DUP2, source.fileno(), target) for source, target in ends]
            return os.posix_spawn(command[0], list(command), environment, file_actions=streams, setsid=True)


def write(path: Path, record: Mapping[str, Any]) -> None:
    """Write a record that only its owner reads: it may hold a key."""
    path.touch(mode=0o600)
    path.write_text(json.dumps(record), encoding="utf-8")
