"""The log of a vendor that does not let us in is short, however many lines the fleet has."""

from __future__ import annotations

import re

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.inventories import many
from tests.engine.project import Project

pytestmark = pytest.mark.engine

SHORT = 20
WRONG = {
    "twilio": {"TWILIO_AUTH_TOKEN": "0" * 32},
    "vonage": {"VONAGE_API_SECRET": "Wrong000000000001"},
    "livekit": {"LIVEKIT_API_SECRET": "w" * 36},
}
# Of what it reads without the program, as before every `destroy`, the engine (3.274.1) prints two lines for each
# resource and goes on after an error, but not with `--diff`.
DESTROY = ("destroy", "--yes", "--skip-preview")
COMMANDS = {
    "preview": ("preview",),
    "up": ("up", "--yes"),
    "up without a preview": ("up", "--yes", "--skip-preview"),
    "refresh": ("refresh", "--yes", "--skip-preview"),
    "destroy": (*DESTROY, "--diff"),
}

READ = re.compile(r" ~ +\S+ \S+ refresh(ing)? (\([\d.]+s\) )?$")


@pytest.fixture(scope="module")
def project(make_project: MakeProject) -> Project:
    """Lines of which each has five resources: more than the log may have lines, at each of the vendors."""
    made = make_project(many(twilio=8, vonage=8, custom=8))
    made.up()
    return made


@pytest.mark.parametrize("command", ["preview", "up without a preview"])
def test_so_is_that_of_a_first_update(make_project: MakeProject, command: str) -> None:
    run = make_project(many(twilio=8, vonage=8, custom=8)).pulumi(*COMMANDS[command], code=1, **WRONG["twilio"])
    assert len(run.lines) <= SHORT, run.text


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("vendor", WRONG)
def test_the_log_of_a_wrong_credential_is_short(project: Project, vendor: str, command: str) -> None:
    run = project.pulumi(*COMMANDS[command], code=1, **WRONG[vendor])
    assert len(run.lines) <= SHORT, run.text
    told = {line.partition("error: ")[2].removeprefix("Preview failed: ") for line in run.text.splitlines()}
    assert len([line for line in told if f"{vendor}: " in line]) == 1, run.text


def test_so_is_that_of_a_destroy_where_the_environment_asks_for_what_is_changed_alone(project: Project) -> None:
    run = project.pulumi(*DESTROY, code=1, PULUMI_OPTION_DIFF="true", **WRONG["twilio"])
    assert len(run.lines) <= SHORT, run.text


@pytest.mark.parametrize("more", [(), ("--run-program",)], ids=["plain", "with the program"])
@pytest.mark.parametrize("vendor", WRONG)
def test_that_of_a_destroy_without_diff_has_the_engine_s_lines_of_what_it_reads_beside(
    project: Project, vendor: str, more: tuple[str, ...]
) -> None:
    run = project.pulumi(*DESTROY, *more, code=1, **WRONG[vendor])
    own = [line for line in run.lines if not READ.match(line)]
    assert len(own) <= SHORT, run.text
    assert len({line.partition("error: ")[2] for line in own if f"error: {vendor}: " in line}) == 1, run.text
