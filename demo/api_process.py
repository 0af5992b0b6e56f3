"""The read-only API over the demo's stack, with a key that works, as a process of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from demo.background import NotStartedError, Service, write
from demo.place import STACK, Place
from demo.sandbox_process import free_url


@dataclass(frozen=True, slots=True)
class Running:
    """An API that answers. `key` is an admin's; it opens nothing but this demo."""

    url: str
    key: str


def ensure(place: Place, environment: Mapping[str, str]) -> Running:
    """Give the demo's API, started if it is not running. Raises NotStartedError."""
    service = _service(place)
    running = service.running()
    if running:
        return Running(running["url"], running["key"])
    variables = {**environment, "TRUNKLINE_KEYS_FILE": str(place.folder / "keys.json")}
    key = _key(place, variables)
    url = free_url()
    port = str(urlsplit(url).port)
    command = [str(place.trunkline), "serve", "--stack", STACK, "--port", port, "--cwd", str(place.root)]
    pid = service.start(command, variables, url)
    write(service.record, {"pid": pid, "url": url, "key": key})
    return Running(url, key)


def stop(place: Place) -> None:
    """Stop the API, if it is this demo's and runs."""
    _service(place).stop()


def _service(place: Place) -> Service:
    return Service("api", place.folder, "/healthz")


def _key(place: Place, variables: Mapping[str, str]) -> str:
    (place.folder / "keys.json").unlink(missing_ok=True)
    command = [str(place.trunkline), "keys", "create", "--role", "admin", "--name", "demo"]
    done = subprocess.run(command, cwd=place.root, env=variables, capture_output=True, text=True, check=False)
    key = next((word for word in done.stdout.split() if word.startswith("tl_")), "")
    if done.returncode or not key:
        raise NotStartedError(f"no key for the API was made:\n{done.stderr or done.stdout}")
    return key
