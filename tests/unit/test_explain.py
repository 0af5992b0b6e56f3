"""The call model: who answers a call, or why nobody does."""

from __future__ import annotations

from typing import Any

import pytest

from trunkline.calls.explain import explain

NUMBER, CALLER = "+16505551234", "+442071234567"
LINE: dict[str, Any] = {
    "id": "sales",
    "phoneNumber": NUMBER,
    "inbound": True,
    "status": "active",
    "allowedCallers": [],
    "agent": "ag_1",
    "agentName": "sales-agent",
    "inboundTrunkId": "ST_1",
    "dispatchRuleId": "SDR_1",
}


def test_a_call_to_a_line_reaches_its_agent() -> None:
    assert explain([LINE], NUMBER, CALLER) == {
        "to": NUMBER,
        "caller": CALLER,
        "answered": True,
        "line": "sales",
        "agent": "ag_1",
        "agentName": "sales-agent",
        "inboundTrunkId": "ST_1",
        "dispatchRuleId": "SDR_1",
        "reason": 'agent "sales-agent" answers',
    }


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"inbound": False}, 'line "sales" takes no calls (inbound: false): LiveKit finds no trunk and answers 404'),
        ({"status": "vanished"}, f"{NUMBER} is not in its carrier's account any more: no call arrives"),
        ({"status": "ordered"}, f"{NUMBER} was ordered and is not in its carrier's account yet: no call arrives"),
        ({"status": "pending"}, f"{NUMBER} is not active yet: no call arrives"),
        (
            {"allowedCallers": ["+13035550100"]},
            f"{CALLER} is not among the line's allowed_callers: LiveKit finds no trunk and answers 404",
        ),
        ({"dispatchRuleId": ""}, "the line has no dispatch rule: LiveKit drops the call with 486"),
    ],
)
def test_a_call_that_reaches_nobody_says_why(change: dict[str, Any], reason: str) -> None:
    assert explain([LINE | change], NUMBER, CALLER) == {
        "to": NUMBER,
        "caller": CALLER,
        "answered": False,
        "line": "sales",
        "agent": "",
        "agentName": "",
        "inboundTrunkId": "",
        "dispatchRuleId": "",
        "reason": reason,
    }


def test_a_number_of_no_line_finds_no_trunk() -> None:
    explained = explain([], NUMBER, "")

    assert (explained["line"], explained["reason"]) == (
        "",
        f"no line has {NUMBER}: LiveKit finds no trunk and answers 404",
    )


def test_a_listed_caller_is_let_through() -> None:
    assert explain([LINE | {"allowedCallers": [CALLER]}], NUMBER, CALLER)["answered"] is True


def test_a_listed_caller_is_let_through_however_its_carrier_spells_it() -> None:
    assert explain([LINE | {"allowedCallers": [CALLER]}], NUMBER, CALLER[1:])["answered"] is True


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"furtherAgents": ["scribe"]}, 'agents "sales-agent" and "scribe" answer'),
        ({"agentName": ""}, "agents that registered without a name answer"),
        ({"asksPin": True}, 'LiveKit asks for a PIN; then agent "sales-agent" answers'),
    ],
)
def test_whoever_answers_is_named(change: dict[str, Any], reason: str) -> None:
    explained = explain([LINE | change], NUMBER, CALLER)
    assert (explained["answered"], explained["reason"]) == (True, reason)
