"""LiveKit's real server, for the tests that ask it and not our emulator: built with Go once per user."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from toolchain.cache import cached
from toolchain.command import Say, SetupFailure, run_go
from toolchain.layout import Layout, machine

MODULE = "github.com/livekit/livekit-server/cmd/server"
VERSION = "v1.13.5"


def cached_livekit_server(layout: Layout) -> Path | None:
    """The server's executable if it was built before, else None: what a test asks to know whether it must skip."""
    executable = _directory(layout) / "livekit-server"
    return executable if executable.is_file() else None


def ensure_livekit_server(layout: Layout, say: Say) -> Path:
    """Give the server's executable, built first if it is not in the user's cache. Raises SetupFailure."""

    def build(directory: Path) -> None:
        say(f"Building LiveKit's server {VERSION} with Go; this takes some minutes, once per user")
        run_go(
            ("install", "-trimpath", "-ldflags", "-s -w", f"{MODULE}@{VERSION}"),
            doing="building LiveKit's server",
            say=say,
            cwd=directory,
            variables={"GOBIN": str(directory)},
        )
        (directory / "server").rename(directory / "livekit-server")

    directory = _directory(layout)
    return cached(directory.parent, directory.name, build=build) / "livekit-server"


def find_redis_server(environment: Mapping[str, str] = os.environ) -> Path:
    """Give `redis-server`, in which LiveKit's server keeps SIP trunks. Raises SetupFailure where it is missing."""
    found = shutil.which("redis-server", path=environment.get("PATH", os.defpath))
    if found is None:
        raise SetupFailure(
            "LiveKit's server keeps SIP trunks in Redis, and there is no `redis-server` on PATH. On Debian and Ubuntu: "
            "apt-get install redis-server"
        )
    return Path(found)


def _directory(layout: Layout) -> Path:
    return layout.cache / f"livekit-server-{VERSION}-{machine()}"
