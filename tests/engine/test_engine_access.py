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
    # What stops a refresh that runs the program the engine says twice, in a preview once behind words of its own.
    told = [line.removeprefix("Preview failed: ") for line in told]
    assert [bool(REFUSED.search(line)) for line in dict.fromkeys(told)].count(True) == 1, run.errors
    assert "Check TWILIO_ACCOUNT_SID with TWILIO_AUTH_TOKEN" in run.errors
    assert project.writes(mark) == []


BY_THE_PROGRAM = "the inventory needs livekit, but LIVEKIT_API_KEY is not set"
BY_THE_PROVIDER = "livekit has no credentials here: LIVEKIT_API_KEY not set. Nothing was changed."


@pytest.mark.parametrize(
    ("command", "runs_program", "said"),
    [
        ("refresh", "true", BY_THE_PROGRAM),
        ("refresh", "false", BY_THE_PROVIDER),
        ("destroy", "true", BY_THE_PROVIDER),
        ("destroy", "false", BY_THE_PROVIDER),
    ],
)
def test_a_missing_key_fails_too_and_is_named(project: Project, command: str, runs_program: str, said: str) -> None:
    bare = replace(project, environment={n: v for n, v in project.environment.items() if n != "LIVEKIT_API_KEY"})
    run = bare.engine(*COMMANDS[command], code=1, PULUMI_RUN_PROGRAM=runs_program)
    assert len(run.errors.splitlines()) <= 3, run.errors
    assert run.errors.count(said) == 1
    assert project.preview().steps == []
