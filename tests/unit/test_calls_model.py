"""The call model against tables: what LiveKit's own tests say, and what its source does beyond them."""

from __future__ import annotations

import pytest

from trunkline.calls import Call, Match, Outcome, Rule, Trunk, admits, match

OUR, CALLER = "+16505550123", "+13035550100"
CALL = Call(called=OUR, caller=CALLER, source="1.1.1.1", host="sip.example.com")
NAMED, OTHER, ANY = Trunk(id="ST_named", numbers=(OUR,)), Trunk(id="ST_other", numbers=("+1999",)), Trunk(id="ST_any")
FORMS = ("direct", "individual", "callee")


def outcome(trunks: list[Trunk], call: Call = CALL) -> tuple[Outcome, str]:
    """Say which trunk takes a call that one rule for every trunk answers."""
    met = match(call, trunks, [Rule(id="SDR_any")])
    return met.outcome, met.trunk.id if met.trunk else ""


@pytest.mark.parametrize(
    ("trunks", "expected"),
    [
        ([], (Outcome.NO_TRUNK, "")),
        ([ANY], (Outcome.ANSWERED, "ST_any")),
        ([NAMED], (Outcome.ANSWERED, "ST_named")),
        ([OTHER], (Outcome.NO_TRUNK, "")),
        ([ANY, NAMED], (Outcome.ANSWERED, "ST_named")),
        ([ANY, OTHER], (Outcome.ANSWERED, "ST_any")),
        ([NAMED, Trunk(id="ST_2", numbers=("1 (650) 555-0123",))], (Outcome.SEVERAL_TRUNKS, "")),
        ([Trunk(id="ST_1", numbers=(OUR, "16505550123"))], (Outcome.ANSWERED, "ST_1")),
        ([ANY, Trunk(id="ST_2")], (Outcome.SEVERAL_TRUNKS, "")),
        ([ANY, Trunk(id="ST_2"), NAMED], (Outcome.ANSWERED, "ST_named")),
        ([NAMED, Trunk(id="ST_2", numbers=(OUR,), allowed_numbers=("+1999",))], (Outcome.ANSWERED, "ST_named")),
        ([NAMED, Trunk(id="ST_2", numbers=(OUR,), allowed_numbers=("1303-555-0100",))], (Outcome.SEVERAL_TRUNKS, "")),
        ([Trunk(id="ST_1", numbers=(OUR,), allowed_addresses=("2.2.2.2",)), ANY], (Outcome.ANSWERED, "ST_any")),
    ],
)
def test_a_trunk_that_names_the_number_goes_before_one_for_all_and_two_refuse_the_call(
    trunks: list[Trunk], expected: tuple[Outcome, str]
) -> None:
    assert outcome(trunks) == expected


@pytest.mark.parametrize(
    ("addresses", "admitted"),
    [
        ([], True),
        (["1.1.1.1"], True),
        (["1.1.1.2"], False),
        (["1.1.1.0/24"], True),
        (["1.1.1.9/24"], True),
        (["1.1.2.0/24"], False),
        (["1.1.1.0/255.255.255.0"], False),
        (["sip.example.com"], True),
        (["other.example.com"], False),
        (["2.2.2.2, 3.3.3.3"], True),
        (["sip:2.2.2.2"], False),
        (["https://2.2.2.2"], True),
        (["2.2.2.2;transport=tcp", "3.3.3.3"], False),
        (["not an ip"], True),
        (["::1"], False),
    ],
)
def test_addresses_that_livekit_cannot_read_are_as_if_nobody_had_written_them(
    addresses: list[str], admitted: bool
) -> None:
    assert admits(CALL, addresses) is admitted


def test_a_call_whose_address_is_not_known_is_admitted_everywhere() -> None:
    assert admits(Call(called=OUR), ["2.2.2.2"])


def answering(rules: list[Rule], call: Call = CALL) -> str:
    met = match(call, [NAMED], rules)
    return met.rule.id if met.rule else f"{met.outcome} {' '.join(met.rivals)}".strip()


OURS = Rule(id="ours", trunk_ids=("ST_named",), room="call-")


@pytest.mark.parametrize(
    ("beside", "answers"),
    [
        (Rule(id="other"), "ours"),
        (Rule(id="other", numbers=(OUR,)), "ours"),
        (Rule(id="other", pin="1"), "ours"),
        (Rule(id="other", trunk_ids=("ST_x",), numbers=(OUR,)), "ours"),
        (Rule(id="other", trunk_ids=("ST_named",), numbers=(OUR,)), "other"),
        (Rule(id="other", trunk_ids=("ST_named",), numbers=(OUR[1:],)), "ours"),
        (Rule(id="other", trunk_ids=("ST_named",), callers=(CALLER,)), "other"),
        (Rule(id="other", trunk_ids=("ST_named",), callers=(CALLER[1:],)), "ours"),
        (Rule(id="other", trunk_ids=("ST_named",), pin="1"), "other"),
        (Rule(id="other", trunk_ids=("ST_named",), form="callee", pin="1"), "other"),
        (Rule(id="other", trunk_ids=("ST_named",)), "rules-clash ours other"),
        (Rule(id="other", trunk_ids=("ST_named",), form="direct", room="x"), "rules-clash ours other"),
        (Rule(id="other", trunk_ids=("ST_x", "ST_named"), form="callee"), "rules-clash ours other"),
        (Rule(id="other", trunk_ids=("ST_named",), form=""), "rules-clash ours other"),
        (Rule(id="other", trunk_ids=("ST_named",), numbers=(OUR, "16505550123")), "rules-clash other other"),
    ],
)
def test_which_of_two_rules_answers(beside: Rule, answers: str) -> None:
    assert answering([OURS, beside]) == answers


@pytest.mark.parametrize("pin", ["", "1"])
def test_direct_rules_go_before_individual_ones_and_those_before_rules_by_callee(pin: str) -> None:
    """They differ in a caller each, or LiveKit could not tell them apart."""
    call = Call(called=OUR, caller=CALLER)
    rules = [
        Rule(id=form, trunk_ids=("ST_named",), form=form, pin=pin, callers=(CALLER, f"+1{count}"), numbers=numbers)
        for count, (form, numbers) in enumerate(zip(FORMS[::-1], [(OUR,), (OUR, "+1"), (OUR, "+2")], strict=True))
    ]
    ranked = sorted(rules, key=lambda rule: rule.precedence)

    assert [rule.id for rule in ranked] == list(FORMS)
    assert [answering([rule], call) for rule in ranked] == list(FORMS)


def test_a_pin_goes_before_the_form_and_named_numbers_before_a_pin() -> None:
    direct = Rule(id="direct", form="direct", numbers=(OUR,))
    guarded = Rule(id="guarded", form="callee", pin="1", numbers=(OUR,))
    guarded_for_all = Rule(id="guarded for all", form="direct", pin="1")

    ranked = sorted([guarded_for_all, direct, guarded], key=lambda rule: rule.precedence)
    assert [rule.id for rule in ranked] == ["guarded", "direct", "guarded for all"]


def test_of_two_equals_the_room_that_sorts_first_answers() -> None:
    first = Rule(id="b", trunk_ids=("ST_named",), room="a", numbers=(OUR,), callers=(CALLER, "+1"), pin="1")
    second = Rule(id="a", trunk_ids=("ST_named",), room="b", numbers=(OUR,), callers=(CALLER, "+2"), pin="2")

    assert answering([second, first]) == "b"


def test_a_rule_with_a_pin_asks_for_it_and_an_entered_pin_leaves_open_rules_out() -> None:
    rules = [OURS, Rule(id="guarded", trunk_ids=("ST_named",), pin="123")]

    def entering(pin: str) -> Match:
        return match(Call(called=OUR, caller=CALLER, pin=pin), [NAMED], rules)

    assert entering("") == Match(outcome=Outcome.ASKS_PIN, trunk=NAMED, rule=rules[1])
    assert entering("123") == Match(outcome=Outcome.ANSWERED, trunk=NAMED, rule=rules[1])
    assert entering("999") == Match(outcome=Outcome.NO_RULE, trunk=NAMED)


def test_without_a_trunk_a_self_hosted_server_goes_on_to_the_rules_for_every_trunk() -> None:
    rules = [OURS, Rule(id="any")]

    assert match(CALL, [OTHER], rules).outcome == Outcome.NO_TRUNK
    assert match(CALL, [OTHER], rules, trunkless=True) == Match(outcome=Outcome.ANSWERED, rule=rules[1])
    assert match(CALL, [OTHER], rules[:1], trunkless=True).outcome == Outcome.NO_TRUNK


@pytest.mark.parametrize(
    ("trunks", "rules", "reason"),
    [
        ([OTHER], [], "LiveKit finds no trunk and answers 404"),
        (
            [Trunk(id="ST_1", numbers=(OUR,), allowed_numbers=("+1",))],
            [],
            f"LiveKit finds no trunk and answers 404 (ST_1 does not admit {CALLER})",
        ),
        (
            [Trunk(id="ST_1", numbers=(OUR,), allowed_addresses=("2.2.2.2",))],
            [],
            "LiveKit finds no trunk and answers 404 (ST_1 does not admit the address 1.1.1.1)",
        ),
        (
            [NAMED, Trunk(id="ST_2", numbers=(OUR,))],
            [OURS],
            "LiveKit finds several trunks, ST_named and ST_2, and refuses the call",
        ),
        ([NAMED], [], "LiveKit finds no dispatch rule and drops the call with 486"),
        (
            [NAMED],
            [OURS, Rule(id="x", trunk_ids=("ST_named",))],
            "LiveKit cannot tell the rules ours and x apart and refuses the call",
        ),
        ([NAMED], [OURS], ""),
    ],
)
def test_a_call_that_reaches_nobody_says_exactly_why(trunks: list[Trunk], rules: list[Rule], reason: str) -> None:
    met = match(CALL, trunks, rules)

    assert (met.reason, met.reached) == (reason, not reason)


def test_no_pin_is_shown() -> None:
    assert "98765" not in repr([Rule(id="a", pin="98765"), Call(called=OUR, pin="98765")])
