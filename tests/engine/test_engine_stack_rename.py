"""`pulumi stack rename`: what the stack has stays its own, under the tags that it has until they are renewed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.project import Project
from tests.engine.reach import Reach, answered
from tests.engine.test_engine_settings import LINES
from trunkline.model.tag import without_notes

pytestmark = pytest.mark.engine

MORE = LINES + '  more: {provider: vonage, phone_number: "+447400123456", agent: support}\n'
REFERENCE = {
    "urn": "urn:pulumi:test::trunkline::pulumi:pulumi:StackReference::organization/trunkline/test",
    "custom": True,
    "id": "organization/trunkline/test",
    "type": "pulumi:pulumi:StackReference",
    "inputs": {"name": "organization/trunkline/test"},
    "outputs": {"name": "organization/trunkline/test", "outputs": {}, "secretOutputNames": []},
    "parent": "urn:pulumi:test::trunkline::pulumi:pulumi:Stack::trunkline-test",
    "external": True,
}


def renamed(project: Project) -> Project:
    project.pulumi("stack", "rename", "europe")
    return replace(project, stack="europe")


def test_a_renamed_stack_goes_on_under_its_fleets_name_and_gets_new_tags_when_told(make_project: MakeProject) -> None:
    project = make_project(LINES)
    project.up()
    reach, mark = Reach(project.sandbox), project.sandbox.journal.mark()
    ids = project.ids()

    project = renamed(project)
    refused = project.up(code=1)
    assert "`pulumi config set trunkline:fleet trunkline/test`" in refused.errors
    project.pulumi("config", "set", "trunkline:fleet", "trunkline/test")
    project.up()
    project.preview("--expect-no-changes")
    assert (project.ids(), project.writes(mark)) == (ids, [])

    project.up(MORE)
    assert {name: project.ids()[name] for name in ids} == ids
    tags = {without_notes(trunk["metadata"]) for trunk in project.sandbox.livekit.inbound_trunks()}
    assert tags == {"trunkline:trunkline/test/sales", "trunkline:trunkline/test/europe/more"}

    project.pulumi("config", "set", "trunkline:retag", "true")
    project.up()
    project.pulumi("config", "rm", "trunkline:retag")
    project.up()
    project.preview("--expect-no-changes")
    tags = {without_notes(trunk["metadata"]) for trunk in project.sandbox.livekit.inbound_trunks()}
    assert tags == {f"trunkline:trunkline/test/europe/{line}" for line in ("sales", "more")}
    assert {name: project.ids()[name] for name in ids} == ids
    assert (reach.cut, reach.led_astray, set(answered(project.sandbox))) == ([], [], {"+16505551234", "+447400123456"})
    assert (reach.charged, reach.released) == (["+16505551234", "+447400123456"], [])


def test_a_stack_that_refers_to_itself_drops_that_without_a_change(make_project: MakeProject) -> None:
    project = make_project(LINES)
    project.up()
    project.up()  # takes note of what the first update made
    refer_to_itself(project)
    mark = project.sandbox.journal.mark()

    # The engine calls it a step, and no change.
    assert project.preview("--expect-no-changes").steps == ["discard StackReference organization/trunkline/test"]
    project.up()
    assert not any("StackReference" in each["type"] for each in project.resources())
    assert project.writes(mark) == []


def test_a_stack_that_was_renamed_before_the_upgrade_is_mended_as_the_documents_say(make_project: MakeProject) -> None:
    project = make_project(LINES)
    project.up()
    refer_to_itself(project)
    reach, ids, mark = Reach(project.sandbox), project.ids(), project.sandbox.journal.mark()
    project = renamed(project)
    project.pulumi("config", "set", "trunkline:fleet", "trunkline/test")
    refresh = ("refresh", "--yes", "--skip-preview")
    failed = project.engine(*refresh, code=1, PULUMI_RUN_PROGRAM="")
    assert 'unknown stack "organization/trunkline/test"' in failed.text

    project.up()

    assert not any("StackReference" in each["type"] for each in project.resources())
    project.engine(*refresh, PULUMI_RUN_PROGRAM="")
    project.preview("--expect-no-changes")
    assert (project.ids(), project.writes(mark)) == (ids, [])
    assert (set(answered(project.sandbox)), reach.charged, reach.released) == ({"+16505551234"}, ["+16505551234"], [])


def refer_to_itself(project: Project) -> None:
    """Put the reference into the state that versions up to 0.1 made."""
    path = project.directory / "state/.pulumi/stacks/trunkline/test.json"
    state = json.loads(path.read_text())
    resources = state["checkpoint"]["latest"]["resources"]
    builtin = next(each for each in resources if each["type"] == "pulumi:providers:pulumi")
    provider = f"{builtin['urn']}::{builtin['id']}"
    resources.append({**REFERENCE, "provider": provider})
    path.write_text(json.dumps(state))
