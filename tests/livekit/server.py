"""LiveKit's real server on a loopback port, with a Redis of its own, for as long as a test session needs it."""

from __future__ import annotations

import contextlib
import functools
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
import yaml

from sandbox.credentials import LIVEKIT
from toolchain.layout import Layout
from toolchain.livekit_server import cached_livekit_server

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
READY_SECONDS = 60.0
STOP_SECONDS = 60.0
# A free port is known only until somebody else takes it; another attempt takes others.
ATTEMPTS = 3


@dataclass(frozen=True)
class Binaries:
    """The two executables of a real LiveKit: its server, and the Redis that its SIP service stores everything in."""

    livekit: Path
    redis: Path


@dataclass(frozen=True)
class Running:
    """A server that runs: its API's URL, and host:port of the Redis that it keeps everything in."""

    url: str
    redis: str


class MissingError(Exception):
    """An executable is not on this machine; the text names it and the command that provides it."""


class NotReadyError(Exception):
    """A process ended, or did not answer in time; the text has the end of its log."""


def find_binaries(environment: Mapping[str, str] = os.environ) -> Binaries:
    """Find the executables; raises `MissingError`.

    The server is the file that `TRUNKLINE_LIVEKIT_SERVER` names, else the one in the user's cache.
    """
    named = environment.get("TRUNKLINE_LIVEKIT_SERVER")
    livekit = Path(named) if named else cached_livekit_server(Layout.of(ROOT, environment))
    if livekit is None or not livekit.is_file():
        where = f"not at {named} (TRUNKLINE_LIVEKIT_SERVER)" if named else "not in the cache"
        raise MissingError(f"livekit-server is {where}; `make livekit-server` builds it")
    redis = shutil.which("redis-server", path=environment.get("PATH", os.defpath))
    if redis is None:
        raise MissingError("redis-server is not on PATH; `apt-get install redis-server` provides it")
    return Binaries(livekit=livekit, redis=Path(redis))


@contextlib.contextmanager
def running(binaries: Binaries, keys: Mapping[str, str]) -> Iterator[Running]:
    """A server that takes these keys (secrets by API key) and holds nothing yet; stopped on the way out."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="trunkline-livekit-")))
        redis = stack.enter_context(_started(lambda port: _redis(binaries.redis, folder, port), _accepts, folder))
        livekit = stack.enter_context(
            _started(lambda port: _livekit(binaries.livekit, folder, port, redis, keys), _answers, folder)
        )
        yield Running(f"http://{livekit}", redis)


@contextlib.contextmanager
def real_server() -> Iterator[Running]:
    """A server that takes the sandbox's key; skips the test where an executable is missing."""
    try:
        binaries = find_binaries()
    except MissingError as missing:
        pytest.skip(str(missing))
    with running(binaries, {LIVEKIT.api_key: LIVEKIT.api_secret}) as server:
        yield server


@contextlib.contextmanager
def _started(command: Callable[[int], list[str]], ready: Callable[[str], bool], folder: Path) -> Iterator[str]:
    for attempt in range(ATTEMPTS):
        port = _free_port()
        address = f"{HOST}:{port}"
        log = folder / f"{port}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(command(port), stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        try:
            _await(process, functools.partial(ready, address), log)
        except NotReadyError:
            _stop(process)
            if attempt == ATTEMPTS - 1:
                raise
            continue
        try:
            yield address
        finally:
            _stop(process)
        return


def _await(process: subprocess.Popen[bytes], ready: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise NotReadyError(f"{process.args!r} is not ready: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.02)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _redis(executable: Path, folder: Path, port: int) -> list[str]:
    options = {"bind": HOST, "port": port, "save": "", "appendonly": "no", "dir": folder}
    return [str(executable), *(text for name, value in options.items() for text in (f"--{name}", str(value)))]


def _livekit(executable: Path, folder: Path, port: int, redis: str, keys: Mapping[str, str]) -> list[str]:
    config = folder / f"{port}.yaml"
    config.write_text(
        yaml.safe_dump(
            {
                "port": port,
                "bind_addresses": [HOST],
                "redis": {"address": redis},
                "keys": dict(keys),
                "rtc": {"tcp_port": _free_port(), "udp_port": _free_port(), "use_external_ip": False},
                "logging": {"level": "warn"},
            }
        )
    )
    return [str(executable), "--config", str(config), "--node-ip", HOST]


def _accepts(address: str) -> bool:
    host, _, port = address.partition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True


def _answers(address: str) -> bool:
    with contextlib.closing(HTTPConnection(address, timeout=1)) as connection:
        try:
            connection.request("GET", "/")
            return connection.getresponse().status == 200
        except (HTTPException, OSError):
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
