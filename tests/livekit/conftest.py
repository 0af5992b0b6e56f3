"""The two servers that the suite is held against: the emulator, and a real livekit-server where there is one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox import Sandbox, SandboxServer
from sandbox.credentials import LIVEKIT
from tests.livekit.client import ENCODINGS, Client, Encoding, Post, over_http, token
from tests.livekit.server import real_server


@pytest.fixture(scope="session")
def real() -> Iterator[Post]:
    """A connection to a real livekit-server; skips where its executables are missing."""
    with real_server() as server, over_http(server.url) as post:
        yield post


@pytest.fixture(scope="session")
def emulator() -> Iterator[Post]:
    """A connection to a sandbox."""
    with SandboxServer(Sandbox()) as server, over_http(server.url) as post:
        yield post


@pytest.fixture(params=["emulator", pytest.param("real", marks=pytest.mark.real_livekit)])
def target(request: pytest.FixtureRequest) -> Post:
    """A connection to each server in turn."""
    post: Post = request.getfixturevalue(request.param)
    return post


@pytest.fixture(params=ENCODINGS)
def encoding(request: pytest.FixtureRequest) -> Encoding:
    """Each encoding in turn."""
    value: Encoding = request.param
    return value


@pytest.fixture
def client(target: Post, encoding: Encoding) -> Client:
    """A client of an empty project: each server, in each encoding."""
    made = Client(target, token(LIVEKIT.api_key, LIVEKIT.api_secret), encoding)
    made.empty()
    return made
