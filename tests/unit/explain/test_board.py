"""Which trunk, rule and agent a call hits, or exactly why none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.state.fleet import OFFICE, SALES, SUPPORT, outputs
from trunkline.calls import Call, Rule, Trunk
from trunkline.explain import Answer, Extension, Switchboard, explain, of_inventory, of_state
from trunkline.inventory import parse
from trunkline.outputs import Line

FILE = """\
version: 1
agents: {support: {agent_name: support-agent}, sales: {agent_name: sales-agent}}
trunks:
  twilio-us: {provider: twilio, domain_name: acme.pstn.twilio.com, auth_username: u, auth_password: {secret: s}}
  pool:
    {provider: custom, sip_address: sip.example.com, shared: true, allowed_addresses: [203.0.113.0/28]}
numbers:
  sales-us:
    {provider: twilio, phone_number: "+16505551234", agent: sales, allowed_callers: ["+13035550100"]}
  found: {provider: twilio, search: {country: US}, agent: support}
  out: {provider: twilio, phone_number: "+16505551299", inbound: false}
  uk-1: {phone_number: "+442071234567", trunk: pool, agent: support}
  uk-2: {phone_number: "+442071234568", trunk: pool, agent: support}
"""
CALLER = "+13035550100"
BY_FILE: dict[str, tuple[Call, Answer]] = {
    "a line": (
        Call(called="+16505551234", caller=CALLER),
        Answer(
            answered=True,
            line="sales-us",
            trunk="InboundTrunk sales-us",
            rule="DispatchRule sales-us",
            agents=("sales-agent",),
            keys=("sales",),
            reason='agent "sales-agent" answers',
        ),
    ),
    "a number as its carrier spells it": (
        Call(called="16505551234", caller=CALLER[1:]),
        Answer(
            answered=True,
            line="sales-us",
            trunk="InboundTrunk sales-us",
            rule="DispatchRule sales-us",
            agents=("sales-agent",),
            keys=("sales",),
            reason='agent "sales-agent" answers',
        ),
    ),
    "a caller that the line keeps out": (
        Call(called="+16505551234", caller="+1999"),
        Answer(
            answered=False,
            line="sales-us",
            reason="LiveKit finds no trunk and answers 404 (InboundTrunk sales-us does not admit +1999)",
        ),
    ),
    "an address that the trunk keeps out": (
        Call(called="+442071234567", source="198.51.100.1"),
        Answer(
            answered=False,
            line="uk-1",
            reason="LiveKit finds no trunk and answers 404 (InboundTrunk pool does not admit the address 198.51.100.1)",
        ),
    ),
    "a shared trunk": (
        Call(called="+442071234568", source="203.0.113.7"),
        Answer(
            answered=True,
            line="uk-2",
            trunk="InboundTrunk pool",
            rule="DispatchRule pool",
            agents=("support-agent",),
            keys=("support",),
            reason='agent "support-agent" answers',
        ),
    ),
    "a line for calls out": (
        Call(called="+16505551299"),
        Answer(
            answered=False,
            line="out",
            reason='line "out" takes no calls (inbound: false): LiveKit finds no trunk and answers 404',
        ),
    ),
    "a number of no line, while one has none yet": (
        Call(called="+1999"),
        Answer(
            answered=False,
            reason="no line has +1999: LiveKit finds no trunk and answers 404 (the file does not say yet which numbers"
            " these lines get: found; see --on state)",
        ),
    ),
}


@pytest.mark.parametrize("name", BY_FILE)
def test_by_the_file(name: str) -> None:
    call, answer = BY_FILE[name]

    assert explain(of_inventory(parse(FILE, "numbers.yaml")), call) == answer


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (
            SALES,
            Answer(
                answered=True,
                line="sales-us",
                trunk="ST_in_sales",
                rule="SDR_sales",
                agents=("sales-agent",),
                keys=("ag_550e8400",),
                reason='agent "sales-agent" answers',
            ),
        ),
        (
            SALES.model_copy(update={"status": "vanished"}),
            Answer(
                answered=False,
                line="sales-us",
                reason="+16505551234 is not in its carrier's account any more: no call arrives",
            ),
        ),
        (
            SALES.model_copy(update={"status": "pending"}),
            Answer(answered=False, line="sales-us", reason="+16505551234 is not active yet: no call arrives"),
        ),
        (
            SALES.model_copy(update={"dispatch_rule_id": ""}),
            Answer(
                answered=False,
                line="sales-us",
                trunk="ST_in_sales",
                reason="LiveKit finds no dispatch rule and drops the call with 486",
            ),
        ),
        (
            SALES.model_copy(update={"inbound_trunk_id": ""}),
            Answer(answered=False, line="sales-us", reason="LiveKit finds no trunk and answers 404"),
        ),
        (
            SALES.model_copy(update={"allowed_addresses": ("203.0.113.0/28",)}),
            Answer(
                answered=False,
                line="sales-us",
                reason="LiveKit finds no trunk and answers 404 (ST_in_sales does not admit the address 198.51.100.1)",
            ),
        ),
    ],
    ids=["active", "vanished", "pending", "without a rule", "without a trunk", "address kept out"],
)
def test_by_the_state(line: Line, answer: Answer) -> None:
    call = Call(called="+16505551234", caller=CALLER, source="198.51.100.1")

    assert explain(of_state(outputs([line, SUPPORT, OFFICE])), call) == answer


def test_lines_that_share_a_trunk_are_one_trunk_of_the_state() -> None:
    shared = {"inbound_trunk_id": "ST_1", "dispatch_rule_id": "SDR_1", "agent": "a", "agent_name": "a-agent"}
    lines = [line.model_copy(update=shared) for line in (SALES, OFFICE)]

    board = of_state(outputs(lines))

    assert board.trunks == (Trunk(id="ST_1", numbers=(SALES.phone_number, OFFICE.phone_number)),)
    assert board.rules == (Rule(id="SDR_1", trunk_ids=("ST_1",), agents=("a-agent",)),)


OPEN = Switchboard(
    trunks=(Trunk(id="ST_1", numbers=("+1650",)),),
    rules=(Rule(id="SDR_1", trunk_ids=("ST_1",), agents=("a", "b")),),
    lines=(Extension(line="sales", number="+1650"),),
    agents={"a": "key-a"},
)


def test_several_agents_are_told_with_the_keys_that_are_known() -> None:
    assert explain(OPEN, Call(called="+1650")) == Answer(
        answered=True,
        line="sales",
        trunk="ST_1",
        rule="SDR_1",
        agents=("a", "b"),
        keys=("key-a",),
        reason='agents "a" and "b" answer',
    )


def test_a_rule_that_calls_no_agent_is_no_answer() -> None:
    board = replace(OPEN, rules=(Rule(id="SDR_1", trunk_ids=("ST_1",)),))
    reason = "the rule makes a room and calls no agent into it: the caller waits alone until one comes by itself"
    assert explain(board, Call(called="+1650")) == Answer(
        answered=False, line="sales", trunk="ST_1", rule="SDR_1", reason=reason
    )


def test_a_pin_is_asked_for_before_an_agent_answers() -> None:
    board = replace(OPEN, rules=(Rule(id="SDR_1", trunk_ids=("ST_1",), agents=("a",), pin="1"),))
    assert explain(board, Call(called="+1650")) == Answer(
        answered=True,
        line="sales",
        trunk="ST_1",
        rule="SDR_1",
        agents=("a",),
        keys=("key-a",),
        reason='LiveKit asks for a PIN; then agent "a" answers',
    )


def test_a_self_hosted_server_hands_a_call_without_a_trunk_on_to_the_rules_for_every_trunk() -> None:
    board = Switchboard(trunks=(), rules=(Rule(id="SDR_any", agents=("a",)),), trunkless=True)

    assert explain(board, Call(called="+1650")) == Answer(
        answered=True, rule="SDR_any", agents=("a",), reason='agent "a" answers'
    )


SEVERAL = """\
version: 1
agents:
  desk: {agent_name: desk-agent}
  scribe: {agent_name: scribe}
  anyone: {automatic_dispatch: true}
  guarded: {agent_name: desk-agent, pin: {secret: deskPin}}
trunks: {pbx: {provider: custom, sip_address: sip.example.com}}
numbers:
  a: {trunk: pbx, called_number: "2000", agent: [desk, scribe]}
  b: {trunk: pbx, called_number: "2001", agent: anyone}
  c: {trunk: pbx, called_number: "2002", agent: guarded}
"""


@pytest.mark.parametrize(
    ("number", "answered", "reason"),
    [
        ("2000", True, 'agents "desk-agent" and "scribe" answer'),
        ("2001", False, "the rule makes a room and calls no agent into it"),
        ("2002", True, 'LiveKit asks for a PIN; then agent "desk-agent" answers'),
        ("2003", False, "no line has 2003"),
    ],
)
def test_an_extension_is_explained_with_all_whom_its_rule_calls(number: str, answered: bool, reason: str) -> None:
    found = explain(of_inventory(parse(SEVERAL, "numbers.yaml")), Call(called=number, caller=CALLER))
    assert (found.answered, found.reason[: len(reason)]) == (answered, reason)


def test_the_state_tells_of_further_agents_and_of_a_pin() -> None:
    stack = outputs()
    line = stack.lines["sales-us"].model_copy(update={"further_agents": ("scribe",), "asks_pin": True})
    board = of_state(stack.model_copy(update={"lines": {"sales-us": line}}))
    (rule,) = board.rules
    assert (rule.agents, bool(rule.pin)) == ((line.agent_name, "scribe"), True)


FALLING_OVER = """\
version: 1
defaults: {fallback: "sip:desk@pbx.example.com"}
agents: {support: {agent_name: support-agent}, guarded: {agent_name: support-agent, pin: "1234"}}
numbers:
  a: {provider: twilio, phone_number: "+16505551234", agent: support, outbound: false}
  d: {provider: twilio, phone_number: "+16505551237", agent: guarded, outbound: false}
  b: {provider: vonage, phone_number: "+16505551235", agent: support, outbound: false, ringing_timeout: 40}
  c: {phone_number: "+16505551236", agent: support, sip_address: pbx.example.com}
"""


@pytest.mark.parametrize(
    ("number", "otherwise"),
    [
        ("+16505551234", "if support-agent does not answer within 15 s: sip:desk@pbx.example.com"),
        ("+16505551235", "if support-agent does not answer within 40 s: sip:desk@pbx.example.com"),
        ("+16505551236", ""),
        ("+16505551237", ""),
    ],
)
def test_it_is_explained_where_a_call_goes_that_no_agent_answers_in_time(number: str, otherwise: str) -> None:
    found = explain(of_inventory(parse(FALLING_OVER, "numbers.yaml")), Call(called=number, caller=CALLER))
    assert (found.answered, found.otherwise) == (True, otherwise)


def test_the_state_tells_of_a_fallback_too() -> None:
    stack = outputs()
    line = stack.lines["sales-us"].model_copy(update={"fallback": "sip:desk@pbx.example.com", "fallback_after": 15})
    call = Call(called=line.phone_number, caller=CALLER)
    found = explain(of_state(stack.model_copy(update={"lines": {"sales-us": line}})), call)
    assert found.to_json(call)["otherwise"] == (
        f"if {line.agent_name} does not answer within 15 s: sip:desk@pbx.example.com"
    )
