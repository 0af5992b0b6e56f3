"""Foreign objects beside ours on the real engine: previews name them, the audit finds them, the file accepts them."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.project import STACK, Project, Run
from trunkline.cli import audit

pytestmark = pytest.mark.engine

NUMBER = "+16505550123"
DESK = f"""\
version: 1
agents: {{desk: {{agent_name: desk-agent}}}}
trunks:
  pbx: {{provider: custom, sip_address: sip.example.com}}
numbers:
  a: {{phone_number: "{NUMBER}", trunk: pbx, agent: desk, outbound: false}}
"""
ACCEPTED = f"{DESK}accepted: [{{id: SDR_canary, reason: a canary}}]\n"
TAKES = (
    f'DispatchRule SDR_canary ("canary") answers calls to {NUMBER} (line "a") in place of ours: they reach agent'
    " canary-agent in rooms canary-…."
)


@dataclass(frozen=True, slots=True)
class Walk:
    """Alone; beside a rule that takes the calls; the same accepted. Each with its update's writes and its audit."""

    alone: Run
    preview: Run
    again: Run
    accepted: Run
    writes: list[str]
    outputs: list[object]
    audits: list[tuple[int, list[tuple[str, str, str]]]]


@pytest.fixture(scope="module")
def walk(make_project: MakeProject) -> Walk:
    project = make_project(DESK)
    project.up()
    project.preview()
    alone, outputs = project.preview("--expect-no-changes"), [project.outputs().get("neighbours")]
    project.sandbox.livekit.add_dispatch_rule(
        sip_dispatch_rule_id="SDR_canary",
        name="canary",
        trunk_ids=[project.ids()["InboundTrunk a"]],
        numbers=[NUMBER],
        rule={"dispatch_rule_individual": {"room_prefix": "canary-"}},
        room_config={"agents": [{"agent_name": "canary-agent"}]},
    )
    mark = project.sandbox.journal.mark()
    preview = project.preview()
    project.up()
    outputs.append(project.outputs().get("neighbours"))
    audits = [audited(project)]
    again = project.preview("--expect-no-changes")
    project.write_inventory(ACCEPTED)
    accepted = project.preview()
    project.up()
    audits.append(audited(project))
    return Walk(alone, preview, again, accepted, project.writes(mark), outputs, audits)


def audited(project: Project) -> tuple[int, list[tuple[str, str, str]]]:
    """Run `trunkline audit` as an operator does; give its code and what it found beside the lines."""
    arguments = ("--stack", STACK, "--cwd", str(project.directory), "--json", "--all")
    with redirect_stdout(printed := StringIO()):
        code = audit.main(arguments, project.environment)
    found = json.loads(printed.getvalue())
    return code, [
        (each["code"], each["severity"], each["subject"]) for each in found if each["subject"] == "SDR_canary"
    ]


def test_a_fleet_alone_hears_nothing_and_has_no_such_output(walk: Walk) -> None:
    assert "in place of ours" not in walk.alone.text
    assert walk.outputs[0] is None


def test_every_preview_names_the_rule_that_takes_our_calls_with_its_id(walk: Walk) -> None:
    assert TAKES in walk.preview.text
    assert TAKES in walk.again.text
    assert walk.preview.steps == ["update Fleet fleet neighbours"]


def test_the_update_records_it_and_writes_at_no_vendor(walk: Walk) -> None:
    assert walk.writes == []
    assert walk.outputs[1] == [
        {"code": "foreign-rule", "id": "SDR_canary", "lines": ["a"], "message": TAKES, "accepted": ""}
    ]


def test_the_audit_finds_it_until_it_is_accepted_and_lists_it_then(walk: Walk) -> None:
    assert walk.audits == [
        (2, [("foreign-rule", "error", "SDR_canary")]),
        (0, [("neighbour-accepted", "info", "SDR_canary")]),
    ]


def test_what_is_accepted_is_named_in_no_preview(walk: Walk) -> None:
    assert TAKES not in walk.accepted.text
