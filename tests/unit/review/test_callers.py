"""The page says who answers some callers of a line, also where the line itself stays as it is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.review.engine_events import fleet, page, step
from trunkline.review.page import Change, Wall

WISH = {"provider": "twilio", "phoneNumber": "+16505551234", "removal": "protect", "held": True}
RECORD = {"lines": {"a": WISH}}
DESK = {"agents": [{"agentName": "desk"}], "onlyCallers": []}
VIP, NIGHT = "+13035550100", "+13035550101"


def rule(*callers: str, agent: str = "gold") -> dict[str, Any]:
    return {"agents": [{"agentName": agent}], "onlyCallers": list(callers)}


@pytest.mark.parametrize(
    ("op", "before", "after", "expected"),
    [
        (
            "create",
            None,
            rule(VIP),
            Change(place="callers vip", field="agents", was="(none)", becomes=f"gold for {VIP}"),
        ),
        (
            "delete",
            rule(VIP),
            None,
            Change(place="callers vip", field="agents", was=f"gold for {VIP}", becomes="(none)"),
        ),
        (
            "update",
            rule(VIP),
            rule(VIP, NIGHT),
            Change(place="callers vip", field="only_callers", was=VIP, becomes=f"{VIP}, {NIGHT}"),
        ),
        (
            "update",
            rule(VIP),
            rule(VIP, agent="x"),
            Change(place="callers vip", field="agents", was="gold", becomes="x"),
        ),
    ],
)
def test_an_entry_that_comes_changes_or_goes_is_a_change_of_its_line(
    op: str, before: dict[str, Any] | None, after: dict[str, Any] | None, expected: Change
) -> None:
    events = [
        fleet(RECORD, RECORD),
        step("DispatchRule", "a", "same", DESK, DESK),
        step("CallerRule", "a+vip", op, before, after),
    ]
    (line,) = page(events).lines
    assert (line.line, line.what, line.before, line.after, line.changes) == (
        "a",
        "changed",
        "desk",
        "desk",
        (expected,),
    )


def test_a_line_that_comes_is_told_with_whom_its_entries_call() -> None:
    events = [
        fleet({"lines": {}}, RECORD),
        step("DispatchRule", "a", "create", None, DESK),
        step("CallerRule", "a+vip", "create", None, rule(VIP)),
        step("InboundTrunk", "a", "create", None, {"numbers": ["+16505551234"]}),
    ]
    (line,) = page(events).lines
    told = Change(place="callers vip", field="agents", was="(none)", becomes=f"gold for {VIP}")
    assert (line.what, line.after, line.changes) == ("added", "desk", (told,))


def test_an_entry_that_goes_while_its_line_is_renamed_is_told_with_the_line() -> None:
    events = [
        fleet(RECORD, {"lines": {"b": {**WISH, "renamedFrom": "a"}}}),
        step("DispatchRule", "b", "update", {**DESK, "tag": "t/a"}, {**DESK, "tag": "t/b"}),
        step("CallerRule", "a+vip", "delete", rule(VIP), None),
    ]
    (line,) = page(events).lines
    assert (line.what, line.former, line.changes) == (
        "renamed",
        "a",
        (
            Change(place="dispatch rule", field="tag", was="t/a", becomes="t/b"),
            Change(place="callers vip", field="agents", was=f"gold for {VIP}", becomes="(none)"),
        ),
    )


PIN = {"pin": "[secret]"}
ASKING = {**DESK, **PIN}
VIP_ASKED, BOTH_ASKED = {**rule(VIP), **PIN}, {**rule(VIP, NIGHT), **PIN}


def asks(*callers: str) -> Wall:
    return Wall(owner="a", wall=f"pin of {', '.join(callers)}: LiveKit asks for a PIN", was="[pin]", becomes="(none)")


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        # An entry that comes takes its callers from the line, which asks for a PIN.
        ([("DispatchRule", "a", ASKING, ASKING), ("CallerRule", "a+vip", None, rule(VIP))], [asks(VIP)]),
        # One that asks, and goes, leaves its callers to the line, which does not.
        ([("DispatchRule", "a", DESK, DESK), ("CallerRule", "a+vip", BOTH_ASKED, None)], [asks(VIP, NIGHT)]),
        # A caller moves from an entry that asks to one that does not.
        (
            [
                ("DispatchRule", "a", DESK, DESK),
                ("CallerRule", "a+asks", BOTH_ASKED, {**rule(NIGHT), **PIN}),
                ("CallerRule", "a+free", rule("+13035550102"), rule("+13035550102", VIP)),
            ],
            [asks(VIP)],
        ),
        # Both ask, or none does, or he is asked from now on.
        ([("DispatchRule", "a", ASKING, ASKING), ("CallerRule", "a+vip", None, VIP_ASKED)], []),
        ([("DispatchRule", "a", DESK, DESK), ("CallerRule", "a+vip", None, rule(VIP))], []),
        ([("DispatchRule", "a", ASKING, ASKING), ("CallerRule", "a+vip", rule(VIP), None)], []),
        # The line comes with its entries: nobody was asked before.
        ([("DispatchRule", "a", None, ASKING), ("CallerRule", "a+vip", None, rule(VIP))], []),
    ],
)  # fmt: skip
def test_callers_who_enter_a_pin_no_more_stand_among_the_walls(steps: Any, told: list[Wall]) -> None:
    events = [fleet(RECORD, RECORD), *(step(kind, name, op_of(was, now), was, now) for kind, name, was, now in steps)]
    assert list(page(events).walls) == told


def test_a_pin_that_falls_at_the_rule_itself_is_told_once() -> None:
    events = [
        fleet(RECORD, RECORD),
        step("DispatchRule", "a", "same", DESK, DESK),
        step("CallerRule", "a+vip", "update", VIP_ASKED, rule(VIP)),
    ]
    wall = "pin of the rule for some callers: it asks callers for a PIN"
    assert list(page(events).walls) == [Wall(owner="a+vip", wall=wall, was="[pin]", becomes="(none)")]


def test_an_entry_that_comes_as_its_line_is_renamed_lowers_the_same_wall() -> None:
    events = [
        fleet(RECORD, {"lines": {"b": {**WISH, "renamedFrom": "a"}}}),
        step("DispatchRule", "b", "same", DESK, DESK),
        step("CallerRule", "a+asks", "delete", VIP_ASKED, None),
    ]
    assert [(one.owner, one.wall) for one in page(events).walls] == [("b", asks(VIP).wall)]


def op_of(was: Any, now: Any) -> str:
    return "create" if was is None else "delete" if now is None else "same" if was == now else "update"
