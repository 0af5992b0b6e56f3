"""Each code of `trunkline audit --live`: what it is found by, and what it says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.comparison.stage import (
    ALIEN,
    FILE,
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
    number,
    outbound,
    rule,
    says,
    sides,
)
from trunkline.audit.finding import Severity
from trunkline.comparison import Unread
from trunkline.errors import Reason, Rejected
from trunkline.inventory import parse
from trunkline.money import Money


def test_a_line_that_is_everywhere_as_it_should_be_has_no_finding() -> None:
    assert found(sides()) == []


def test_a_vendor_that_does_not_answer_is_found_and_hides_nothing_of_the_others() -> None:
    given = sides(
        live=live(inbound=(), outbound=(), rules=(), numbers=(number(),)), unread={"livekit": Unread("HTTP 503.")}
    )
    assert [one.code for one in found(given)] == ["vendor-unread", "number-unmanaged"]
    assert found(given)[0] == says(
        "vendor-unread",
        "livekit",
        "livekit was not read, so nothing is known of what it holds: HTTP 503",
        "see to its answer or its credentials, and run this again",
    )


def test_a_vendor_that_says_why_it_does_not_answer_is_told_with_one_advice() -> None:
    fix = "Set the clock, then run again."
    refused = Rejected("livekit", "ListSIPInboundTrunk", "expired", reason=Reason.CREDENTIALS, status=401, fix=fix)
    given = sides(live=live(inbound=(), outbound=(), rules=()), unread={"livekit": Unread.of(refused)})
    assert found(given)[0] == says(
        "vendor-unread",
        "livekit",
        "livekit was not read, so nothing is known of what it holds: livekit: ListSIPInboundTrunk: expired (HTTP 401)."
        " Nothing was changed by this request",
        "Set the clock, then run again",
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


@pytest.mark.parametrize("kind", ["inbound", "outbound"])
def test_a_number_without_a_tag_is_another_stacks_where_the_tag_of_its_trunk_says_so(kind: str) -> None:
    trunk = inbound if kind == "inbound" else outbound
    theirs = trunk("ST_theirs", ALIEN, numbers=["1 650 555 0199"])
    held = live(numbers=(number(provider="vonage"),), **{kind: (trunk(), theirs)})
    assert found(sides(live=held), but=SILENT) == []


def test_a_number_that_the_file_gives_to_another_stack_is_no_number_without_a_line() -> None:
    line = f'phone_number: "{OTHER}", agent: sales, provider: vonage, adopt: true, stacks: [eu]'
    file = parse(f"{FILE}    stacks: [us]\n  mv: {{{line}}}\n", "numbers.yaml").for_stack("us")
    assert found(sides(file=file, live=live(numbers=(number(provider="vonage"),)))) == []


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
