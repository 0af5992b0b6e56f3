"""On the real engine: all lines of a stack move to another one, as docs/scale.md says, after a mistake."""

from __future__ import annotations

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.project import STACK, Project, Run

pytestmark = pytest.mark.engine

SEARCH = "search: {country: GB, type: mobile}"
FILE = f"""\
version: 1
agents: {{support: {{agent_name: support-agent}}}}
numbers:
  near: {{provider: vonage, {SEARCH}, agent: support, stacks: [{STACK}]}}
  exact: {{provider: vonage, phone_number: "+447400551233", agent: support, stacks: [{STACK}]}}
"""
MARKED = FILE.replace(f"stacks: [{STACK}]", f"stacks: [{STACK}], removal: keep")
HURRIED = FILE.replace(f"[{STACK}]", "[eu]")


def up(project: Project, stack: str, text: str, *, code: int = 0) -> Run:
    project.write_inventory(text)
    return project.engine("up", "--yes", "--skip-preview", "--stack", stack, code=code)


def test_they_move_with_their_numbers_and_the_stack_that_has_none_left_ends_as_it_is_told(
    make_project: MakeProject,
) -> None:
    project = make_project(FILE)
    up(project, STACK, FILE)
    number = project.outputs()["lines"]["near"]["phoneNumber"]
    charges, mark = project.sandbox.ledger.charges(), project.sandbox.journal.mark()
    project.pulumi("stack", "init", "eu")

    early = up(project, "eu", HURRIED, code=1).errors
    assert f'line "near": it searches for a number, and {number} is line "near" of fleet "trunkline/{STACK}"' in early
    up(project, STACK, MARKED)
    assert project.writes(mark) == []
    moved = HURRIED.replace(SEARCH, f'phone_number: "{number}"').replace("[eu]", "[eu], adopt: true")
    told = up(project, STACK, moved, code=1).errors
    assert "ends with `pulumi destroy --run-program=false`, once its lines' marks are applied" in told
    project.engine("destroy", "--yes", "--skip-preview", "--stack", STACK, "--run-program=false")
    up(project, "eu", moved)

    assert (project.sandbox.ledger.charges(), project.sandbox.ledger.releases()) == (charges, [])
    project.engine("preview", "--expect-no-changes", "--stack", "eu")
