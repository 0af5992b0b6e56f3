"""The page says who answers some callers of a line, also where the line itself stays as it is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.review.engine_events import fleet, page, step
from trunkline.review.page import Change

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
