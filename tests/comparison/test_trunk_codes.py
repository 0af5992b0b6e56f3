"""Each code of `trunkline audit --live` about trunks and rules at LiveKit: what it is found by, and what it says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.comparison.stage import (
    ALIEN,
    CALLER,
    HERE,
    LINE,
    NUMBER,
    OTHER,
    SCOPE,
    SILENT,
    TAG,
    found,
    inbound,
    live,
    outbound,
    rule,
    says,
    sides,
)
from trunkline.dump import CarrierTrunk, LiveObject
from trunkline.inventory import parse

OPEN: dict[str, Any] = {"allowedAddresses": []}


def test_a_tagged_trunk_or_rule_that_the_state_has_not_is_found() -> None:
    given = sides(
        live=live(
            outbound=(outbound(), outbound("ST_left", numbers=[OTHER])),
            rules=(rule(), rule("SDR_left", trunkIds=["ST_in"], also={"callers": [CALLER]})),
        )
    )
    back = "run `pulumi up`: it takes back what a line wants, and removes the rest"
    assert found(given) == [
        says(
            "trunk-orphaned",
            "ST_left",
            f'OutboundTrunk ST_left ("{TAG}") carries this stack\'s tag and is not in its state',
            back,
        ),
        says(
            "rule-orphaned",
            "SDR_left",
            f'DispatchRule SDR_left ("{TAG}") carries this stack\'s tag and is not in its state',
            back,
        ),
    ]


def test_trunks_of_nobody_and_of_another_stack_are_facts() -> None:
    carriers = CarrierTrunk(provider="twilio", trunk=LiveObject(id="TK1", tag="Acme", props={}))
    given = sides(live=live(outbound=(outbound(), outbound("ST_x", ALIEN, numbers=[OTHER])), trunks=(carriers,)))
    assert found(given) == [
        says(
            "trunk-foreign",
            "ST_x",
            f'OutboundTrunk ST_x ("{ALIEN}") is of line "desk" of fleet "other/prod"',
            "",
        ),
        says(
            "trunk-foreign",
            "TK1",
            'SipTrunk TK1 ("Acme") is no stack\'s',
            "`trunkline dump` tells whether a line can have it",
            vendor="twilio",
        ),
    ]


def test_a_trunk_for_every_number_is_found() -> None:
    given = sides(live=live(inbound=(inbound(), inbound("ST_all", "", numbers=[]))))
    assert found(given, but=SILENT) == [
        says(
            "trunk-catch-all",
            "ST_all",
            "InboundTrunk ST_all has no numbers, so that it takes calls to every number that no other trunk has",
            "give it its numbers, or remove it",
        )
    ]


@pytest.mark.parametrize("shut", [{"authUsername": "pbx"}, {"authPassword": "x"}, {"allowedAddresses": ["192.0.2.1"]}])
def test_a_trunk_open_to_any_source_is_found_and_one_with_a_wall_is_not(shut: dict[str, Any]) -> None:
    assert found(sides(live=live(inbound=(inbound(**OPEN),)))) == [
        says(
            "trunk-open",
            "ST_in",
            f'InboundTrunk ST_in ("{TAG}") takes calls from any address: it has neither a user nor allowed addresses',
            "write `allowed_addresses` with its carrier's networks on numbers.sales-us",
            **HERE,
        )
    ]
    assert found(sides(live=live(inbound=(inbound(**{**OPEN, **shut}),))), but=frozenset({"secret-changed"})) == []


@pytest.mark.parametrize(
    ("tag", "where"),
    [(ALIEN, 'in the file of its stack, where it is line "desk" of fleet "other/prod"'), ("", "at LiveKit")],
    ids=["another stack's", "nobody's"],
)
def test_an_open_trunk_of_another_stack_is_shut_in_its_file_and_not_by_hand(tag: str, where: str) -> None:
    theirs = inbound("ST_x", tag, numbers=["+16505550009"], **OPEN)
    shown = [one for one in found(sides(live=live(inbound=(inbound(), theirs)))) if one.code == "trunk-open"]
    assert [one.fix for one in shown] == [f"write `allowed_addresses` with its carrier's networks {where}"]


OF_ONE_TRUNK = """\
version: 1
agents: {sales: {agent_name: sales-agent}}
trunks:
  acme: {provider: twilio, domain_name: acme.pstn.twilio.com}
accepted: [{id: ST_3, reason: the lobby}]
numbers:
  a: {phone_number: "+16505550001", trunk: acme, agent: sales}
  b: {phone_number: "+16505550002", trunk: acme, agent: sales}
  c: {phone_number: "+16505550003", trunk: acme, agent: sales}
  d: {phone_number: "+447400123456", provider: vonage, agent: sales}
  e: {phone_number: "+447400123457", provider: vonage, agent: sales}
"""


def test_open_trunks_of_one_trunk_of_the_file_or_of_one_carrier_are_one_finding_that_counts_them() -> None:
    file = parse(OF_ONE_TRUNK, "numbers.yaml")
    lines = {
        name: LINE.model_copy(
            update={
                "id": name,
                "phone_number": str(line.number),
                "provider": line.provider,
                "inbound_trunk_id": f"ST_{place}",
                "outbound_trunk_id": "",
                "dispatch_rule_id": "",
            }
        )
        for place, (name, line) in enumerate(file.lines.items(), start=1)
    }
    there = tuple(
        inbound(f"ST_{place}", f"trunkline:{SCOPE}/{name}", numbers=[line.phone_number], **OPEN)
        for place, (name, line) in enumerate(lines.items(), start=1)
    )
    held = frozenset(one.id for one in there)
    given = sides(file=file, lines=lines, held=held, live=live(inbound=there, outbound=(), rules=()))
    shown = [one for one in found(given) if one.code in ("trunk-open", "finding-accepted")]
    they = "take calls from any address: they have neither a user nor allowed addresses"
    assert shown == [
        says(
            "trunk-open",
            "acme",
            f"2 inbound trunks at LiveKit, of trunk acme, {they}",
            "write `allowed_addresses` with its carrier's networks on trunks.acme",
            lines=("a", "b"),
            place="numbers.yaml:7",
        ),
        says(
            "finding-accepted",
            "ST_3",
            f'trunk-open: InboundTrunk ST_3 ("trunkline:{SCOPE}/c") takes calls from any address: it has neither a user'
            " nor allowed addresses. Accepted: the lobby",
            "",
            lines=("c",),
            place="numbers.yaml:9",
        ),
        says(
            "trunk-open",
            "vonage",
            f"2 inbound trunks at LiveKit, of vonage's lines, {they}",
            "write `allowed_addresses` with its carrier's networks on a trunk of vonage under `trunks:`",
            lines=("d", "e"),
            place="numbers.yaml:10",
        ),
    ]


def test_a_callers_filter_with_a_number_of_ours_is_found_in_a_trunk_and_in_a_rule() -> None:
    given = sides(
        live=live(
            inbound=(inbound(allowedNumbers=["1 (650) 555-1234", CALLER]),),
            rules=(rule(also={"callers": [NUMBER]}),),
        )
    )
    fix = "list who may call, or nobody; the numbers that are called stand elsewhere"
    assert found(given, but=SILENT) == [
        says(
            "filter-own-number",
            "ST_in",
            f'InboundTrunk ST_in ("{TAG}") lets in as callers {NUMBER}, which is ours',
            fix,
            lines=("sales-us",),
            place="numbers.yaml:10",
        ),
        says(
            "filter-own-number",
            "SDR_1",
            f'DispatchRule SDR_1 ("{TAG}") lets in as callers {NUMBER}, which is ours, and nobody else',
            fix,
            lines=("sales-us",),
            place="numbers.yaml:10",
        ),
    ]


def test_outbound_trunks_of_one_address_and_number_are_found_and_others_are_not() -> None:
    twin = outbound("ST_twin", "", address="SIP.example.com", numbers=["16505551234", OTHER])
    apart = outbound("ST_apart", "", address="other.example.com")
    assert found(sides(live=live(outbound=(outbound(), twin, apart))), but=SILENT) == [
        says(
            "outbound-duplicate",
            "ST_out",
            f"OutboundTrunk ST_out and ST_twin both call out as {NUMBER} over sip.example.com",
            "keep the one that your calls name; remove the other",
            **HERE,
        )
    ]


def test_a_rule_for_every_trunk_is_found() -> None:
    assert found(sides(live=live(rules=(rule(), rule("SDR_all", "all", trunkIds=[])))), but=SILENT) == [
        says(
            "rule-catch-all",
            "SDR_all",
            'DispatchRule SDR_all ("all") names no trunk, so that it answers every trunk without a rule of its own,'
            " also one that is made later",
            "name its trunks, or remove it",
        )
    ]


def test_a_trunk_id_that_does_not_exist_is_found_and_one_of_a_number_of_livekits_own_is_not() -> None:
    beside = rule("SDR_2", "", agent="", trunkIds=["PN_PPN_abc", "ST_gone"])
    assert found(sides(live=live(rules=(rule(trunkIds=["ST_in", "ST_old"]), beside)))) == [
        says(
            "rule-dangling-id",
            "SDR_1",
            f'DispatchRule SDR_1 ("{TAG}") names ST_old, which LiveKit does not have',
            "run `pulumi up`",
            **HERE,
        ),
        says(
            "rule-dangling-id",
            "SDR_2",
            "DispatchRule SDR_2 names ST_gone, which LiveKit does not have",
            "take the id out of the rule",
        ),
    ]
    only = found(sides(live=live(rules=(rule(), rule("SDR_2", "", agent="", trunkIds=["ST_gone"])))))
    assert [(one.message, one.fix) for one in only] == [
        ("DispatchRule SDR_2 names ST_gone, which LiveKit does not have, and no trunk besides", "remove the rule")
    ]


def test_an_agent_whom_no_call_reaches_is_found_ours_and_others() -> None:
    given = sides(live=live(rules=(rule(agent="night"), rule("SDR_2", "", agent="idle", trunkIds=["ST_gone"]))))
    assert found(given, but=frozenset({"rule-dangling-id"})) == [
        says(
            "agent-unreached",
            "idle",
            'no call reaches the agent "idle", whom SDR_2 would call',
            "give it a number, or remove the rule",
        ),
        says(
            "agent-unreached",
            "sales-agent",
            'no call reaches the agent "sales-agent", whom no rule calls',
            "run `pulumi up`, or see with `trunkline explain --on live` where its calls end",
            lines=("sales-us",),
            place="numbers.yaml:3",
        ),
    ]


@pytest.mark.parametrize(
    "reached",
    [
        {"also": {"callers": [CALLER]}},
        {"also": {"pin": "4711"}},
        {"also": {"numbers": [NUMBER.removeprefix("+")]}},
        {"trunkIds": []},
        {"trunkIds": ["PN_PPN_abc"]},
    ],
)
def test_an_agent_whom_some_caller_reaches_is_none_of_these(reached: dict[str, Any]) -> None:
    trunk = inbound(allowedNumbers=["+13035550177", CALLER])
    given = sides(live=live(inbound=(trunk,), rules=(rule(**reached),)))
    assert found(given, but=frozenset({"rule-catch-all"})) == []
