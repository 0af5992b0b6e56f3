"""On the real engine: an inventory in parts, and what one stack has otherwise."""

from __future__ import annotations

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.project import STACK

pytestmark = pytest.mark.engine

ROOT = f"""\
version: 1
defaults: {{provider: twilio, stacks: [{STACK}, other]}}
trunks:
  twilio-us:
    provider: twilio
    domain_name: acme-us.pstn.twilio.com
    auth_username: livekit
    auth_password: {{secret: twilioTermination}}
    owner: {STACK}
"""
PART = f"""\
agents:
  support: {{agent_name: support-agent, by_stack: {{{STACK}: {{agent_name: support-test}}}}}}
numbers:
  sales: {{phone_number: "+16505551234", agent: support, stacks: [{STACK}]}}
"""
WHOLE = ROOT + PART.replace(f", by_stack: {{{STACK}: {{agent_name: support-test}}}}", "").replace(
    "support-agent", "support-test"
)


def test_parts_make_what_one_file_makes_and_a_refusal_names_the_part_and_its_line(make_project: MakeProject) -> None:
    project = make_project(ROOT)
    part = project.directory / "numbers.d" / "sales.yaml"
    part.parent.mkdir()
    part.write_text(PART, encoding="utf-8")
    project.up()
    mark = project.sandbox.journal.mark()

    part.write_text(PART.replace("51234", "51235"), encoding="utf-8")
    refused = project.preview(code=1)
    part.unlink()
    gone = project.preview(code=1)
    whole = project.up(WHOLE)

    assert project.outputs()["lines"]["sales"]["agentName"] == "support-test"
    assert 'numbers.d/sales.yaml:4: line "sales"' in refused.errors
    assert "no line is of stack" in gone.errors
    assert (whole.steps, project.writes(mark)) == ([], [])
