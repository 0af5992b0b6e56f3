"""Faults: what the client sees and, apart from that, what really happened."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from sandbox import Dropped, Fault, Response, Sandbox
from tests.sandbox.callers import NOON, Clock, TwilioCaller, VonageCaller, refusal
from tests.support.waiting import SOON

US = "+16505551234"
CREATE = "/IncomingPhoneNumbers.json"


def outcome(world: Sandbox) -> tuple[int | str, bool, list[str]]:
    """Give the status and commit of the last request, and the numbers bought."""
    last = world.journal.entries()[-1]
    return last.status, last.committed, [charge.number for charge in world.ledger.charges()]


@pytest.mark.parametrize(
    ("fault", "seen", "bought"),
    [
        (Fault("status", when="before", status=503), 503, False),
        (Fault("status", when="after", status=500), 500, True),
        (Fault("drop", when="before"), "dropped", False),
        (Fault("drop", when="after"), "dropped", True),
        (Fault("html", when="before", status=502), 502, False),
        (Fault("html", when="after", status=502), 502, True),
        (Fault("reset"), "dropped", True),
        (Fault("truncate"), 201, True),
        (Fault("wrong_number"), 201, True),
        (Fault("delay", delay=3), 201, True),
    ],
    ids=lambda value: value.label if isinstance(value, Fault) else str(value),
)
def test_a_fault_shows_one_thing_and_the_ledger_says_what_was_done(
    world: Sandbox, twilio: TwilioCaller, fault: Fault, seen: int | str, bought: bool
) -> None:
    world.faults.add(fault)
    twilio.ask("POST", twilio.home + CREATE, {"PhoneNumber": US})
    assert outcome(world) == (seen, bought, [US] if bought else [])
    assert world.journal.entries()[-1].fault == fault.label
    assert twilio.numbers() == ([US] if bought else [])


def test_a_status_wears_the_vendors_own_envelope_and_the_tests_headers(
    world: Sandbox, twilio: TwilioCaller, vonage: VonageCaller
) -> None:
    world.faults.add(Fault("status", vendor="twilio", status=429, headers={"retry-after": "2"}))
    answer = twilio.ask("GET", "/v1/Trunks")
    assert isinstance(answer, Response)
    assert (answer.status, answer.json()) == refusal(20429, "Too Many Requests", 429)
    assert answer.headers["retry-after"] == "2"
    world.faults.add(Fault("status", vendor="vonage", status=429, body="slow down"))
    other = vonage.ask("GET", "/account/numbers")
    assert isinstance(other, Response)
    assert (other.status, other.body, "retry-after" in other.headers) == (429, b"slow down", False)


def test_a_truncated_answer_is_no_json_and_a_reset_one_breaks_off(world: Sandbox, twilio: TwilioCaller) -> None:
    whole = twilio.ask("GET", "/v1/Trunks")
    assert isinstance(whole, Response)
    world.faults.add(Fault("truncate"))
    cut = twilio.ask("GET", "/v1/Trunks")
    assert isinstance(cut, Response)
    with pytest.raises(json.JSONDecodeError):
        cut.json()
    world.faults.add(Fault("reset"))
    assert twilio.ask("GET", "/v1/Trunks") == Dropped(partial=whole)


@pytest.mark.parametrize(
    ("action", "rows"),
    [("short_page", [3, 2]), ("duplicate", [3, 3, 2, 1]), ("reorder", [1, 2, 3]), ("wrong_number", [4, 3, 2])],
)
def test_a_list_can_lie_about_its_rows(world: Sandbox, twilio: TwilioCaller, action: Any, rows: list[int]) -> None:
    for n in (1, 2, 3):
        world.twilio.add_number(f"+1650555000{n}")
    world.faults.add(Fault(action))
    assert twilio.numbers() == [f"+1650555000{n}" for n in rows]
    assert twilio.numbers() == [f"+1650555000{n}" for n in (3, 2, 1)]


def test_a_stale_list_shows_the_past_and_then_the_present(
    world: Sandbox, twilio: TwilioCaller, vonage: VonageCaller
) -> None:
    for n in range(3):
        twilio.buy(f"+1650555000{n}")
    vonage.buy("442079460123")
    world.faults.add(Fault("stale", lag=2))
    before = world.snapshot()
    assert twilio.numbers() == ["+16505550000"]
    assert (world.snapshot(), len(twilio.numbers())) == (before, 3)
    world.faults.add(Fault("stale", vendor="vonage", lag=99))
    assert vonage.owned() == {}


def test_a_stale_list_can_lag_by_seconds(world: Sandbox, twilio: TwilioCaller, clock: Clock) -> None:
    twilio.buy("+16505550000")
    clock.sleep(60)
    twilio.buy("+16505550001")
    world.faults.add(Fault("stale", lag_seconds=30, times=None))
    assert twilio.numbers() == ["+16505550000"]
    clock.sleep(31)
    assert twilio.numbers() == ["+16505550001", "+16505550000"]


def test_a_fault_skips_then_strikes_then_is_spent(world: Sandbox, twilio: TwilioCaller) -> None:
    world.faults.add(Fault("status", path="/v1/Trunks$", method="GET", skip=1, times=2))
    twilio.get(twilio.home + "/Balance.json")
    assert [twilio.get("/v1/Trunks")[0] for _ in range(5)] == [200, 500, 500, 200, 200]


def test_a_fault_can_name_one_number_or_all_writes(world: Sandbox, twilio: TwilioCaller) -> None:
    world.faults.add(Fault("status", params={"PhoneNumber": US}))
    assert [twilio.buy("+16505550000")[0], twilio.buy(US)[0]] == [201, 500]
    world.faults.add(Fault("status", write=True, times=None))
    assert [twilio.get("/v1/Trunks")[0], twilio.buy(US)[0], twilio.post("/v1/Trunks")[0]] == [200, 500, 500]


def test_delays_add_to_the_first_other_fault_that_matches(world: Sandbox, twilio: TwilioCaller, clock: Clock) -> None:
    world.faults.add(Fault("delay", delay=5))
    world.faults.add(Fault("status", status=500, delay=2))
    world.faults.add(Fault("status", status=503))
    assert [twilio.get("/v1/Trunks")[0] for _ in range(3)] == [500, 503, 200]
    assert clock.at == NOON + 7
    assert world.journal.entries()[0].fault == "delay before, status before"


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_held_request_waits_on_its_side_of_the_commit_and_holds_up_no_other(
    world: Sandbox, twilio: TwilioCaller, when: Any
) -> None:
    held = world.faults.add(Fault("hold", path=CREATE, method="POST", when=when))
    buying = threading.Thread(target=twilio.buy, args=(US,))
    buying.start()
    assert held.reached.wait(SOON)
    assert twilio.numbers() == ([US] if when == "after" else [])
    held.release()
    buying.join(SOON)
    assert twilio.numbers() == [US]


def test_clearing_the_faults_lets_go_what_they_hold(world: Sandbox, twilio: TwilioCaller) -> None:
    held = world.faults.add(Fault("hold", times=None))
    buying = threading.Thread(target=twilio.buy, args=(US,))
    buying.start()
    assert held.reached.wait(SOON)
    world.faults.clear()
    buying.join(SOON)
    assert (list(world.faults), twilio.numbers()) == ([], [US])


def test_a_fault_that_makes_no_sense_is_refused_with_every_reason() -> None:
    wrong: dict[str, Any] = {"action": "explode", "when": "never", "path": "(", "status": 7, "times": 0, "delay": -1}
    with pytest.raises(ValueError) as caught:
        Fault.of_json(wrong)
    for reason in ("'explode' is none of", "'never' is neither", "'(' is no regular", "7 is no HTTP", "times is", "delay is"):  # fmt: skip  # noqa: E501
        assert reason in str(caught.value)
    with pytest.raises(ValueError, match="unknown fields: colour, taste"):
        Fault.of_json({"action": "drop", "taste": 1, "colour": 2})
