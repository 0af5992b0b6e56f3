"""A refused update, and one that fails, leaves the stack's outputs as they were."""

from __future__ import annotations

import pytest

from sandbox import Fault
from tests.engine.conftest import MakeProject
from tests.engine.inventories import START
from tests.engine.project import Project
from tests.engine.stage import edited
from trunkline.audit.checks import findings
from trunkline.audit.fleet import AuditedFleet
from trunkline.state.checkpoint import StackState, parse

pytestmark = pytest.mark.engine

NO_LINES = "version: 1\nnumbers: {}\n"


@pytest.fixture(scope="module")
def project(make_project: MakeProject) -> Project:
    made = make_project(START)
    made.up()
    return made


@pytest.mark.parametrize(
    "refused",
    [NO_LINES, "version: 1\n", edited(START, "provider: vonage", "provider: vonnage")],
    ids=["no lines", "no numbers", "an invalid file"],
)
def test_a_refused_update_leaves_the_outputs_as_they_were(project: Project, refused: str) -> None:
    before = project.outputs()
    assert sorted(before["lines"]) == ["sales-us", "support-gb", "support-us", "uk-office"]
    project.up(refused, code=1)
    assert project.outputs() == before


def test_the_state_keeps_no_folder_of_the_machine_that_ran_but_the_one_of_the_stack_itself(project: Project) -> None:
    """The stack is registered by the SDK, before the program runs."""
    frames = [each["type"] for each in project.resources() if each.keys() & {"stackTrace", "sourcePosition"}]
    assert frames == ["pulumi:pulumi:Stack"]


def test_a_failed_update_drops_no_line(project: Project) -> None:
    before = project.outputs()
    project.sandbox.faults.add(Fault("status", path="UpdateSIPDispatchRule", status=400, times=None))
    project.up(edited(START, "agent: sales\n", "agent: support\n"), code=1)
    project.sandbox.faults.clear()
    assert project.outputs() == before


@pytest.mark.parametrize(
    ("method", "path", "left"),
    [
        ("DELETE", "IncomingPhoneNumbers/", {}),
        (
            "POST",
            "DeleteSIPTrunk",
            {"status": "incomplete", "number_id": "", "dispatch_rule_id": "", "agent": "", "agent_name": ""},
        ),
    ],
    ids=["number", "trunk"],
)
def test_a_line_whose_removal_fails_at_the_vendor_is_told_until_it_is_gone(
    make_project: MakeProject, method: str, path: str, left: dict[str, str]
) -> None:
    project = make_project(START)
    project.up()
    project.up(START.replace(SALES, f"{SALES}    removal: release\n"))
    before = state_of(project).lines["sales-us"]
    project.sandbox.faults.add(Fault("status", path=path, method=method, status=400, times=None))
    without = START.replace(SALES, "")
    project.up(without, code=1)
    # The engine deletes when the program has ended, so the outputs are those of the file; what is held beside is told.
    assert sorted(project.outputs()["lines"]) == OTHERS
    assert told(project) == (sorted(["sales-us", *OTHERS]), ["sales-us"])
    known = {} if not left else {"monthly_cost": None, "removal": "protect"}
    assert state_of(project).lines["sales-us"] == before.model_copy(update={**left, **known})
    project.sandbox.faults.clear()
    project.up(without)
    assert told(project) == (OTHERS, [])


SALES = """\
  sales-us:
    phone_number: "+16505551234"
    agent: sales
    label: Sales, US
"""
OTHERS = ["support-gb", "support-us", "uk-office"]


def state_of(project: Project) -> StackState:
    return parse((project.directory / "state/.pulumi/stacks/trunkline/test.json").read_bytes())


def told(project: Project) -> tuple[list[str], list[str]]:
    """The lines that the API serves, and those that the audit finds in the state alone."""
    state = state_of(project)
    found = findings(AuditedFleet(outputs=state.outputs, differences=state.differences, unlisted=state.unlisted))
    return sorted(state.lines), [finding.subject for finding in found if finding.code == "line-unlisted"]


def test_an_update_that_removes_the_last_line_empties_them(project: Project) -> None:
    released = START.replace("    label:", "    removal: release\n    label:", 3)
    released = edited(
        released, "    agent: support\n  support-gb", "    agent: support\n    removal: release\n  support-gb"
    )
    released = edited(released, "max_releases: 1", "max_releases: 9")
    project.up(released)
    project.up("version: 1\nguard: {max_releases: 9}\nnumbers: {}\n")
    assert (project.outputs()["lines"], project.outputs()["summary"]["lines"]) == ({}, 0)
