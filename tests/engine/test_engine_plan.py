"""The page of each kind of plan, from real previews, in the three formats."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from dataclasses import dataclass

import pytest

from tests.engine import plan_walk
from tests.engine.conftest import MakeProject
from tests.engine.inventories import START
from tests.engine.project import SECRETS, STACK
from trunkline.cli import plan
from trunkline.review import Page

pytestmark = pytest.mark.engine


@dataclass(frozen=True, slots=True)
class Walk:
    """Every page, as a reader gets it in each format; and the command's own code and page at the end."""

    pages: dict[str, Page]
    written: dict[str, str]
    code: int
    printed: str


@pytest.fixture(scope="module")
def walk(make_project: MakeProject) -> Walk:
    project = make_project(START)
    pages: dict[str, Page] = {}
    found: dict[str, str] = {}
    written: dict[str, str] = {}
    for kind, page in plan_walk.pages(project):
        pages[kind] = page
        found |= plan_walk.searched(page, project)
        written |= {f"{kind}.{ending}": shown for ending, shown in plan_walk.written(page, found).items()}
    with redirect_stdout(printed := io.StringIO()):
        code = plan.main(("--stack", STACK, "--cwd", str(project.directory)), project.environment)
    return Walk(pages, written, code, printed.getvalue())


def test_each_kind_of_plan_reads_as_it_was_accepted(walk: Walk) -> None:
    """If one should change: `python -m tests.engine.plan_walk`, and review the difference."""
    accepted = {path.name: path.read_text(encoding="utf-8") for path in plan_walk.ACCEPTED.iterdir()}
    assert walk.written == accepted


def test_no_page_holds_a_secret(walk: Walk) -> None:
    assert [name for name, shown in walk.written.items() if any(secret in shown for secret in SECRETS.values())] == []


def test_the_command_prints_the_page_and_says_by_its_code_that_something_changes(walk: Walk) -> None:
    said = f"Plan of stack {STACK}: 1 changed, 2 not there as it should be."
    assert (walk.code, walk.printed.splitlines()[0]) == (2, said)
