"""What becomes of a call whose caller an entry of `callers` names: who answers, spelled how, and where it goes else."""

from __future__ import annotations

import pytest

from trunkline.calls import Call
from trunkline.calls.explain import explain as of_outputs
from trunkline.explain import explain, of_inventory
from trunkline.inventory import parse

VIP, ASKED, OTHER = "+13035550100", "+13035550101", "+13035550199"
DESK = "sip:desk@pbx.example.com"
FILE = f"""\
version: 1
agents:
  sales: {{agent_name: sales-agent, pin: "99"}}
  gold: {{agent_name: gold-agent}}
  asking: {{agent_name: asking-agent, pin: "1"}}
trunks: {{us: {{provider: twilio, domain_name: acme.pstn.twilio.com, fallback: "{DESK}"}}}}
numbers:
  a:
    provider: twilio
    phone_number: "+16505551234"
    outbound: false
    agent: sales
    callers: {{vip: {{from: ["{VIP}"], agent: gold}}, asked: {{from: ["{ASKED}"], agent: asking}}}}
  gb:
    provider: vonage
    phone_number: "+447400123456"
    country: GB
    agent: sales
    callers: {{vip: {{from: ["{VIP}"], agent: gold}}}}
"""


def answer(caller: str, called: str = "+16505551234") -> tuple[str, str]:
    found = explain(of_inventory(parse(FILE, "numbers.yaml")), Call(called=called, caller=caller))
    return found.reason, found.otherwise


def test_a_fallback_is_for_callers_who_enter_no_pin_alone() -> None:
    assert [answer(caller) for caller in (VIP, ASKED, OTHER)] == [
        ('agent "gold-agent" answers', f"if gold-agent does not answer within 15 s: {DESK}"),
        ('LiveKit asks for a PIN; then agent "asking-agent" answers', ""),
        ('LiveKit asks for a PIN; then agent "sales-agent" answers', ""),
    ]


@pytest.mark.parametrize(
    ("called", "caller", "spelled"), [("+16505551234", VIP[1:], VIP), ("+447400123456", VIP, VIP[1:])]
)
def test_of_a_caller_whom_a_rule_has_in_another_spelling_it_is_said_whom_that_one_reaches(
    called: str, caller: str, spelled: str
) -> None:
    assert answer(caller, called)[0] == (
        'LiveKit asks for a PIN; then agent "sales-agent" answers; a call from'
        f' {spelled} reaches agent "gold-agent": LiveKit compares these callers letter by letter'
    )


@pytest.mark.parametrize(
    ("caller", "reason"),
    [
        (VIP, 'agent "gold-agent" answers'),
        (OTHER, 'agent "sales-agent" answers'),
        (
            VIP[1:],
            f'agent "sales-agent" answers; a call from {VIP} reaches agent "gold-agent": LiveKit compares these callers'
            " letter by letter",
        ),
    ],
)
def test_the_api_says_the_same(caller: str, reason: str) -> None:
    rule = {
        "agent": "gold",
        "agentName": "gold-agent",
        "furtherAgents": [],
        "asksPin": False,
        "dispatchRuleId": "SDR_2",
    }
    line = {
        "id": "a", "inbound": True, "status": "active", "allowedCallers": [], "agent": "sales",
        "agentName": "sales-agent", "inboundTrunkId": "ST_1", "dispatchRuleId": "SDR_1",
        "callerRules": [{**rule, "name": "vip", "callers": [VIP]}],
    }  # fmt: skip
    assert of_outputs([line], "+16505551234", caller)["reason"] == reason
