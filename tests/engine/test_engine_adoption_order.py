"""A carrier's trunk is adopted with the numbers on it: no call is sent to LiveKit before an agent answers it there."""

from __future__ import annotations

import httpx
import pytest

from sandbox import Fault
from sandbox.credentials import TWILIO
from tests.engine.conftest import OpenTheatre
from tests.engine.day import Day
from tests.engine.reach import answered, misled
from tests.faults.theatre import Theatre

pytestmark = pytest.mark.engine

NUMBERS = tuple(f"+1650555123{digit}" for digit in range(4, 8))
PBX = "sip:pbx.example.com"
EMPTY = """\
version: 1
agents: {desk: {agent_name: desk-agent}}
trunks:
  us:
    provider: twilio
    domain_name: acme-us.pstn.twilio.com
    auth_username: livekit
    auth_password: {secret: twilioTermination}
    adopt: true
"""
FILE = f"{EMPTY}numbers:\n" + "".join(
    f'  line-{place}: {{provider: twilio, phone_number: "{number}", agent: desk, adopt: true}}\n'
    for place, number in enumerate(NUMBERS)
)


@pytest.fixture(scope="module")
def theatre(open_theatre: OpenTheatre) -> Theatre:
    theatre = open_theatre(FILE)
    twilio = theatre.sandbox.twilio
    trunk = httpx.post(
        f"{theatre.server.url}/v1/Trunks",
        data={"FriendlyName": "Main", "DomainName": "acme-us.pstn.twilio.com"},
        auth=(TWILIO.sid, TWILIO.auth_token),
    ).json()["sid"]
    for number in NUMBERS:
        twilio.add_number(number, trunk_sid=trunk)
    twilio.add_origination_url(trunk, PBX)
    theatre.keep("theirs", FILE)
    return theatre


def test_the_route_to_livekit_comes_when_every_rule_of_the_trunk_stands(day: Day) -> None:
    assert (sorted(answered(day.sandbox)), sorted(misled(day.sandbox))) == ([], [])

    day.run("up")

    assert (day.led_astray, day.cut) == ([], [])
    assert sorted(answered(day.sandbox)) == sorted(NUMBERS)
    assert (day.charged, day.released) == ([], [])
    day.settles()


@pytest.mark.parametrize("flag", ["--exclude **:DispatchRule::line-0", "--exclude **:InboundTrunk::line-0"])
def test_a_route_of_which_a_rule_is_left_out_waits_for_the_next_update(day: Day, flag: str) -> None:
    run = day.run("up", *flag.split(), code=1)

    assert "Run `pulumi up` without `--target` and `--exclude`" in run.errors
    assert (day.led_astray, sorted(misled(day.sandbox)), day.cut) == ([], [], [])
    assert [url["sip_url"] for url in day.sandbox.twilio.store.table("origination_urls").values()] == [PBX]

    day.run("up")

    assert (day.led_astray, sorted(answered(day.sandbox))) == ([], sorted(NUMBERS))
    assert (day.charged, day.released) == ([], [])
    day.settles()


def test_a_route_that_is_targeted_alone_is_not_written(day: Day) -> None:
    day.run("up", "--target", "**:SipTrunk::us", "--target", "**:OriginationUrl::us", code=1)

    assert (day.led_astray, sorted(misled(day.sandbox))) == ([], [])
    day.run("up")
    assert (day.led_astray, sorted(answered(day.sandbox))) == ([], sorted(NUMBERS))


def test_a_rule_that_fails_leaves_the_trunks_calls_where_they_went(day: Day) -> None:
    day.sandbox.faults.add(Fault("status", vendor="livekit", path="CreateSIPDispatchRule", status=400))
    day.run("up", code=1)
    assert (day.led_astray, sorted(misled(day.sandbox))) == ([], [])
    assert [url["sip_url"] for url in day.sandbox.twilio.store.table("origination_urls").values()] == [PBX]

    day.sandbox.faults.clear()
    day.run("up")

    assert (day.led_astray, sorted(answered(day.sandbox))) == ([], sorted(NUMBERS))
    day.settles()
