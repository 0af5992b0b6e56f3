"""What an update leaves out: nothing is made that would need it, and a `destroy` does not stumble over it."""

from __future__ import annotations

import pytest

from tests.engine.day import Day
from tests.engine.stage import edited

pytestmark = pytest.mark.engine

US, NEW, GB = "+16505551234", "+16505551235", "+447400123456"
FILE = f"""\
version: 1
agents: {{support: {{agent_name: support-agent}}, sales: {{agent_name: sales-agent}}}}
trunks:
  us:
    provider: twilio
    domain_name: acme-us.pstn.twilio.com
    auth_username: livekit
    auth_password: {{secret: twilioTermination}}
numbers:
  sales: {{provider: twilio, phone_number: "{US}", agent: sales, removal: release}}
  uk: {{provider: vonage, phone_number: "{GB}", agent: support, removal: release}}
"""
MORE = f'{FILE}  more: {{provider: twilio, phone_number: "{NEW}", agent: sales}}\n'
REMAPPED = edited(MORE, f'"{US}", agent: sales', f'"{US}", agent: support')


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("InboundTrunk", "InboundTrunk more, which it needs, was left out of this update. It was not changed."),
        ("DispatchRule", f"{NEW} of line more was neither bought nor routed: its dispatch rule was left out of this"),
    ],
)
def test_a_new_line_of_which_a_part_is_left_out_is_not_bought(day: Day, kind: str, said: str) -> None:
    left_out = day.urn(kind, "sales").replace("::sales", "::more")

    run = day.run("up", "--exclude", left_out, file=MORE, code=1)

    assert said in run.errors
    assert (len(day.charged), day.cut, day.led_astray) == (2, [], [])
    # A rule without trunks would take the calls of all.
    assert all(rule["trunk_ids"] for rule in day.sandbox.livekit.dispatch_rules())
    day.run("up")
    assert (day.charged.count(NEW), len(day.charged), day.cut, day.led_astray) == (1, 3, [], [])
    day.settles()


def test_a_new_line_hinders_no_update_of_another_that_leaves_the_fleet_out(day: Day) -> None:
    run = day.run("up", "--target", day.urn("DispatchRule", "sales"), file=REMAPPED)

    assert [step.partition(" agents")[0] for step in run.steps if "PhoneLine" not in step] == [
        "update DispatchRule sales"
    ]
    assert sorted(day.theatre.project.outputs()["lines"]) == ["sales", "uk"]
    assert len(day.charged) == 2
    day.run("up")
    assert (day.charged.count(NEW), day.cut) == (1, [])
    day.settles()


@pytest.mark.parametrize("file", [FILE, MORE], ids=["as it is", "with a line that was never applied"])
def test_a_fleet_is_destroyed_and_destroyed_again(day: Day, file: str) -> None:
    day.run("destroy", file=file)
    assert (sorted(day.released), len(day.charged)) == ([US, GB], 2)
    assert day.sandbox.livekit.dispatch_rules() == ()
    mark = day.sandbox.journal.mark()

    day.run("destroy")

    assert day.sandbox.journal.writes(mark) == []
