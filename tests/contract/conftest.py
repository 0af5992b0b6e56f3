"""What the contracts of LiveKit's adapters are held against beside the sandbox."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.credentials import LIVEKIT
from tests.livekit.server import MissingError, find_binaries, running


@pytest.fixture(scope="module")
def server_url() -> Iterator[str]:
    """A real livekit-server's URL; skips where its executables are missing."""
    try:
        binaries = find_binaries()
    except MissingError as missing:
        pytest.skip(str(missing))
    with running(binaries, {LIVEKIT.api_key: LIVEKIT.api_secret}) as server:
        yield server.url
