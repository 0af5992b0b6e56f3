"""`destroy --ignore-protect` on the real engine: what no mark was applied to stays, custom lines too."""

from __future__ import annotations

import json

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.project import STACK, Project

pytestmark = pytest.mark.engine

UNMARKED = """\
version: 1
agents:
  support: {agent_name: support-agent}
trunks:
  uk-office: {provider: custom, sip_address: custom-sip.provider.com}
numbers:
  uk-office: {phone_number: "+442071234567", trunk: uk-office, agent: support}
"""
WAYS = (
    (),
    ("--refresh=false",),
    ("--continue-on-error",),
)


@pytest.fixture(scope="module")
def project(make_project: MakeProject) -> Project:
    made = make_project(UNMARKED)
    made.up()
    return made


def as_the_last_version_wrote_it(project: Project) -> None:
    """Take out of the state what that version did not record."""
    path = project.directory / f"state/.pulumi/stacks/trunkline/{STACK}.json"
    state = json.loads(path.read_text())
    for resource in state["checkpoint"]["latest"]["resources"]:
        for values in (resource.get("inputs", {}), resource.get("outputs", {})):
            values.pop("removal", None)
    path.write_text(json.dumps(state))


@pytest.mark.parametrize("flags", WAYS, ids=" ".join)
@pytest.mark.parametrize("recorded", [True, False], ids=["recorded", "state of the last version"])
def test_an_unmarked_custom_line_is_not_destroyed(project: Project, flags: tuple[str, ...], recorded: bool) -> None:
    if not recorded:
        as_the_last_version_wrote_it(project)
    mark = project.sandbox.journal.mark()

    run = project.engine("destroy", "--yes", "--skip-preview", "--ignore-protect", *flags, code=1)

    assert project.writes(mark) == []
    told = "is protected and was not deleted" if recorded or "--refresh=false" not in flags else "cannot tell whether"
    assert told in run.errors


def test_a_state_of_the_last_version_shows_no_change_and_its_mark_counts(project: Project) -> None:
    as_the_last_version_wrote_it(project)
    project.preview("--expect-no-changes")
    project.up(UNMARKED.replace("agent: support}", "agent: support, removal: release}"))

    project.destroy()

    livekit = project.sandbox.livekit
    assert (livekit.inbound_trunks(), livekit.outbound_trunks(), livekit.dispatch_rules()) == ((), (), ())
