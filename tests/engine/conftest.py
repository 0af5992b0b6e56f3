"""What every test on the real engine needs: projects, each with a sandbox of its own, for all tests of one module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from sandbox import Sandbox, SandboxServer
from tests.engine.project import REPOSITORY, Project
from tests.support import processes
from toolchain.layout import Layout

MakeProject = Callable[..., Project]


@pytest.fixture(scope="module")
def make_project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeProject]:
    """Make a project with a stack and a served sandbox: `make_project(inventory, **secrets)`."""
    if not (Layout.of(REPOSITORY).bin / "pulumi").exists():
        pytest.skip("no engine: run `make setup`")
    with ExitStack() as stack:
        stack.callback(processes.end_all)

        def make(inventory: str, **secrets: str) -> Project:
            server = stack.enter_context(SandboxServer(Sandbox()))
            return Project.create(tmp_path_factory.mktemp("project"), server, inventory, **secrets)

        yield make
