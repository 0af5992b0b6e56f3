"""A SIP password is rotated on the real engine: after every write at a vendor every call out still authenticates."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.project import Project, Run
from tests.engine.stage import brief

pytestmark = pytest.mark.engine

LINES = """\
version: 1
agents:
  support: {agent_name: support-agent}
trunks:
  us:
    provider: twilio
    domain_name: acme-us.pstn.twilio.com
    auth_username: livekit
    auth_password: {secret: twilioTermination}
numbers:
  one: {provider: twilio, phone_number: "+16505551234", agent: support}
  two: {provider: twilio, phone_number: "+16505551235", agent: support}
"""


@pytest.fixture(scope="module")
def project(make_project: MakeProject) -> Project:
    made = make_project(LINES)
    made.up()
    return made


def watched(project: Project, inventory: str = LINES) -> tuple[Run, list[str], list[str]]:
    """Apply; give the run, its writes, and those after which a trunk could not call out."""
    sandbox = project.sandbox
    writes: list[str] = []
    failed: list[str] = []
    add = sandbox.journal.add

    def looking(**fields: Any) -> Any:
        entry = add(**fields)
        if entry.write:
            writes.append(brief(entry))
            trunks = [trunk["sip_trunk_id"] for trunk in sandbox.livekit.outbound_trunks()]
            failed.extend(brief(entry) for trunk in trunks if not sandbox.can_call_out(trunk))
        return entry

    sandbox.journal.add = looking  # type: ignore[method-assign]
    try:
        return project.up(inventory), writes, failed
    finally:
        sandbox.journal.add = add  # type: ignore[method-assign]


@pytest.mark.parametrize("password", ["Second-Password-2", "Third-Password-33"])
def test_a_password_is_rotated_without_a_failed_call_out(project: Project, password: str) -> None:
    project.pulumi("config", "set", "--secret", "trunkline:twilioTermination", password)

    run, writes, failed = watched(project)

    assert failed == []
    assert [write for write in writes if "Update" in write] == ["UpdateSIPOutboundTrunk"] * 2
    assert writes[-1].startswith("DELETE") and "Credential" in writes[-1]
    assert "create-replacement Credential us" in " ".join(run.steps)
    assert {trunk["auth_password"] for trunk in project.sandbox.livekit.outbound_trunks()} == {password}
    project.preview("--expect-no-changes")


def test_a_user_is_changed_without_a_failed_call_out(project: Project) -> None:
    inventory = LINES.replace("auth_username: livekit", "auth_username: agents")

    _, _, failed = watched(project, inventory)

    assert failed == []
    assert {trunk["auth_username"] for trunk in project.sandbox.livekit.outbound_trunks()} == {"agents"}
    project.preview("--expect-no-changes")
