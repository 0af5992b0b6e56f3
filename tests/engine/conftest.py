"""What every test on the real engine needs: projects, each with a sandbox of its own, for all tests of one module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from sandbox import Sandbox, SandboxServer
from tests.engine.day import Day
from tests.engine.project import REPOSITORY, Project
from tests.faults.theatre import Theatre
from tests.support import processes
from toolchain.layout import Layout

MakeProject = Callable[..., Project]
OpenTheatre = Callable[..., Theatre]


@pytest.fixture(scope="module")
def make_project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeProject]:
    """Make a project with a stack and a served sandbox: `make_project(inventory, **secrets)`."""
    demand_engine()
    with ExitStack() as stack:
        stack.callback(processes.end_all)

        def make(inventory: str, **secrets: str) -> Project:
            server = stack.enter_context(SandboxServer(Sandbox()))
            return Project.create(tmp_path_factory.mktemp("project"), server, inventory, **secrets)

        yield make


@pytest.fixture(scope="module")
def open_theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenTheatre]:
    """Open a theatre in an empty world, for a module that prepares its own: `open_theatre(inventory, **secrets)`."""
    demand_engine()
    with ExitStack() as stack:

        def open_one(inventory: str, **secrets: str) -> Theatre:
            theatre = Theatre.open(tmp_path_factory.mktemp("theatre"), inventory, None, **secrets)
            stack.callback(theatre.close)
            return theatre

        yield open_one


@pytest.fixture(scope="module")
def theatre(request: pytest.FixtureRequest, open_theatre: OpenTheatre) -> Theatre:
    """The module's `FILE`, applied: the base `made`."""
    file: str = request.module.FILE
    theatre = open_theatre(file)
    theatre.project.up()
    theatre.keep("made", file)
    return theatre


@pytest.fixture
def day(theatre: Theatre) -> Iterator[Day]:
    """A day that begins at the theatre's first base; whoever was cut off in it was released."""
    day = Day(theatre)
    day.begin(next(iter(theatre.bases)))
    yield day
    day.ends()


def demand_engine() -> None:
    """Skip the test where `make setup` has brought no engine."""
    if not (Layout.of(REPOSITORY).bin / "pulumi").exists():
        pytest.skip("no engine: run `make setup`")
