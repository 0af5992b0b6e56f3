"""The stack's configuration reaches every command as it is now, not as the last update left it in the state."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sandbox.credentials import TWILIO
from tests.engine.conftest import MakeProject
from tests.engine.project import Project
from tests.engine.reach import Reach, answered

pytestmark = pytest.mark.engine

NUMBER = "+16505551234"
LINES = f"""\
version: 1
agents: {{support: {{agent_name: support-agent}}}}
trunks:
  twilio-us:
    provider: twilio
    domain_name: acme-us.pstn.twilio.com
    auth_username: livekit
    auth_password: {{secret: twilioTermination}}
numbers:
  sales: {{provider: twilio, phone_number: "{NUMBER}", agent: support, removal: release}}
"""
KINDS = ("Fleet", "SipTrunk", "InboundTrunk", "OutboundTrunk", "DispatchRule", "PhoneNumber", "OriginationUrl")
FIRST, SECOND = "SK5a0db0c5000000000000000000000001", "SK5a0db0c5000000000000000000000002"
OTHER_SECRET = "sandboxTwilioApiSecret0000000002"
COMMANDS = {
    "preview": ("preview",),
    "refresh": ("refresh", "--yes", "--skip-preview"),
    "up": ("up", "--yes", "--skip-preview"),
    "destroy": ("destroy", "--yes", "--skip-preview"),
}


def without(project: Project, *names: str, **variables: str) -> Project:
    kept = {name: value for name, value in project.environment.items() if name not in names}
    return replace(project, environment={**kept, **variables})


def configure(project: Project, **values: str) -> None:
    for name, value in values.items():
        project.pulumi("config", "set", "--secret", f"trunkline:{name}", value)


def steps(project: Project, command: str) -> list[str]:
    """Give the steps of ours that a command takes; that the engine's own provider has other settings is none."""
    run = project.engine(*COMMANDS[command])
    return [step for step in run.steps if step.split()[1] in KINDS]


def test_a_credential_moves_to_the_configuration_is_rotated_there_and_serves_every_command(
    make_project: MakeProject,
) -> None:
    project = make_project(LINES)
    project.up()
    reach, mark = Reach(project.sandbox), project.sandbox.journal.mark()
    moved = without(project, "TWILIO_AUTH_TOKEN")
    configure(moved, twilioApiKey=FIRST, twilioApiSecret=TWILIO.keys[FIRST])
    assert [steps(moved, command) for command in ("preview", "refresh", "up")] == [[], [], []]

    store = moved.sandbox.twilio.store
    with store.transaction():
        account = store.get("keys", FIRST)
        assert account is not None
        store.drop("keys", FIRST)
        store.put("keys", SECOND, {**account, "secret": OTHER_SECRET})
    configure(moved, twilioApiKey=SECOND, twilioApiSecret=OTHER_SECRET)
    assert [steps(moved, command) for command in ("preview", "refresh", "up")] == [[], [], []]
    assert moved.writes(mark) == []
    assert (reach.cut, set(answered(project.sandbox))) == ([], {NUMBER})

    assert "delete PhoneNumber sales" in steps(moved, "destroy")
    assert not moved.sandbox.twilio.numbers()
    assert (reach.charged, reach.released, reach.led_astray) == ([NUMBER], [NUMBER], [])


def test_another_host_of_the_same_project_is_accepted_as_the_document_says(make_project: MakeProject) -> None:
    project = make_project(LINES)
    project.up()
    url = project.environment["LIVEKIT_URL"]
    moved = without(project, LIVEKIT_URL=url.replace("127.0.0.1", "localhost"))
    mark = project.sandbox.journal.mark()

    refused = moved.preview(code=1)
    assert "trunkline:allowAccountChange true` for one update" in refused.errors
    moved.up(code=1)
    moved.pulumi("config", "set", "trunkline:allowAccountChange", "true")
    moved.up()
    moved.pulumi("config", "rm", "trunkline:allowAccountChange")
    moved.preview("--expect-no-changes")
    assert moved.writes(mark) == []
    assert (set(answered(project.sandbox)), [one.number for one in project.sandbox.ledger.entries]) == (
        {NUMBER},
        [NUMBER],
    )
