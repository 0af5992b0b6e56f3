"""Runs that end before their end: Ctrl-C once and twice, and `cancel`, between a purchase and what saves it."""

from __future__ import annotations

import pytest

from tests.engine.day import Day
from tests.engine.reach import answered

pytestmark = pytest.mark.engine

NUMBER, MORE = "+16505551234", "+16505551236"
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
  sales: {{provider: twilio, phone_number: "{NUMBER}", agent: sales}}
"""
NEW = f'{FILE}  more: {{provider: twilio, phone_number: "{MORE}", agent: support}}\n'
PURCHASE = ("twilio", "POST", r"/IncomingPhoneNumbers\.json$")


@pytest.mark.parametrize("way", ["ctrl_c", "ctrl_c_twice", "cancel"])
def test_a_run_that_is_stopped_as_a_number_was_bought_is_finished_by_the_next(day: Day, way: str) -> None:
    day.theatre.project.write_inventory(NEW)

    day.stopped("up", at=PURCHASE, by=getattr(day, way))

    assert day.charged == [NUMBER, MORE]
    day.run("up")
    assert (day.charged, day.released, day.cut) == ([NUMBER, MORE], [], [])
    assert answered(day.sandbox) == {NUMBER, MORE}
    day.settles()
