"""The sandbox as a process of its own, which goes on running after `make demo`."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from demo.background import Service, write
from demo.place import Place
from sandbox.environment import environment


@dataclass(frozen=True, slots=True)
class Running:
    """A sandbox that answers. `vendors`: the settings that point at it."""

    pid: int
    url: str
    vendors: Mapping[str, str]


def ensure(place: Place) -> Running:
    """Give the demo's sandbox, started if it is not running, on the port that it had before where that is free.

    Raises NotStartedError.
    """
    service = _service(place)
    running = service.running()
    if running:
        return _of(running)
    known = service.known()
    url = known["url"] if known and _is_free(known["url"]) else free_url()
    command = [
        str(place.python),
        "-m",
        "sandbox",
        "--port",
        str(urlsplit(url).port),
        "--state",
        str(place.sandbox_state),
    ]
    pid = service.start(command, os.environ, url)
    write(service.record, {"pid": pid, "url": url})
    return Running(pid, url, environment(url))


def recorded(place: Place) -> Running | None:
    """Give the sandbox that was started last, whether it still runs or not."""
    known = _service(place).known()
    return _of(known) if known else None


def stop(place: Place) -> None:
    """Stop the sandbox, if it is this demo's and runs."""
    _service(place).stop()


def free_url() -> str:
    """Give the URL of a loopback port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def _service(place: Place) -> Service:
    return Service("sandbox", place.folder, "/_sandbox/ledger")


def _of(record: Mapping[str, Any]) -> Running:
    return Running(record["pid"], record["url"], environment(record["url"]))


def _is_free(url: str) -> bool:
    try:
        socket.create_server(("127.0.0.1", urlsplit(url).port or 0)).close()
    except OSError:
        return False
    return True
