"""The callers whom others answer, as the resources of a state say, and who answers a call of theirs by it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.state import fleet
from tests.state.state_file import written
from trunkline.audit.checks import findings
from trunkline.audit.fleet import AuditedFleet
from trunkline.calls import Call
from trunkline.calls.explain import explain as for_api
from trunkline.changes import ChangeKind, LineChange, itemised
from trunkline.explain import explain, of_state
from trunkline.outputs import CallerRule, to_json
from trunkline.state import checkpoint
from trunkline.state.checkpoint import StackState

VIP = "+13035550100"
RULE = CallerRule(name="vip", callers=(VIP,), agent="night", agent_name="night-agent", dispatch_rule_id="SDR_sales_vip")
SALES = fleet.SALES.model_copy(update={"caller_rules": (RULE,)})
LINES = (SALES, fleet.SUPPORT, fleet.OFFICE)
SAYS: dict[str, Any] = {
    "vendorId": "SDR_sales_vip",
    "trunkIds": ["ST_in_sales"],
    "onlyCallers": [VIP],
    "agents": [{"agentName": "night-agent", "metadata": ""}],
}


def state(**says: Any) -> StackState:
    """Give the state whose rule for some callers says this; there is none where it says nothing."""
    resources = {line.id: fleet.resources(line) for line in LINES}
    if says:
        resources["sales-us"]["CallerRule"] = says
    document = json.loads(written(fleet.document(LINES), resources))
    for item in document["checkpoint"]["latest"]["resources"]:
        item["urn"] += "+vip" if item["type"].endswith(":CallerRule") else ""
    return checkpoint.parse(json.dumps(document).encode())


def test_a_complete_update_has_nothing_to_lay_over_its_outputs() -> None:
    found = state(**SAYS)
    assert (found.lines["sales-us"], found.differences) == (SALES, {})


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        (
            {**SAYS, "agents": [{"agentName": "support-agent", "metadata": ""}]},
            (RULE.model_copy(update={"agent": "support", "agent_name": "support-agent"}),),
        ),
        ({**SAYS, "onlyCallers": [VIP, "+1"]}, (RULE.model_copy(update={"callers": (VIP, "+1")}),)),
        ({}, ()),
    ],
    ids=["another agent", "another caller", "gone"],
)
def test_what_the_rule_says_counts(says: dict[str, Any], expected: tuple[CallerRule, ...]) -> None:
    found = state(**says)
    assert found.lines["sales-us"] == SALES.model_copy(update={"caller_rules": expected})
    assert [one.field for one in found.differences["sales-us"]] == ["callerRules"]


@pytest.mark.parametrize(
    ("caller", "agent", "rule"), [(VIP, "night", RULE.dispatch_rule_id), ("+1", "ag_550e8400", "")]
)
def test_a_call_is_answered_by_the_rule_for_its_caller(caller: str, agent: str, rule: str) -> None:
    found = state(**SAYS).outputs
    told = for_api([to_json(found.lines["sales-us"])], SALES.phone_number, caller)
    answer = explain(of_state(found), Call(called=SALES.phone_number, caller=caller))
    expected = (agent, rule or SALES.dispatch_rule_id)
    assert (told["agent"], told["dispatchRuleId"]) == (answer.keys[0], answer.rule) == expected


def test_who_answers_some_callers_alone_answers_a_line() -> None:
    codes = [(one.code, one.subject) for one in findings(AuditedFleet(outputs=state(**SAYS).outputs))]
    without = [(one.code, one.subject) for one in findings(AuditedFleet(outputs=state().outputs))]
    assert (("agent-without-lines", "night") in codes, ("agent-without-lines", "night") in without) == (False, True)


def test_a_change_of_them_is_told_in_the_history() -> None:
    before, after = (json.dumps(to_json(line)).encode() for line in (fleet.SALES, SALES))
    change = itemised(LineChange(line="sales-us", kind=ChangeKind.CHANGED, before=before, after=after))
    assert [(name, json.loads(text)["before"]) for name, text in change.fields] == [("callerRules", [])]
