"""Fixtures for trying the toolchain: a working copy in a temporary directory, and a project for the real engine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import processes
from tests.toolchain.scratch_project import REPOSITORY, Project
from toolchain.environment import pulumi_environment
from toolchain.layout import Layout

SCRATCH = Path(__file__).parent / "scratch"


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A working copy that has nothing yet, with a cache of its own."""
    root = tmp_path / "repo"
    root.mkdir()
    return Layout(root=root, cache=tmp_path / "cache")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """The scratch project with the stack `dev`, for the engine that `make setup` gave this working copy.

    Whatever it started has ended after the test.
    """
    if not (Layout.of(REPOSITORY).bin / "pulumi").exists():
        pytest.skip("no engine: run `make setup`")
    directory = tmp_path / "scratch"
    shutil.copytree(SCRATCH, directory)
    (tmp_path / "state").mkdir()
    chosen = {
        "PULUMI_BACKEND_URL": f"file://{tmp_path}/state?metadata=skip",
        "PULUMI_CONFIG_PASSPHRASE": "scratch",
        "PULUMI_HOME": str(tmp_path / "home"),
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
    scratch = Project(directory, pulumi_environment(REPOSITORY, {**inherited, **chosen, **processes.mark()}))
    try:
        scratch.pulumi("stack", "init", "dev")
        scratch.pulumi("config", "set", "greeting", "hello")
        scratch.pulumi("config", "set", "--secret", "password", "swordfish")
        yield scratch
    finally:
        processes.end_all()
