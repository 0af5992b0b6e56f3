"""A trunk is renamed in place on the real engine: nothing is made or deleted, no call ends, nothing is bought."""

from __future__ import annotations

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.reach import Reach, answered
from tests.engine.stage import advance

pytestmark = pytest.mark.engine

LINES = """\
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
  office: {provider: custom, shared: true, sip_address: sip.provider.com}
numbers:
  one: {phone_number: "+16505551234", trunk: us, agent: support}
  two: {phone_number: "+442071234567", trunk: office, agent: support}
  uk: {phone_number: "+442071234568", trunk: office, agent: support}
"""


def test_trunks_keep_every_id_under_a_new_name(make_project: MakeProject) -> None:
    project = make_project(LINES)
    project.up()
    text = LINES.replace("trunk: us", "trunk: america").replace("trunk: office", "trunk: desk")
    bare = text.replace("  us:\n", "  america:\n").replace("  office: {", "  desk: {")
    named = bare.replace("  america:\n", "  america:\n    renamed_from: us\n").replace(
        "  desk: {", "  desk: {renamed_from: office, "
    )
    reach, mark = Reach(project.sandbox), project.sandbox.journal.mark()

    refused = project.up(bare, code=1).errors
    assert "renamed_from: us" in refused
    assert "renamed_from: office" in refused
    assert project.writes(mark) == []

    stage = advance(project, named)

    assert sorted(stage.before.values()) == sorted(stage.after.values())
    assert {write.split()[0] for write in stage.writes} == {
        "POST",
        "UpdateSIPInboundTrunk",
        "UpdateSIPOutboundTrunk",
        "UpdateSIPDispatchRule",
    }
    assert [step for step in stage.run.steps if step.split()[0] != "update"] == []
    advance(project, bare)
    assert (reach.cut, reach.led_astray, len(answered(project.sandbox))) == ([], [], 3)
    assert (reach.charged, reach.released) == (["+16505551234"], [])
