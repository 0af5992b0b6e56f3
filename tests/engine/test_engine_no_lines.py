"""A file without lines needs no credentials: in the first update, and in each after it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.project import Project

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
    assert_all_commands_work(without_credentials(make_project(NONE)))


def test_a_stack_whose_last_line_went_is_too(make_project: MakeProject) -> None:
    project = make_project(ONE)
    project.up()
    project.up(NONE)
    assert project.sandbox.livekit.dispatch_rules() == ()

    assert_all_commands_work(without_credentials(project))

    assert [entry.number for entry in project.sandbox.ledger.releases()] == ["+447400123456"]
