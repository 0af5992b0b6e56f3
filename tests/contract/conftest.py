"""What the contracts of LiveKit's adapters are held against beside the sandbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.livekit.server import real_server


@pytest.fixture(scope="module")
def server_url() -> Iterator[str]:
    """A real livekit-server's URL; skips where its executables are missing."""
    with real_server() as server:
        yield server.url
