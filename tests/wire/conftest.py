"""A served sandbox and a configured provider process for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import Sandbox, SandboxServer
from sandbox.environment import environment
from tests.wire.provider_process import ProviderProcess


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer(Sandbox()) as serving:
        yield serving


@pytest.fixture
def sandbox(server: SandboxServer) -> Sandbox:
    return server.sandbox


@pytest.fixture
def another(server: SandboxServer, tmp_path: Path) -> Iterator[ProviderProcess]:
    """A process of a later run."""
    (tmp_path / "later").mkdir()
    with ProviderProcess("ours", tmp_path / "later", environment(server.url)) as process:
        process.configure()
        yield process


@pytest.fixture(params=["ours"])
def provider(request: pytest.FixtureRequest, server: SandboxServer, tmp_path: Path) -> Iterator[ProviderProcess]:
    """A process of our launcher; tests that try the official one too parametrize this."""
    with ProviderProcess(request.param, tmp_path, environment(server.url)) as process:
        process.configure()
        yield process
