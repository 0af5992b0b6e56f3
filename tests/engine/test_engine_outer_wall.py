"""Calls in turned off and on again on the real engine: nothing fails half-way, and nothing is left over."""

from __future__ import annotations

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.project import Project
from tests.engine.reach import Reach, answered
from tests.engine.stage import advance

pytestmark = pytest.mark.engine

BOUGHT, GONE, SOLD, UK = "+16505551234", "+16505551235", "+447400123456", "+442071234567"
LINES = f"""\
version: 1
guard: {{max_purchases: 5}}
agents:
  support: {{agent_name: support-agent}}
trunks:
  us:
    provider: twilio
    domain_name: acme-us.pstn.twilio.com
    auth_username: livekit
    auth_password: {{secret: twilioTermination}}
  office: {{provider: custom, sip_address: sip.provider.com}}
numbers:
  bought: {{phone_number: "{BOUGHT}", trunk: us, agent: support}}
  gone: {{phone_number: "{GONE}", trunk: us, agent: support, removal: release}}
  sold: {{provider: vonage, phone_number: "{SOLD}", agent: support}}
  uk: {{phone_number: "{UK}", trunk: office, agent: support}}
"""


def with_keys(text: str, keys: str, *names: str) -> str:
    for name in names:
        text = "\n".join(f"{row[:-1]}, {keys}}}" if row.startswith(f"  {name}: ") else row for row in text.splitlines())
    return text + "\n"


def without(text: str, name: str) -> str:
    return "".join(row for row in text.splitlines(keepends=True) if not row.startswith(f"  {name}: "))


def rules(project: Project) -> set[str]:
    return {rule["name"].rpartition("/")[2] for rule in project.sandbox.livekit.dispatch_rules()}


def test_calls_in_are_turned_off_and_on(make_project: MakeProject) -> None:
    project = make_project(LINES)
    project.up()
    off = with_keys(without(LINES, "gone"), "inbound: false", "bought", "sold", "uk")
    reach, mark = Reach(project.sandbox), project.sandbox.journal.mark()

    # Also without a preview, and with other removals in the same update, nothing is written before the refusal.
    project.write_inventory(off)
    preview = project.preview(code=1)
    run = project.up(off, code=1)

    for said in (preview.errors, run.errors):
        assert 'line "uk" changes so that its own dispatch rule, which is protected, would go' in said
        assert "unprotect" not in said
    assert project.writes(mark) == []
    assert rules(project) == {"bought", "gone", "sold", "uk"}
    assert (reach.cut, len(answered(project.sandbox))) == ([], 4)

    # The steps that it says.
    project.up(with_keys(LINES, "removal: release", "uk"))
    advance(project, off)

    assert {one.partition(",")[0] for one in reach.cut} == {BOUGHT, GONE, SOLD, UK}
    assert rules(project) == set()
    assert not project.sandbox.livekit.inbound_trunks()
    assert len(project.sandbox.livekit.outbound_trunks()) == 3
    advance(project, without(LINES, "gone"))
    assert rules(project) == {"bought", "sold", "uk"}
    assert len(project.sandbox.livekit.inbound_trunks()) == 3
    assert set(answered(project.sandbox)) == {BOUGHT, SOLD, UK}
    # A line that takes no calls keeps its route: it is LiveKit that refuses its callers.
    assert {one.partition(",")[0] for one in reach.led_astray} == {BOUGHT, SOLD}
    assert (sorted(reach.charged), reach.released) == ([BOUGHT, GONE, SOLD], [GONE])
