"""A line's `callers`: which are sound, and what is said of those that are not."""

from __future__ import annotations

import pytest

from trunkline.e164 import E164
from trunkline.errors import InventoryError
from trunkline.inventory import parse
from trunkline.inventory.rules import advice
from trunkline.model.entries import Callers

A, B = "+13035550100", "+13035550101"
HEAD = """\
version: 1
agents:
  desk: {agent_name: desk-agent}
  gold: {agent_name: gold-agent}
  any: {automatic_dispatch: true}
trunks:
  us: {provider: twilio, domain_name: acme-us.pstn.twilio.com}
numbers:
"""


def file(callers: str, more: str = "", provider: str = "provider: twilio") -> str:
    keys = f'{provider}, phone_number: "+16505551234", agent: desk, outbound: false'
    return f"{HEAD}  a: {{{keys}, callers: {callers}{more}}}\n"


def problems(text: str) -> list[tuple[str, str]]:
    with pytest.raises(InventoryError) as error:
        parse(text, "numbers.yaml")
    return [(one.rule, one.message) for one in error.value.problems]


def test_entries_are_read_by_their_names() -> None:
    late = 'late: {from: ["+13035550102"], agent: [gold, desk]}'
    found = parse(file(f'{{vip: {{from: ["{B}", "{A}"], agent: gold}}, {late}}}'), "n")
    assert found.lines["a"].callers == (
        Callers(name="late", numbers=(E164.parse("+13035550102"),), agent="gold", further_agents=("desk",)),
        Callers(name="vip", numbers=(E164.parse(B), E164.parse(A)), agent="gold"),
    )


@pytest.mark.parametrize(
    ("callers", "more", "expected"),
    [
        ("{vip: {agent: gold}}", "", ("missing-key", "numbers.a.callers.vip.from: this key is missing")),
        (f'{{vip: {{from: ["{A}"]}}}}', "", ("missing-key", "numbers.a.callers.vip.agent: this key is missing")),
        (f'{{vip: {{to: ["{A}"], from: ["{A}"], agent: gold}}}}', "", ("unknown-key", "there is no such key")),
        ('{vip: {from: ["13035550100"], agent: gold}}', "", ("invalid-number", "numbers.a.callers.vip.from.0")),
        ("{vip: {from: [13035550100], agent: gold}}", "", ("unquoted-number", "YAML reads")),
        (f'{{VIP: {{from: ["{A}"], agent: gold}}}}', "", ("name", '"VIP" is not a name for callers')),
        ("{vip: {from: [], agent: gold}}", "", ("no-callers", '"vip" names no caller')),
        (f'{{vip: {{from: ["{A}"], agent: nobody}}}}', "", ("unknown-agent", 'no agent "nobody" is declared')),
        (f'{{vip: {{from: ["{A}", "{A}"], agent: gold}}}}', "", ("listed-twice", f'"vip" lists {A} twice')),
        (
            f'{{late: {{from: ["{A}"], agent: gold}}, vip: {{from: ["{A}"], agent: gold}}}}',
            "",
            ("caller-twice", f'{A} of "vip" is one of "late" already'),
        ),
        ('{vip: {from: ["+16505551234"], agent: gold}}', "", ("unreachable", "the line's own number")),
        (
            f'{{vip: {{from: ["{A}"], agent: gold}}}}',
            f', allowed_callers: ["{B}"]',
            ("unreachable", f'{A} of "vip" is not among its allowed_callers'),
        ),
        (f'{{vip: {{from: ["{A}"], agent: [gold, any]}}}}', "", ("automatic-dispatch", '"vip": "any" has')),
    ],
)
def test_what_could_not_be_so_is_refused_at_its_place(callers: str, more: str, expected: tuple[str, str]) -> None:
    rule, words = expected
    (found,) = problems(file(callers, more))
    assert (found[0], words in found[1]) == (rule, True), found


def test_of_a_line_that_takes_no_calls_it_is_idle() -> None:
    text = file(f'{{vip: {{from: ["{A}"], agent: gold}}}}', ", inbound: false")
    text = text.replace("outbound: false", "outbound: true")
    assert problems(text) == [("idle-key", 'line "a": callers is about calls in, which it does not have')]


def test_a_number_of_livekit_s_own_has_no_callers_of_its_own() -> None:
    text = file(f'{{vip: {{from: ["{A}"], agent: gold}}}}', provider="provider: livekit")
    (found,) = problems(text)
    assert found[0] == "wrong-provider" and "callers is not for a livekit line" in found[1]


def test_lines_of_a_shared_trunk_agree_in_them() -> None:
    head = HEAD.replace("acme-us.pstn.twilio.com", "acme-us.pstn.twilio.com, shared: true")
    callers = f'callers: {{vip: {{from: ["{A}"], agent: gold}}}}'
    lines = (
        f'  a: {{trunk: us, phone_number: "+16505551234", agent: desk, {callers}}}\n'
        '  b: {trunk: us, phone_number: "+16505551235", agent: desk}\n'
    )
    assert [rule for rule, _ in problems(head + lines)] == ["shared-trunk"]


def test_of_a_sip_host_that_may_write_callers_otherwise_it_is_said() -> None:
    own = "sip_address: sip.example.com"
    entry = f'{{vip: {{from: ["{A}"], agent: gold}}}}'
    rules = [[one.rule for one in advice.warnings(parse(file(entry, provider=by), "n"))] for by in (own, "trunk: us")]
    assert rules == [["caller-spelling"], []]


@pytest.mark.parametrize(("agents", "warns"), [("desk", True), ("[desk, gold]", False), ("gold", False)])
def test_an_entry_whose_callers_reach_whom_all_others_reach_is_told(agents: str, warns: bool) -> None:
    found = advice.warnings(parse(file(f'{{vip: {{from: ["{A}"], agent: {agents}}}}}'), "n"))
    message = 'line "a": "vip" has the line\'s own agent, so its callers reach whom all others reach'
    told = [("idle-key", message, 'name another agent, or delete "vip"')] if warns else []
    assert [(one.rule, one.message, one.fix) for one in found] == told
