"""Verbs that are seldom used: plans of Pulumi's own, `import --file`, `state move`, `stack rm`, `destroy --remove`."""

from __future__ import annotations

import json

import pytest

from tests.engine.day import NOT_IMPORTED, Day
from tests.engine.project import SECRETS, STACK
from tests.engine.stage import edited

pytestmark = pytest.mark.engine

NUMBER = "+16505551234"
FILE = f"""\
version: 1
agents: {{support: {{agent_name: support-agent}}, sales: {{agent_name: sales-agent}}}}
trunks:
  twilio-us:
    provider: twilio
    domain_name: acme-us.pstn.twilio.com
    auth_username: livekit
    auth_password: {{secret: twilioTermination}}
numbers:
  sales: {{provider: twilio, phone_number: "{NUMBER}", agent: sales, removal: release}}
"""
REMAPPED = edited(FILE, "agent: sales,", "agent: support,")
MORE = FILE + '  more: {provider: twilio, phone_number: "+16505551235", agent: sales}\n'


def test_a_plan_binds_the_engine_and_the_fleet_refuses_all_the_same(day: Day) -> None:
    path = str(day.theatre.project.directory / "plan.json")
    day.theatre.project.write_inventory(REMAPPED)
    day.run("preview", "--save-plan", path)

    refused = day.run("up", "--plan", path, file=MORE, code=1)
    # The Fleet, which comes first, would judge another line than the plan has.
    assert "Fleet::fleet violates plan: properties changed" in refused.text
    assert (len(day.charged), day.sandbox.journal.writes()) == (1, [])

    run = day.run("up", "--plan", path, file=REMAPPED)
    assert [step.split()[:2] for step in run.steps] == [["update", "DispatchRule"]]
    day.theatre.project.write_inventory(FILE)
    run = day.theatre.project.engine("up", "--strict", "--yes")
    assert "update DispatchRule sales" in "".join(run.steps)
    assert day.cut == []
    day.settles()


def test_what_a_file_imports_fails_plainly_and_changes_nothing(day: Day) -> None:
    before = len(day.theatre.project.resources())
    wanted = {"type": "pulumi-python:dynamic/trunkline:InboundTrunk", "name": "by-hand", "id": "ST_1"}
    path = day.theatre.project.directory / "import.json"
    path.write_text(json.dumps({"resources": [wanted]}))

    run = day.theatre.project.pulumi("import", "--file", str(path), "--yes", "--skip-preview", code=1)

    assert NOT_IMPORTED in run.text
    assert (len(day.theatre.project.resources()), day.sandbox.journal.writes()) == (before, [])


def test_what_is_moved_to_another_stack_is_written_by_neither(day: Day) -> None:
    project = day.theatre.project
    project.pulumi("stack", "init", "other")
    project.pulumi("config", "set", "--secret", "trunkline:twilioTermination", SECRETS["twilioTermination"])
    project.pulumi("stack", "select", STACK)
    urns = [day.urn(kind, "sales") for kind in ("PhoneNumber", "DispatchRule", "InboundTrunk", "OutboundTrunk")]

    project.pulumi("state", "move", "--source", STACK, "--dest", "other", "--include-parents", "--yes", *urns)

    project.pulumi("stack", "select", "other")
    refused = day.run("up", code=1)
    assert f'belongs to line "sales" of fleet "trunkline/{STACK}"' in refused.errors
    assert day.sandbox.journal.writes() == []
    project.pulumi("stack", "select", STACK)
    day.run("up")
    assert (day.cut, day.released, len(day.charged), day.writes_of_deletes()) == ([], [], 1, [])
    day.settles()


def test_a_stack_that_was_removed_by_force_takes_everything_back(day: Day) -> None:
    project, ids = day.theatre.project, day.theatre.project.ids()
    assert "still has resources; removal rejected" in project.pulumi("stack", "rm", "--yes", code=1).text

    project.pulumi("stack", "rm", "--yes", "--force", "--preserve-config", "--remove-backups")
    project.pulumi("stack", "init", STACK)
    day.run("up")

    assert (day.sandbox.journal.writes(), project.ids()) == ([], ids)
    day.settles()


def test_destroy_with_remove_takes_the_stack_too(day: Day) -> None:
    day.run("destroy", "--remove")

    assert (day.released, day.theatre.project.pulumi("stack", "ls", "--json").text.count(f'"{STACK}"')) == ([NUMBER], 0)
    assert day.sandbox.livekit.dispatch_rules() == ()
