"""On the real engine: one outage is one error, and one of a carrier that nothing uses is a notice."""

from __future__ import annotations

import pytest

from sandbox.faults import Fault
from tests.engine.conftest import MakeProject
from tests.engine.project import Project

pytestmark = pytest.mark.engine

LINES = """\
version: 1
agents:
  support: {agent_name: support-agent}
numbers:
  one: {provider: vonage, phone_number: "+447400123456", agent: support}
  two: {provider: vonage, phone_number: "+447400123501", agent: support}
"""


@pytest.fixture(scope="module")
def project(make_project: MakeProject) -> Project:
    made = make_project(LINES)
    made.up()
    return made


@pytest.mark.parametrize("flags", [(), ("--refresh=false",)], ids=["with a refresh", "without a refresh"])
def test_a_carrier_that_lines_use_stops_every_command_with_one_error(project: Project, flags: tuple[str, ...]) -> None:
    project.sandbox.faults.add(Fault("status", status=401, vendor="vonage", times=None))
    mark = project.sandbox.journal.mark()

    run = project.engine("up", "--yes", "--skip-preview", *flags, code=1)

    project.sandbox.faults.clear()
    # What a read raises the engine (3.259.0) prints twice, under the same resource.
    told = [line for line in run.errors.splitlines() if "HTTP 401" in line]
    assert (len(set(told)), len(told) <= (1 if flags else 2)) == (1, True)
    assert project.writes(mark) == []
    project.preview("--expect-no-changes")


def test_a_carrier_that_nothing_uses_is_told_and_the_edit_is_made(project: Project) -> None:
    project.sandbox.faults.add(Fault("status", status=401, vendor="twilio", times=None))

    run = project.up(LINES.replace("support-agent", "other-agent"))

    project.sandbox.faults.clear()
    said = [event["diagnosticEvent"]["message"] for event in run.events if "diagnosticEvent" in event]
    assert len([each for each in said if "twilio did not say what it holds" in each]) == 1
    assert [step.split()[:2] for step in run.steps] == [["update", "DispatchRule"]] * 2
