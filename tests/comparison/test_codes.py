"""Each code of `trunkline audit --live`: what it is found by, and what it says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.comparison.stage import CALLER, FILE, LINE, NUMBER, SCOPE, TAG, inbound, live, number, outbound, rule, sides
from trunkline.audit.finding import Severity
from trunkline.comparison import CODES, LiveFinding, Sides, compare
from trunkline.dump import CarrierTrunk, LiveObject
from trunkline.inventory import parse
from trunkline.money import Money

OTHER = "+16505550199"
ALIEN = "trunkline:other/prod/desk"
OPEN: dict[str, Any] = {"allowedAddresses": []}


def found(given: Sides, *, but: frozenset[str] = frozenset()) -> list[LiveFinding]:
    return [one for one in compare(given) if one.code not in but]


def says(code: str, subject: str, message: str, fix: str, **more: Any) -> LiveFinding:
    given = {"vendor": "livekit", **more}
    return LiveFinding(code=code, severity=CODES[code], subject=subject, message=message, fix=fix, **given)


HERE: dict[str, Any] = {"lines": ("sales-us",), "place": "numbers.yaml:5"}
SILENT = frozenset({"trunk-foreign", "agent-unreached"})


def test_a_line_that_is_everywhere_as_it_should_be_has_no_finding() -> None:
    assert found(sides()) == []


def test_a_vendor_that_does_not_answer_is_found_and_hides_nothing_of_the_others() -> None:
    given = sides(live=live(inbound=(), outbound=(), rules=(), numbers=(number(),)), unread={"livekit": "HTTP 503."})
    assert [one.code for one in found(given)] == ["vendor-unread", "number-unmanaged"]
    assert found(given)[0] == says(
        "vendor-unread",
        "livekit",
        "livekit was not read, so nothing is known of what it holds: HTTP 503.",
        "see to its answer or its credentials, and run this again",
    )


def test_a_number_that_is_paid_for_and_no_line_has_is_found_with_its_price() -> None:
    given = sides(live=live(numbers=(number(calls_go="an application"),)), costs={OTHER: Money.parse("1.15", "USD")})
    assert found(given) == [
        says(
            "number-unmanaged",
            OTHER,
            f"{OTHER} is paid for at twilio (1.15 USD a month) and no line has it; its calls go to an application",
            f"release it at twilio, or adopt it: `trunkline dump --only '{OTHER}'` writes its line",
            vendor="twilio",
            amounts={"USD": "1.15"},
        )
    ]


def test_a_number_with_this_stacks_tag_and_no_line_is_found_and_another_stacks_is_not() -> None:
    ours = number(tag=f"trunkline:{SCOPE}/gone")
    given = sides(live=live(numbers=(ours, number("+16505550198", tag=ALIEN))))
    assert found(given) == [
        says(
            "number-orphaned",
            OTHER,
            f"{OTHER} is paid for at twilio (a price that its carrier does not name) and carries this stack's tag"
            f" (trunkline:{SCOPE}/gone), but no line has it",
            "run `pulumi up`; where the line is gone for good, put it back with `removal: release` and apply that",
            vendor="twilio",
        )
    ]


def test_a_line_whose_number_left_its_account_is_found_and_one_on_order_is_not() -> None:
    line = LINE.model_copy(update={"provider": "twilio"})
    ordered = line.model_copy(update={"id": "ordered", "phone_number": OTHER, "status": "ordered"})
    given = sides(lines={"sales-us": line, "ordered": ordered})
    assert found(given, but=frozenset({"line-not-in-file"})) == [
        says(
            "number-gone",
            NUMBER,
            f"{NUMBER} of sales-us is not in the account of twilio",
            "ask the carrier; set `repurchase: true` to buy this same number again, or remove the line",
            vendor="twilio",
            **HERE,
        )
    ]


def test_what_the_state_has_and_livekit_has_not_is_found() -> None:
    assert found(sides(live=live(outbound=()))) == [
        says(
            "object-gone",
            "ST_out",
            "OutboundTrunk ST_out of sales-us is in the state and not at LiveKit",
            "run `pulumi up`, which makes it again",
            **HERE,
        )
    ]


def test_a_line_in_the_file_or_in_the_state_alone_is_found_and_a_renamed_one_is_not() -> None:
    text = FILE.replace("  sales-us:\n", "  sales:\n    renamed_from: sales-us\n") + (
        f'  desk: {{phone_number: "{OTHER}", agent: sales, provider: custom, sip_address: sip.example.com}}\n'
    )
    left = LINE.model_copy(update={"id": "left", "phone_number": "+16505550177"})
    given = sides(file=parse(text, "numbers.yaml"), lines={"sales-us": LINE, "left": left})
    assert found(given) == [
        says(
            "line-not-applied",
            "desk",
            "desk is in the file and not in the state",
            "run `pulumi up`",
            vendor="",
            lines=("desk",),
            place="numbers.yaml:12",
        ),
        says(
            "line-not-in-file",
            "left",
            "left (+16505550177) is in the state and not in the file",
            "run `pulumi up`, which removes what is marked; otherwise put the line back",
            vendor="",
            lines=("left",),
        ),
    ]


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


def test_a_password_that_is_not_the_states_is_found_and_shown_nowhere() -> None:
    given = sides(live=live(outbound=(outbound(authPassword="canary-2"),)))
    assert found(given) == [
        says(
            "secret-changed",
            "ST_out",
            f'the password of OutboundTrunk ST_out ("{TAG}") is not the one that the last update wrote',
            "run `pulumi up`, which writes the file's; where the new one is right, set it as the config secret first",
            **HERE,
        )
    ]
    assert "canary" not in repr(given)


def test_where_a_change_of_a_password_cannot_be_seen_is_said() -> None:
    given = sides(passwords=None, unseen={"CR1": "twilio"})
    assert found(given) == [
        says(
            "secret-unseen",
            "livekit",
            "whether the password of 1 trunk was changed outside cannot be seen here: the state's secrets could not be"
            " opened",
            "run it where `pulumi stack export --show-secrets` works: with the passphrase, or access to the key",
        ),
        says(
            "secret-unseen",
            "CR1",
            "twilio shows no password of Credential CR1, so that a change outside cannot be seen",
            "where calls out are refused, set the config secret to another password and run `pulumi up`",
            vendor="twilio",
        ),
    ]


def test_what_the_file_accepts_is_a_fact() -> None:
    text = FILE + "accepted: [{id: SDR_all, reason: the night desk}]\n"
    given = sides(file=parse(text, "numbers.yaml"), live=live(rules=(rule(), rule("SDR_all", "all", trunkIds=[]))))
    assert [(one.code, one.severity, one.message, one.fix) for one in found(given, but=SILENT)] == [
        (
            "finding-accepted",
            Severity.INFO,
            'rule-catch-all: DispatchRule SDR_all ("all") names no trunk, so that it answers every trunk without a rule'
            " of its own, also one that is made later. Accepted: the night desk",
            "",
        )
    ]


def test_what_people_call_an_object_cannot_drive_a_terminal() -> None:
    named = replace(rule("SDR_all", "a\x1b[2J|b", trunkIds=[]))
    assert '("a?[2J|b")' in found(sides(live=live(rules=(rule(), named))), but=SILENT)[0].message
