"""Taking over a guarded line on the real engine: what a plain preview shows, what stays, and what the outputs say."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.project import Project, Run

pytestmark = pytest.mark.engine

NUMBER, CALLER = "+16505550123", "+16505550111"
PASSWORD, PIN = "canary-board-password", "48151623"
FILE = """\
version: 1
agents: {desk: {agent_name: desk-agent}}
trunks:
  pbx: {provider: custom, sip_address: sip.example.com}
numbers:
  board: {phone_number: "+16505550123", trunk: pbx, agent: desk, adopt: true, outbound: false}
"""


@dataclass(frozen=True, slots=True)
class Adoption:
    preview: Run
    up: Run
    again: Run
    off: Run


@pytest.fixture(scope="module")
def project(make_project: MakeProject) -> Project:
    project = make_project(FILE)
    livekit = project.sandbox.livekit
    trunk = livekit.add_inbound_trunk(
        name="board",
        numbers=["1 650 555 0123"],
        auth_username="u",
        auth_password=PASSWORD,
        allowed_addresses=["203.0.113.0/28"],
        allowed_numbers=[CALLER],
        krisp_enabled=True,
    )
    livekit.add_dispatch_rule(
        name="board room",
        trunk_ids=[trunk["sip_trunk_id"]],
        rule={"dispatch_rule_direct": {"room_name": "board", "pin": PIN}},
        room_config={"agents": [{"agent_name": "desk-agent", "metadata": "plain text"}, {"agent_name": "scribe"}]},
    )
    return project


@pytest.fixture(scope="module")
def adoption(project: Project) -> Adoption:
    preview, up, again = project.preview(), project.up(), project.preview()
    project.write_inventory(FILE.replace(", adopt: true", ""))
    return Adoption(preview, up, again, project.preview(code=1))


def test_a_plain_preview_shows_what_was_and_becomes_and_who_answered(adoption: Adoption) -> None:
    text = adoption.preview.text
    assert "tag: board room => trunkline:" in text
    assert f"allowedNumbers {CALLER}" in text
    assert 'answered them: desk-agent, scribe, in the one room "board", with a PIN' in text


def test_only_the_tags_are_written(project: Project, adoption: Adoption) -> None:
    (trunk,), (rule,) = project.sandbox.livekit.inbound_trunks(), project.sandbox.livekit.dispatch_rules()
    assert (trunk["name"], trunk["numbers"], trunk["allowed_numbers"]) == ("board", ["1 650 555 0123"], [CALLER])
    assert (trunk["auth_username"], trunk["auth_password"], trunk["krisp_enabled"]) == ("u", PASSWORD, True)
    assert rule["rule"] == {"dispatch_rule_direct": {"room_name": "board", "pin": PIN}}
    assert adoption.again.steps == []


def test_the_outputs_say_what_stands(project: Project, adoption: Adoption) -> None:
    line = project.outputs()["lines"]["board"]
    assert (line["krispEnabled"], line["allowedCallers"], line["allowedAddresses"]) == (
        True,
        [CALLER],
        ["203.0.113.0/28"],
    )


def test_taking_adopt_off_would_open_walls_and_is_refused(adoption: Adoption) -> None:
    assert "without `adopt: true` the file would open it" in adoption.off.errors
    assert "asks callers for a PIN" in adoption.off.errors


def test_no_secret_of_what_was_adopted_is_printed_or_kept(project: Project, adoption: Adoption) -> None:
    said = "".join(run.text for run in (adoption.preview, adoption.up, adoption.again, adoption.off))
    kept = "".join(path.read_text() for path in (project.directory / "state").rglob("*.json"))
    for secret in (PASSWORD, PIN):
        assert secret not in said
        assert secret not in kept
