"""A vendor that does not let us in: one error, on every command, and not a line more for each resource."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.inventories import START
from tests.engine.project import Project

pytestmark = pytest.mark.engine

REFUSED = re.compile(r"twilio: GET \S+: Authenticate")
COMMANDS = {
    "up": ("up", "--yes", "--skip-preview"),
    "preview": ("preview",),
    "refresh": ("refresh", "--yes", "--skip-preview"),
    "destroy": ("destroy", "--yes", "--skip-preview"),
}


@pytest.fixture(scope="module")
def project(make_project: MakeProject) -> Project:
    made = make_project(START)
    made.up()
    return made


@pytest.mark.parametrize("command", COMMANDS)
def test_a_wrong_token_is_one_error_that_names_vendor_and_variable(project: Project, command: str) -> None:
    mark = project.sandbox.journal.mark()
    run = project.engine(*COMMANDS[command], code=1, TWILIO_AUTH_TOKEN="0" * 32)
    # Beside the errors there are only the engine's own words on how far it has come, with each resource.
    told = run.errors.splitlines()
    assert len(told) <= 3, run.errors
    # Which of its requests comes first is the engine's choice: it reads several resources at a time.
    assert [bool(REFUSED.search(line)) for line in told].count(True) == 1, run.errors
    assert "Check TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN" in run.errors
    assert project.writes(mark) == []


@pytest.mark.parametrize("command", ["refresh", "destroy"])
def test_a_missing_key_fails_too_and_is_named(project: Project, command: str) -> None:
    bare = replace(project, environment={n: v for n, v in project.environment.items() if n != "LIVEKIT_API_KEY"})
    run = bare.engine(*COMMANDS[command], code=1)
    assert len(run.errors.splitlines()) <= 3, run.errors
    assert run.errors.count("livekit has no credentials here: LIVEKIT_API_KEY not set. Nothing was changed.") == 1
    assert project.preview().steps == []
