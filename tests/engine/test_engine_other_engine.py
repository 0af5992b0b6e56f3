"""A state that another version of the engine wrote opens, either way, and an update writes nothing at a vendor.

The other one is what an earlier `make setup` left in the user's cache; where there is none, this is skipped.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.inventories import START
from tests.engine.project import REPOSITORY, Project
from tests.engine.stage import edited
from toolchain import built_pulumi
from toolchain.layout import Layout, machine
from trunkline.state import checkpoint

pytestmark = pytest.mark.engine

LAYOUT = Layout.of(REPOSITORY)
NOW = built_pulumi.engine_version(LAYOUT.engine_sources / "go.mod")
OTHERS: list[Path | None] = [
    path
    for path in sorted(LAYOUT.cache.glob(f"pulumi-v*-{machine()}-*/pulumi"))
    if not path.parent.name.startswith(f"pulumi-{NOW}-")
]


@pytest.fixture(scope="module", params=OTHERS or [None], ids=lambda path: path.parent.name if path else "none")
def projects(
    request: pytest.FixtureRequest, make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Project, Project]:
    """One project under the other engine, which has made it, and under the one that is set up."""
    if request.param is None:
        pytest.skip(f"no engine but {NOW} is in {LAYOUT.cache}")
    project = make_project(START)
    former = replace(project, environment=_with(request.param, tmp_path_factory.mktemp("former"), project))
    versions = [each.pulumi("version").text for each in (former, project)]
    assert versions[0] != versions[1]
    former.up()
    return former, project


def _with(engine: Path, folder: Path, project: Project) -> dict[str, str]:
    """Give the environment in which `pulumi` is that engine, with our launchers beside it."""
    shutil.copy(engine, folder / "pulumi")
    for name, text in built_pulumi.launchers(LAYOUT).items():
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o755)
    path = os.pathsep.join((str(folder), project.environment["PATH"]))
    return {**project.environment, "PATH": path}


def test_what_one_wrote_the_other_opens_and_writes_nothing(projects: tuple[Project, Project]) -> None:
    former, project = projects
    mark = project.sandbox.journal.mark()
    assert project.preview("--expect-no-changes").steps == []
    assert project.up().steps == []
    assert former.preview("--expect-no-changes").steps == []
    assert former.up().steps == []
    assert project.writes(mark) == []


def test_what_either_wrote_is_read_alike(projects: tuple[Project, Project]) -> None:
    former, project = projects
    former.up(edited(START, "agent: sales\n", "agent: support\n"))
    state = project.directory / "state/.pulumi/stacks/trunkline/test.json"
    theirs = checkpoint.parse(state.read_bytes())
    project.up()
    assert checkpoint.parse(state.read_bytes()) == theirs
