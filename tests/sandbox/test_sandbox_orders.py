"""Purchases that are accepted and not seen yet, numbers that are not active yet, and look-ups that show the past."""

from __future__ import annotations

import pytest

from sandbox import Fault, Sandbox
from sandbox.twilio.settings import TwilioSettings
from tests.sandbox.callers import Clock, TwilioCaller, VonageCaller, refusal

US, GB = "+16505551234", "+447400551233"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> Sandbox:
    return Sandbox(now=clock, sleep=clock.sleep)


def test_a_late_order_at_twilio_is_charged_and_off_the_market_and_in_no_answer_until_its_time(
    world: Sandbox, clock: Clock
) -> None:
    twilio = TwilioCaller(world)
    world.faults.add(Fault("late_order", vendor="twilio", method="POST", lag_seconds=60))
    status, bought = twilio.buy(US)
    offers = f"{twilio.home}/AvailablePhoneNumbers/US/Local.json"
    one = f"{twilio.home}/IncomingPhoneNumbers/{bought['sid']}.json"

    assert status == 201
    assert [charge.number for charge in world.ledger.charges()] == [US]
    assert twilio.get(offers, Contains=US)[1]["available_phone_numbers"] == []
    assert (twilio.numbers(), twilio.get(one)[0]) == ([], 404)
    assert twilio.buy(US) == refusal(21422, f"{US} is not available.")

    clock.sleep(60)
    assert (twilio.numbers(), twilio.get(one)[0]) == ([US], 200)
    assert len(world.ledger.charges()) == 1


def test_a_late_order_at_vonage_is_charged_and_off_the_market_and_in_no_answer_until_its_time(
    world: Sandbox, clock: Clock
) -> None:
    vonage = VonageCaller(world)
    world.faults.add(Fault("late_order", vendor="vonage", path="buy", lag_seconds=60))
    assert vonage.buy(GB[1:])[0] == 200

    assert [charge.number for charge in world.ledger.charges()] == [GB]
    assert vonage.get("/number/search", country="GB", pattern=GB[1:], search_pattern=1)[1] == {}
    assert vonage.owned() == {}
    assert vonage.buy(GB[1:])[0] == 420
    assert vonage.post("/number/update", country="GB", msisdn=GB[1:])[0] == 420

    clock.sleep(60)
    assert [row["msisdn"] for row in vonage.owned()["numbers"]] == [GB[1:]]
    assert len(world.ledger.charges()) == 1


def test_a_late_order_goes_together_with_a_lost_reply(world: Sandbox) -> None:
    twilio = TwilioCaller(world)
    world.faults.add(Fault("late_order", vendor="twilio", method="POST", lag_seconds=60))
    world.faults.add(Fault("drop", vendor="twilio", method="POST", when="after"))

    answer = twilio.ask("POST", f"{twilio.home}/IncomingPhoneNumbers.json", {"PhoneNumber": US})

    assert type(answer).__name__ == "Dropped"
    assert (len(world.ledger.charges()), twilio.numbers()) == (1, [])
    assert [entry.fault for entry in world.journal.writes()] == ["late_order, drop after"]


@pytest.mark.parametrize("seconds", [5.0, 500.0])
def test_look_ups_can_lag_over_many_requests_and_any_time(world: Sandbox, clock: Clock, seconds: float) -> None:
    twilio = TwilioCaller(world)
    world.faults.add(Fault("stale", vendor="twilio", method="GET", lag_seconds=seconds, times=None))
    twilio.buy(US)
    path = f"{twilio.home}/IncomingPhoneNumbers.json"

    for _ in range(4):
        assert twilio.get(path, PhoneNumber=US)[1]["incoming_phone_numbers"] == []
        clock.sleep(seconds / 5)
    clock.sleep(seconds)
    assert [row["phone_number"] for row in twilio.get(path, PhoneNumber=US)[1]["incoming_phone_numbers"]] == [US]


def test_a_number_can_be_pending_for_a_while(clock: Clock) -> None:
    settings = TwilioSettings(pending_seconds=60, pending_status="pending-address")
    world = Sandbox(now=clock, sleep=clock.sleep, twilio=settings)
    twilio = TwilioCaller(world)

    _, bought = twilio.buy(US)
    one = f"{twilio.home}/IncomingPhoneNumbers/{bought['sid']}.json"

    assert (bought["status"], twilio.get(one)[1]["status"]) == ("pending-address", "pending-address")
    clock.sleep(60)
    assert twilio.get(one)[1]["status"] == "in-use"
