"""The package `trunkline` on the real engine: a program in another language has the same fleet, by the same gate."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.inventories import START
from tests.engine.languages import LANGUAGES, NODE_HOST, YAML_HOST, node_packages, write_python
from tests.engine.project import REPOSITORY, Project, Run
from tests.engine.stage import edited

pytestmark = pytest.mark.engine

FLEET = "trunkline:index:Fleet"
REMAPPED = edited(START, "    agent: sales\n", "    agent: support\n")
WITHOUT_SALES = edited(
    REMAPPED, '  sales-us:\n    phone_number: "+16505551234"\n    agent: support\n    label: Sales, US\n', ""
)
MARKED = REMAPPED.replace("    agent: support\n", "    agent: support\n    removal: keep\n")
KEEPS = {"sales-us": "keep", "support-gb": "keep", "support-us": "keep", "uk-office": "keep"}

yaml = pytest.param(
    "yaml",
    marks=pytest.mark.skipif(
        shutil.which(YAML_HOST) is None, reason=f"{YAML_HOST} is not on PATH: no YAML program runs"
    ),
)


typescript = pytest.param(
    "typescript",
    marks=pytest.mark.skipif(
        shutil.which(NODE_HOST) is None or node_packages() is None,
        reason=f"{NODE_HOST} is not on PATH, or Node finds no @pulumi/pulumi: no TypeScript program runs",
    ),
)


@pytest.fixture(scope="module", params=["python", yaml, typescript])
def project(request: pytest.FixtureRequest, make_project: MakeProject) -> Project:
    return LANGUAGES[request.param](make_project(START), "acme")


@pytest.fixture(scope="module")
def made(project: Project) -> Run:
    """The first update, of which a preview had shown all."""
    preview = project.preview()
    assert project.writes() == []
    run = project.up()
    assert sorted(run.steps) == sorted(preview.steps)
    assert "Undefined value" not in run.text  # what Node says of an output without a value
    return run


def kept(project: Project) -> Any:
    """The outputs that the state has of the component."""
    (fleet,) = (one for one in project.resources() if one["type"] == FLEET)
    return said(fleet["outputs"])


def said(value: Any) -> Any:
    """Leave out what is null: one language drops such keys on their way and another keeps them."""
    if isinstance(value, Mapping):
        return {name: said(one) for name, one in value.items() if one is not None}
    return value


def test_the_stack_has_the_fleet_s_outputs_and_resources_where_our_own_program_has_them(
    project: Project, made: Run, make_project: MakeProject
) -> None:
    ours = make_project(START)
    ours.up()

    def urns(of: Project) -> set[tuple[str, str]]:
        return {(one["urn"], one.get("parent", "")) for one in of.resources()}

    stack = "urn:pulumi:test::trunkline::pulumi:pulumi:Stack::trunkline-test"
    # An SDK that was made of the schema asks for the version that it was made of.
    asks = f"default_{version('trunkline').replace('.', '_')}"
    entry = asks if (project.directory / "sdk").exists() else "default"
    assert urns(project) - urns(ours) == {
        (f"urn:pulumi:test::trunkline::{FLEET}::fleet", stack),
        (f"urn:pulumi:test::trunkline::pulumi:providers:trunkline::{entry}", ""),
    }
    assert urns(ours) - urns(project) == set()
    assert said(project.outputs()) == kept(project)
    assert said(project.outputs()).keys() - said(ours.outputs()).keys() == {"neighbours"}
    assert said(ours.outputs()).keys() - said(project.outputs()).keys() == set()
    assert project.outputs()["neighbours"] == []
    assert project.outputs()["summary"] == ours.outputs()["summary"]
    assert [line["status"] for line in project.outputs()["lines"].values()] == ["active"] * 4


def test_no_credential_of_the_environment_and_no_password_stands_in_clear_in_its_state(
    project: Project, made: Run
) -> None:
    state = json.dumps(project.resources())
    secrets = [project.environment[name] for name in ("TWILIO_AUTH_TOKEN", "VONAGE_API_SECRET", "LIVEKIT_API_SECRET")]
    assert [secret for secret in (*secrets, "Canary-Termination-77", "canary-uk:office/78+") if secret in state] == []


def test_a_second_update_writes_nothing_and_a_remap_is_one_update(project: Project, made: Run) -> None:
    mark = project.sandbox.journal.mark()
    assert project.up(START).steps == []
    assert project.writes(mark) == []
    assert project.up(REMAPPED).steps == [
        "update DispatchRule sales-us agents[0].agentName agents[0].metadata roomPrefix"
    ]
    assert len(project.writes(mark)) == 1
    assert project.outputs()["lines"]["sales-us"]["agent"] == kept(project)["lines"]["sales-us"]["agent"] == "support"


def test_what_the_gate_or_the_file_refuses_leaves_vendors_and_outputs_as_they_are(project: Project, made: Run) -> None:
    project.up(REMAPPED)
    before, mark = kept(project), project.sandbox.journal.mark()

    removed = project.up(WITHOUT_SALES, code=1)
    wrong = project.up(edited(REMAPPED, "label: Sales, US", "labels: Sales"), code=1)
    other = project.up(REMAPPED, code=1, TRUNKLINE_INVENTORY="others.yaml")

    assert 'line "sales-us" (+16505551234, 1.15 USD a month) is no longer in numbers.yaml, but was' in removed.errors
    assert "numbers.yaml:24:5: numbers.sales-us.labels: " in wrong.errors
    assert (
        'the Fleet "acme" has the inventory numbers.yaml, and the settings, which all commands read, name others.yaml'
        in other.errors
    )
    assert "component.py" not in removed.text + wrong.text + other.text
    assert (project.writes(mark), kept(project), said(project.outputs())) == ([], before, before)


def test_a_destroy_lets_go_what_was_marked_and_one_that_is_refused_keeps_the_outputs(
    project: Project, made: Run
) -> None:
    project.up(REMAPPED)
    before, mark = kept(project), project.sandbox.journal.mark()
    project.destroy(code=1)
    assert (kept(project), said(project.outputs()), project.writes(mark)) == (before, before, [])

    project.up(MARKED)
    assert {name: line["removal"] for name, line in kept(project)["lines"].items()} == KEEPS
    project.destroy()

    assert project.resources() == []
    assert len(project.sandbox.twilio.numbers()) == 2
    # A custom line that is kept keeps its LiveKit objects.
    assert len(project.sandbox.livekit.dispatch_rules()) == 1


def test_a_move_from_our_program_and_a_rename_change_nothing_and_a_second_fleet_is_refused(
    make_project: MakeProject,
) -> None:
    project = make_project(START)
    project.up()
    mark = project.sandbox.journal.mark()

    assert write_python(project, "acme").up().steps == ["create Fleet fleet", "create trunkline default"]
    assert write_python(project, "ours").up().steps == []
    twice = write_python(project, "ours", "theirs").up(code=1)
    assert "Duplicate resource URN" in twice.text
    (project.directory / "stacks/__main__.py").write_text((REPOSITORY / "stacks/__main__.py").read_text())
    assert project.up().steps == ["delete Fleet fleet", "delete trunkline default"]
    assert project.up().steps == []

    assert project.writes(mark) == []


@pytest.mark.parametrize("moved", [False, True], ids=["own", "moved"])
def test_a_number_that_its_account_lost_is_not_bought_again(make_project: MakeProject, moved: bool) -> None:
    """Its purchase is told by the last outputs alone: no refresh has seen it."""
    project = make_project(START)
    if not moved:
        write_python(project, "acme")
    project.up()
    write_python(project, "acme")
    project.sandbox.twilio.release_by_hand("+16505551234")
    mark = project.sandbox.journal.mark()

    run = project.up()

    assert '+16505551234 of line "sales-us" is not in its account any more. Set `repurchase: true`' in run.text
    assert project.writes(mark) == []


def test_its_schema_is_the_one_in_docs(make_project: MakeProject) -> None:
    project = make_project(START)
    package = Path(project.environment["PULUMI_PYTHON_CMD"]).with_name("pulumi-resource-trunkline")

    said = project.pulumi("package", "get-schema", str(package)).text

    assert json.loads(said[said.index("{") :]) == json.loads((REPOSITORY / "docs/package-schema.json").read_text())
