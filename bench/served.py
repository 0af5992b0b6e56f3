"""The servers that are measured, and single requests to them."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FIRST = "/sip/line-000000"  # which a fleet of any size has


@contextlib.contextmanager
def served(kind: str, lines: int, stack: str = "") -> Iterator[Mapping[str, str]]:
    """Start a server on the first core; give what it says of itself: port, key, token."""
    command = [sys.executable, "-m", "bench.api_server", kind, str(lines), stack]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, cwd=ROOT)
    os.sched_setaffinity(process.pid, {min(os.sched_getaffinity(0))})
    try:
        said = json.loads(process.stdout.readline() if process.stdout else b"")
        if kind != "bare":
            _await_version(said["port"])
        yield {**said, "pid": str(process.pid)}
    finally:
        process.terminate()
        process.communicate()


def _await_version(port: int) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz").close()
            return
        time.sleep(0.1)
    raise SystemExit("the server had nothing to serve within a minute")


def json_of(api: Mapping[str, str], path: str) -> Any:
    return json.loads(body(api, path))


def body(api: Mapping[str, str], path: str) -> bytes:
    request = urllib.request.Request(f"http://127.0.0.1:{api['port']}{path}", headers={"X-API-Key": api["key"]})
    with urllib.request.urlopen(request) as answer:  # noqa: S310 (our own server)
        body: bytes = answer.read()
    return body


def taken(api: Mapping[str, str], path: str) -> float:
    """Ask once, and give the seconds that the answer took."""
    started = time.perf_counter()
    body(api, path)
    return time.perf_counter() - started


def await_history(api: Mapping[str, str]) -> None:
    """Wait until it is known what each update of the stack changed."""
    for _ in range(4800):
        if json_of(api, f"{FIRST}/history")["complete"]:
            return
        time.sleep(0.25)
    raise SystemExit("the history was not read within twenty minutes")
