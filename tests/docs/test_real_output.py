"""What the README, docs/lines-and-trunks.md and docs/drift.md show of `pulumi` is what the real engine prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from tests.docs.pages import DRIFT, README, TASKS, Block, command, shows
from tests.docs.walk import chapters
from tests.engine.conftest import MakeProject
from tests.engine.project import Project

pytestmark = pytest.mark.engine

ADOPTED = "+14155550100"
SECRETS = {"twilioSipUsername": "livekit", "twilioSipPassword": "Canary-Readme-1"}
NO_LINES = "version: 1\nnumbers: {}\n"


@pytest.fixture(scope="module")
def project(make_project: MakeProject) -> Project:
    made = make_project(chapters()[0].inventory, **SECRETS)
    made.sandbox.twilio.add_number(ADOPTED)
    return made


@pytest.fixture(scope="module")
def first_look(project: Project) -> str:
    """What the preview of the first file prints, before anything else is asked: each search shows other numbers."""
    return project.preview("--diff").text


@pytest.fixture(scope="module")
def operations(project: Project, first_look: str) -> Mapping[str, str]:
    """What the commands of both tasks' pages print on the README's first file, by the command."""
    first = chapters()[0].inventory
    project.up(first)
    drift = _after_an_edit_by_hand(project)
    project.up()
    project.write_inventory(NO_LINES)
    refused = project.preview(code=1).text
    project.write_inventory(first)
    return {
        "pulumi preview --diff": drift,
        "pulumi preview": refused,
        "pulumi destroy --yes": project.destroy(code=1).text,
    }


@pytest.fixture(scope="module")
def walk(project: Project, request: pytest.FixtureRequest) -> list[tuple[Block, str]]:
    """Each preview that the README shows and what is printed in its place; every edit is applied on the way."""
    return list(_walk(project, request))


def test_the_readme_shows_what_previews_print(walk: list[tuple[Block, str]]) -> None:
    assert [block.line for block, printed in walk if not shows(printed, block)] == []
    assert len(walk) == len(README.blocks("console"))


@pytest.mark.parametrize("block", (*TASKS.blocks("console"), *DRIFT.blocks("console")), ids=command)
def test_a_task_s_page_shows_what_commands_print(block: Block, operations: Mapping[str, str]) -> None:
    assert shows(operations[command(block)], block), operations[command(block)]


def _walk(project: Project, request: pytest.FixtureRequest) -> Iterator[tuple[Block, str]]:
    first, *edits = chapters()
    for block in first.previews:
        yield block, str(request.getfixturevalue("first_look"))
    request.getfixturevalue("operations")  # leaves the first file applied
    for chapter in edits:
        project.write_inventory(chapter.inventory)
        for block in chapter.previews:
            yield block, project.preview("--diff").text
        project.up()


def _after_an_edit_by_hand(project: Project) -> str:
    livekit = project.sandbox.livekit
    livekit.edit_trunk(livekit.inbound_trunks()[0]["sip_trunk_id"], krisp_enabled=True)
    return project.preview("--diff").text
