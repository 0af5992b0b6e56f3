"""A file without lines needs no credentials: in the first update, and in each after it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.project import Project
from tests.engine.reach import Reach

pytestmark = pytest.mark.engine

NONE = "version: 1\nnumbers: {}\n"
ONE = """\
version: 1
agents: {support: {agent_name: support-agent}}
numbers:
  sales: {provider: vonage, phone_number: "+447400123456", agent: support, removal: release}
"""
VENDORS = ("TWILIO_", "VONAGE_", "LIVEKIT_")


def without_credentials(project: Project) -> Project:
    kept = {name: value for name, value in project.environment.items() if not name.startswith(VENDORS)}
    return replace(project, environment=kept)


def assert_all_commands_work(project: Project) -> None:
    for _ in range(2):
        project.up()
    project.preview("--expect-no-changes")
    project.engine("refresh", "--yes", "--skip-preview")
    project.destroy()


def test_a_stack_that_never_had_a_line_is_updated_again_and_again(make_project: MakeProject) -> None:
    project = make_project(NONE)

    assert_all_commands_work(without_credentials(project))

    assert (project.writes(), project.sandbox.ledger.entries) == ([], [])


def test_a_stack_whose_last_line_went_is_too(make_project: MakeProject) -> None:
    project = make_project(ONE)
    project.up()
    reach = Reach(project.sandbox)
    project.up(NONE)
    assert project.sandbox.livekit.dispatch_rules() == ()

    assert_all_commands_work(without_credentials(project))

    assert [one.partition(",")[0] for one in reach.cut] == reach.charged == reach.released == ["+447400123456"]
    assert reach.led_astray == []
