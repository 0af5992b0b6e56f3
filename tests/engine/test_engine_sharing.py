"""`shared:` switched on and off on the real engine: ids are kept, and nothing fails half-way."""

from __future__ import annotations

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.project import Project
from tests.engine.stage import Stage, advance

pytestmark = pytest.mark.engine

KINDS = ("InboundTrunk", "OutboundTrunk", "DispatchRule")
APART = """\
version: 1
guard: {max_purchases: 5}
agents:
  support: {agent_name: support-agent}
trunks:
  us:
    provider: twilio
    domain_name: acme-us.pstn.twilio.com
    auth_username: livekit
    auth_password: {secret: twilioTermination}
  office: {provider: custom, sip_address: sip.provider.com}
numbers:
  one: {phone_number: "+16505551234", trunk: us, agent: support}
  two: {phone_number: "+16505551235", trunk: us, agent: support}
  uk: {phone_number: "+442071234567", trunk: office, agent: support}
"""
SHARED = APART.replace("twilioTermination}\n", "twilioTermination}\n    shared: true\n").replace(
    "sip.provider.com}", "sip.provider.com, shared: true}"
)


@pytest.fixture(scope="module")
def project(make_project: MakeProject) -> Project:
    made = make_project(APART)
    made.up()
    return made


@pytest.fixture(scope="module")
def on(project: Project) -> Stage:
    return advance(project, SHARED)


@pytest.fixture(scope="module")
def off(project: Project, on: Stage) -> Stage:
    return advance(project, APART)


def test_the_first_lines_objects_become_the_trunks(on: Stage) -> None:
    for kind in KINDS:
        assert on.after[f"{kind} us"] == on.before[f"{kind} one"]
        assert on.after[f"{kind} office"] == on.before[f"{kind} uk"]
        assert f"{kind} two" not in on.after


def test_the_trunks_objects_become_the_first_lines(off: Stage) -> None:
    for kind in KINDS:
        assert off.after[f"{kind} one"] == off.before[f"{kind} us"]
        assert off.after[f"{kind} uk"] == off.before[f"{kind} office"]


@pytest.mark.parametrize("stage", ["on", "off"])
def test_every_number_is_in_one_trunk_and_no_carrier_is_written_to(
    stage: str, request: pytest.FixtureRequest, project: Project
) -> None:
    walked: Stage = request.getfixturevalue(stage)

    assert [write for write in walked.writes if write.startswith(("POST", "DELETE"))] == []
    assert {name: id_ for name, id_ in walked.after.items() if "PhoneNumber" in name} == {
        name: id_ for name, id_ in walked.before.items() if "PhoneNumber" in name
    }
