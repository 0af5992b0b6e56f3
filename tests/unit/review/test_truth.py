"""The page says what will be, and what was until now, also where somebody changed something by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.review.engine_events import drifted, fleet, page, step
from trunkline.money import Money
from trunkline.review import Verdict, text
from trunkline.review.page import Change, Drift, Line

A = "+16505551234"
COST = {"amount": "1.15", "currency": "USD"}
WISH = {"provider": "twilio", "phoneNumber": A, "removal": "protect", "held": True, "monthlyCost": COST}
RECORD = {"lines": {"a": WISH}}
AGENT = {"agents": [{"agentName": "x"}]}
NUMBER = {"phoneNumber": A, "provider": "twilio", "status": "owned", "trunkSid": "TK1", "tag": "trunkline:f/a"}
GONE = {**NUMBER, "status": "vanished"}
PAID = (Money.from_json(COST),)


def answers(events: list[str]) -> list[tuple[str, str, str]]:
    return [(line.line, line.before, line.after) for line in page(events).lines]


def test_nobody_answers_a_number_that_vanished_and_nobody_pays_for_it() -> None:
    found = page(
        [
            fleet(RECORD, RECORD),
            step("DispatchRule", "a", "same", AGENT, AGENT),
            drifted("PhoneNumber", "a", NUMBER, GONE),
            step("PhoneNumber", "a", "update", {**NUMBER}, GONE),
        ]
    )
    assert [(line.before, line.after) for line in found.lines] == [("", "")]
    assert (found.costs.before, found.costs.after) == ((), ())


def test_a_number_that_vanished_and_is_bought_again_is_answered_and_paid_for_from_then_on() -> None:
    found = page(
        [
            fleet(RECORD, RECORD),
            step("DispatchRule", "a", "same", AGENT, AGENT),
            drifted("PhoneNumber", "a", NUMBER, GONE),
            step("PhoneNumber", "a", "update", GONE, {**NUMBER, "status": "repurchase"}),
        ]
    )
    assert [(line.before, line.after) for line in found.lines] == [("", "x")]
    assert (found.costs.before, found.costs.after) == ((), PAID)


@pytest.mark.parametrize("kind", ["DispatchRule", "InboundTrunk"])
def test_nobody_answered_a_line_whose_rule_or_trunk_was_removed_by_hand(kind: str) -> None:
    props: dict[str, Any] = {"DispatchRule": AGENT, "InboundTrunk": {"numbers": [A]}}
    events = [
        fleet(RECORD, RECORD),
        *(
            step(one, "a", "create" if one == kind else "same", None if one == kind else props[one], props[one])
            for one in props
        ),
        drifted(kind, "a", props[kind], None),
        step("PhoneNumber", "a", "same", NUMBER, NUMBER),
    ]
    assert answers(events) == [("a", "", "x")]


@pytest.mark.parametrize("kind", ["SipTrunk", "OriginationUrl"])
def test_nobody_answered_the_lines_of_a_carrier_s_trunk_that_leads_nowhere(kind: str) -> None:
    props = {"vendorId": "TK1"} if kind == "SipTrunk" else {"vendorId": "OU1", "trunkSid": "TK1"}
    events = [
        fleet(RECORD, RECORD),
        step("DispatchRule", "a", "same", AGENT, AGENT),
        drifted(kind, "us", props, None, line=False),
        step(kind, "us", "create", None, props, line=False),
        step("PhoneNumber", "a", "same", NUMBER, NUMBER),
    ]
    assert answers(events) == [("a", "", "x")]


def test_nobody_answered_a_number_whose_route_was_taken_off() -> None:
    loose = {**NUMBER, "trunkSid": ""}
    events = [
        fleet(RECORD, RECORD),
        step("DispatchRule", "a", "same", AGENT, AGENT),
        drifted("PhoneNumber", "a", NUMBER, loose),
        step("PhoneNumber", "a", "update", loose, NUMBER),
    ]
    assert answers(events) == [("a", "", "x")]


def by_both(recorded: Any, found: Any, wanted: Any) -> list[str]:
    sides = [{"krispEnabled": False, "ringingTimeout": value} for value in (recorded, found, wanted)]
    op = "same" if found == wanted else "update"
    return [
        fleet(RECORD, RECORD),
        step("DispatchRule", "a", "same", AGENT, AGENT),
        drifted("InboundTrunk", "a", sides[0], sides[1]),
        step("InboundTrunk", "a", op, sides[1], sides[2]),
    ]


def test_what_hand_and_file_changed_at_once_is_a_change_and_the_drift_is_said_apart() -> None:
    found = page(by_both(10, 20, 30))
    change = Change(place="inbound trunk", field="ringing_timeout", was="20", becomes="30")
    assert found.lines == (Line(line="a", what="changed", number=A, before="x", after="x", changes=(change,)),)
    assert found.drift == (
        Drift(kind="inbound trunk", name="a", field="ringing_timeout", recorded="10", found="20", becomes="30"),
    )
    shown = text.render(found)
    assert "inbound trunk of a, ringing_timeout: 10 => 20; the file says 30 by now\n" in shown
    assert "put right" not in shown


def test_what_the_file_says_by_now_too_is_not_put_right() -> None:
    found = page(by_both(10, 20, 20))
    assert (found.verdict, found.lines) == (Verdict.NOTHING, ())
    assert "ringing_timeout: 10 => 20; the file says the same by now\n" in text.render(found)


def test_what_the_file_does_not_say_otherwise_is_put_right() -> None:
    found = page(by_both(10, 20, 10))
    assert found.lines == ()
    assert "ringing_timeout: 10 => 20; this update puts it right again\n" in text.render(found)


MARKED = {"lines": {"a": {**WISH, "removal": "release"}}}
OURS = {**NUMBER, "removal": "release", "formerTags": ["trunkline:f/b"]}


def leaving(going: dict[str, Any], number: dict[str, Any] | None = None) -> Any:
    after = {
        "lines": {},
        "guard": {"maxPurchases": 1, "maxReleases": 1, "maxMonthlyIncrease": {}},
        "going": {"a": going},
    }
    return page([fleet(MARKED, after), step("PhoneNumber", "a", "delete", number or OURS, None)])


@pytest.mark.parametrize("tag", ["trunkline:f/a", "trunkline:f/b"])
def test_a_number_that_carries_the_line_s_tag_is_released(tag: str) -> None:
    found = leaving({"held": True, "tag": tag, "tagged": ""})
    assert [one.number for one in found.released] == [A]
    assert found.notices == ()


def test_a_number_that_is_not_the_line_s_any_more_is_not_told_as_released() -> None:
    found = leaving({"held": True, "tag": "Reception", "tagged": ""})
    assert (found.released, found.kept, found.final) == ((), (), ())
    assert found.notices == (
        f"{A} of line a is not released: it does not carry what the last update wrote any more (tag: trunkline:f/a =>"
        " Reception). It stays in the twilio account as it is, and is paid for. Take it by a line with `adopt: true`,"
        " or release it there",
    )
    assert found.costs.after == PAID
    assert found.costs.limits[1].used == "0"


def test_a_number_without_tags_is_known_by_its_route() -> None:
    number = {**OURS, "provider": "vonage", "sipUri": "sip:1@livekit"}
    assert leaving({"held": True, "sipUri": "sip:desk@pbx", "tagged": ""}, number).released == ()
    assert len(leaving({"held": True, "sipUri": "sip:1@livekit", "tagged": ""}, number).released) == 1


def test_a_number_that_left_its_account_cannot_be_released() -> None:
    found = leaving({"held": False, "tagged": ""})
    assert (found.released, found.costs.before, found.costs.after) == ((), (), ())
    assert found.notices == (f"{A} of line a is in its twilio account no more: nothing is released",)


def test_a_number_that_another_line_takes_over_is_not_released() -> None:
    after = {"lines": {"b": {**WISH, "acquisition": "adopt"}}}
    found = page([fleet(MARKED, after), step("PhoneNumber", "a", "delete", OURS, None)])
    assert found.released == ()
