"""A line's `verify` command on the real engine: refused where it could not run, and run again after each edit."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.inventories import START
from tests.engine.project import Project
from tests.engine.stage import edited

pytestmark = pytest.mark.engine

PLUGIN = "pulumi-resource-command"
SALES = "+16505551234"
CREDENTIALS = ("TWILIO_AUTH_TOKEN", "VONAGE_API_SECRET", "LIVEKIT_API_SECRET")


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file to which the command writes what it was told."""
    return tmp_path_factory.mktemp("verified") / "heard"


@pytest.fixture(scope="module")
def inventory(heard: Path) -> str:
    command = f"env; env >&2; echo $TRUNKLINE_LINE $TRUNKLINE_PHONE_NUMBER >> {heard}; test ! -e {heard}.refuses"
    return edited(START, "    label: Sales, US\n", f"    label: Sales, US\n    verify: {command!r}\n")


@pytest.fixture(scope="module")
def project(make_project: MakeProject, inventory: str) -> Project:
    return make_project(inventory)


def test_without_the_engine_s_plugin_it_is_refused_before_the_first_write(project: Project, inventory: str) -> None:
    parts = project.environment["PATH"].split(os.pathsep)
    without = os.pathsep.join(part for part in parts if not (Path(part) / PLUGIN).exists())
    refused = project.up(inventory, code=1, PATH=without)
    assert refused.errors.splitlines() == [
        'numbers.yaml:25:5: line "sales-us" has a verify command, but the engine\'s plugin'
        " `command` is not installed [verify-needs-pulumi-command]; run `pulumi plugin install resource command`, or"
        " put pulumi-resource-command on PATH, or take `verify` out",
        "1 problem(s) in the input; nothing was sent to any vendor and nothing was changed",
    ]
    assert project.writes() == []


@pytest.mark.skipif(shutil.which(PLUGIN) is None, reason=f"{PLUGIN} is not on PATH: no verify command can run")
def test_it_runs_once_for_each_change_of_what_it_verifies_and_fails_the_update_by_its_exit_code(
    project: Project, inventory: str, heard: Path
) -> None:
    def times() -> int:
        lines = heard.read_text().splitlines()
        assert set(lines) == {f"sales-us {SALES}"}
        return len(lines)

    project.up(inventory)
    assert times() == 1
    state = (project.directory / "state/.pulumi/stacks/trunkline/test.json").read_text()
    assert [name for name in CREDENTIALS if project.environment[name] in state] == []
    assert project.up(inventory).steps == []
    assert times() == 1
    remapped = edited(inventory, "agent: sales\n", "agent: support\n")
    project.up(remapped)
    assert times() == 2
    quiet = edited(remapped, "    label: Sales, US\n", "    label: Sales, US\n    krisp_enabled: true\n")
    project.up(quiet)
    assert times() == 3
    project.up(edited(quiet, "    label: UK Office\n", "    label: UK front desk\n"))
    assert times() == 3
    searched = edited(quiet, "area_code: 650", "area_code: 415")
    project.up(searched)
    assert times() == 3
    named = edited(quiet, "    domain_name: acme-us", "    cnam_lookup_enabled: true\n    domain_name: acme-us")
    project.up(named)
    assert times() == 4
    project.up(quiet)
    assert times() == 5
    project.pulumi("config", "set", "--secret", "trunkline:twilioTermination", "Canary-Termination-78")
    project.up(quiet)
    assert times() == 6
    refuses = heard.with_name("heard.refuses")
    refuses.touch()
    failed = project.up(quiet.replace("krisp_enabled: true", "krisp_enabled: false"), code=1)
    assert "exit status 1" in failed.errors
    refuses.unlink()
    assert {" ".join(step.split()[1:3]) for step in project.up().steps} == {"Command sales-us-verify"}
    assert times() == 8
