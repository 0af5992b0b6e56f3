"""The user name of a Twilio trunk is a plain setting: as a secret it would mask the vendor's own name."""

from __future__ import annotations

import pytest

from sandbox import Fault
from tests.engine.conftest import MakeProject
from tests.engine.project import Project

pytestmark = pytest.mark.engine

SETTING = "trunkline:twilioSipUsername"
ONE_LINE = """\
version: 1
agents: {support: {agent_name: support-agent}}
numbers: {support-us: {provider: twilio, phone_number: "+16505551234", agent: support}}
"""


@pytest.fixture(scope="module")
def project(make_project: MakeProject) -> Project:
    made = make_project(ONE_LINE, twilioSipUsername="livekit", twilioSipPassword="Canary-Names-0001")
    made.up()
    return made


def failing(project: Project) -> str:
    project.sandbox.faults.add(Fault("status", vendor="livekit", path="ListSIP", status=403, times=None))
    printed = project.preview(code=1).text
    project.sandbox.faults.clear()
    return printed


def test_a_plain_user_name_leaves_the_vendors_name_to_be_read(project: Project) -> None:
    printed = failing(project)
    assert "livekit: ListSIP" in printed
    assert "set as a secret" not in printed


def test_one_that_is_a_secret_works_on_and_the_preview_says_what_it_costs(project: Project) -> None:
    project.pulumi("config", "set", "--secret", SETTING, "livekit")
    told = project.preview()
    # The engine records the configuration with its provider, and nothing else changes.
    assert told.steps == ["update pulumi-python default"]
    assert f"{SETTING} is set as a secret, so Pulumi writes [secret]" in told.text
    project.pulumi("config", "set", SETTING, "livekit")
    assert project.preview().steps == []
