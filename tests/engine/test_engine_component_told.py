"""What is made by the component is planned, approved, targeted and audited as what our own program makes."""

from __future__ import annotations

import json
import shutil
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.inventories import START
from tests.engine.languages import write_python
from tests.engine.project import STACK, Project
from tests.engine.stage import edited
from trunkline.cli import apply, audit, plan

pytestmark = pytest.mark.engine

PLUGIN = "pulumi-resource-command"
REMAPPED = edited(START, "agent: sales\n    label", "agent: support\n    label")
GROWN = f"{REMAPPED}  near-us:\n    search: {{country: US, area_code: 212, type: local}}\n    agent: sales\n"


@pytest.fixture(scope="module")
def project(make_project: MakeProject) -> Project:
    made = write_python(make_project(START), "acme")
    made.up()
    return made


def command(project: Project, name: str, *arguments: str) -> tuple[int, str]:
    main = {"plan": plan.main, "apply": apply.main, "audit": audit.main}[name]
    environ = {**project.environment, "TRUNKLINE_INVENTORY": "numbers.yaml"}
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(printed := StringIO()):
        for variable in ("PATH", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_HOME"):
            patch.setenv(variable, environ[variable])
        code = main((*arguments, "--cwd", str(project.directory)), environ)
    return code, printed.getvalue()


def findings(project: Project) -> list[str]:
    """What an audit of the live systems finds, by its codes: the ids are others in each world."""
    _, said = command(project, "audit", "--stack", STACK, "--live", "--json")
    return [one["code"] for one in json.loads(said)]


def test_a_stack_as_its_last_update_left_it_has_nothing_to_change_and_the_findings_of_ours(
    project: Project, make_project: MakeProject
) -> None:
    project.up(START)
    ours = make_project(START)
    ours.up()
    code, said = command(project, "plan", "--stack", STACK)
    assert (code, said.splitlines()[0]) == (0, f"Plan of stack {STACK}: nothing changes.")
    assert findings(project) == findings(ours) == ["trunk-open", "trunk-open"]


def test_its_saved_plan_is_applied_as_it_was_reviewed_or_not_at_all(project: Project, tmp_path: Path) -> None:
    project.up()
    file = str(tmp_path / "plan.json")
    project.write_inventory(GROWN)
    code, _ = command(project, "plan", "--stack", STACK, "--save", file)
    assert code == 2
    [bought] = json.loads(Path(file).read_text())["page"]["bought"]
    mark = project.sandbox.journal.mark()
    project.write_inventory(GROWN.replace("label: Sales, US", "label: Sales"))
    assert command(project, "apply", file)[0] == 2
    assert project.writes(mark) == []
    project.write_inventory(GROWN)
    assert command(project, "apply", file)[0] == 0
    charges = [charge.number for charge in project.sandbox.ledger.charges()]
    assert (charges[-1], len(charges)) == (bought["number"], 4)


def test_a_target_of_one_line_buys_nothing_of_another(project: Project) -> None:
    project.up(GROWN)
    grown = f"{GROWN}  late-us:\n    search: {{country: US, area_code: 212, type: local}}\n    agent: sales\n"
    project.write_inventory(grown)
    mark = project.sandbox.journal.mark()
    project.engine("up", "--yes", "--skip-preview", "--target", "**:DispatchRule::sales-us")
    assert project.writes(mark) == []
    assert [step for step in project.up().steps if step.startswith("create PhoneNumber")] == [
        "create PhoneNumber late-us"
    ]


@pytest.mark.skipif(shutil.which(PLUGIN) is None, reason=f"{PLUGIN} is not on PATH: no verify command can run")
def test_a_verify_command_runs_once_for_each_change_and_fails_the_update_by_its_exit_code(
    make_project: MakeProject, tmp_path: Path
) -> None:
    heard = tmp_path / "heard"
    command = f"echo $TRUNKLINE_LINE $TRUNKLINE_PHONE_NUMBER >> {heard}; test ! -e {heard}.refuses"
    project = write_python(make_project(START), "acme")
    verified = edited(START, "    label: Sales, US\n", f"    label: Sales, US\n    verify: {command!r}\n")
    project.up(verified)
    assert project.up(verified).steps == []
    assert heard.read_text() == "sales-us +16505551234\n"
    heard.with_name("heard.refuses").touch()
    failed = project.up(edited(verified, "agent: sales\n", "agent: support\n"), code=1)
    assert "exit status 1" in failed.errors
    assert heard.read_text() == "sales-us +16505551234\n" * 2


@pytest.mark.parametrize(
    ("option", "word"),
    [('ignore_changes=["lines"]', "ignoreChanges"), ("retain_on_delete=True", "retainOnDelete")],
    ids=["ignoreChanges", "retainOnDelete"],
)
def test_an_option_that_no_number_would_heed_is_refused(project: Project, option: str, word: str) -> None:
    mark = project.sandbox.journal.mark()
    write_python(project, "acme", options=option)
    refused = project.up(code=1)
    write_python(project, "acme")
    assert f'the Fleet "acme" has the option {word}, which no number would heed' in refused.errors
    assert project.writes(mark) == []
