"""A vendor that takes ten requests a second and says 429 to the rest, without a word on when to come again.

`python -m bench.storm SECONDS` is one storm. It mostly waits, so it blows beside what is counted and not timed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path

from providers.calls import Policy
from providers.dynamic.workers import WORKERS
from providers.registry import connect
from sandbox import Sandbox, SandboxServer
from sandbox.environment import environment
from sandbox.request import Request
from sandbox.world import Answer
from trunkline.e164 import E164
from trunkline.errors import Throttled
from trunkline.settings import Settings

RATE, BURST = 10.0, 10.0
_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Weathered:
    """`used` of what was allowed; `refused` of all requests; `failed` calls that ended with an error."""

    used: float
    refused: float
    failed: int


@dataclass
class _Limit:
    left: float = BURST
    at: float = field(default_factory=time.monotonic)
    taken: int = 0
    refused: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def takes(self) -> bool:
        with self.lock:
            now = time.monotonic()
            self.left, self.at = min(BURST, self.left + (now - self.at) * RATE), now
            taken = self.left >= 1
            self.left -= taken
            self.taken += taken
            self.refused += not taken
            return taken


class _Limited(Sandbox):
    def __init__(self) -> None:
        super().__init__()
        self.limit = _Limit()

    def handle(self, request: Request) -> Answer:
        return super().handle(request) if self.limit.takes() else self.carriers["twilio"].failure(429)


def weather(seconds: float) -> Weathered:
    """Let as many callers as a provider process has look numbers up, each again at once, for so many seconds."""
    sandbox = _Limited()
    with SandboxServer(sandbox) as server, ThreadPoolExecutor(WORKERS) as pool:
        vendors = connect(Settings.load(environment(server.url), lambda name: None), Policy())
        began, turn = time.monotonic(), count()
        end = began + seconds

        def ask(_: int) -> int:
            failed = 0
            while time.monotonic() < end:
                try:
                    vendors.carriers["twilio"].find(E164.parse(f"+1650{2_000_000 + next(turn)}"))
                except Throttled:
                    failed += 1
            return failed

        failed = sum(pool.map(ask, range(WORKERS)))
        limit, lasted = sandbox.limit, time.monotonic() - began  # calls that are under way at the end end well
    used = limit.taken / (RATE * lasted + BURST)
    return Weathered(used, limit.refused / (limit.taken + limit.refused), failed)


@contextmanager
def blowing(seconds: float) -> Iterator[Callable[[], Weathered]]:
    """Let a storm blow in a process of its own; what is given waits for its end and tells of it.

    A process: the threads of one that works beside it would have to wait for each other.
    """
    words = [sys.executable, "-m", "bench.storm", str(seconds)]
    with subprocess.Popen(words, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:

        def ended() -> Weathered:
            said, _ = process.communicate()
            if process.returncode:
                raise SystemExit(f"the storm ended with exit code {process.returncode}")
            return Weathered(**json.loads(said))

        try:
            yield ended
        finally:
            process.kill()


if __name__ == "__main__":
    print(json.dumps(asdict(weather(float(sys.argv[1])))))
