"""Every hostile inventory is refused with exactly its problems, at their places."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.inventory import hostile, hostile_lines, hostile_pairs
from trunkline.errors import InventoryError
from trunkline.inventory import parse


def cases() -> Iterator[tuple[str, str, hostile.Expected]]:
    for name, (text, expected) in (*hostile.FILES.items(), *hostile_pairs.FILES.items()):
        yield f"file: {name}", text, expected
    for name, (keys, expected) in hostile_lines.LINES.items():
        yield f"line: {name}", hostile.LINE + keys, expected
    for name, (key, rule, column) in hostile_lines.CARRIER_KEYS.items():
        keys = f"    provider: twilio\n    agent: support\n    {key}\n"
        yield f"carrier's line: {name}", hostile.LINE + keys, hostile.one(rule, 8, column)
    for name, (key, rule, column) in hostile_lines.CUSTOM_KEYS.items():
        keys = f"    sip_address: sip.example.com\n    agent: support\n    {key}\n"
        yield f"custom line: {name}", hostile.LINE + keys, hostile.one(rule, 8, column)
    for name, (number, expected) in hostile.NUMBERS.items():
        keys = f"numbers:\n  one:\n    phone_number: {number}\n    provider: twilio\n    agent: support\n"
        yield f"number: {name}", hostile.HEAD + keys, expected
    for name, expected in hostile.NAMES.items():
        line = f"  {name}: {{phone_number: '+16505551234', provider: twilio, agent: support}}\n"
        yield f"name: {name}", f"{hostile.HEAD}numbers:\n{line}", expected
    for name, (keys, expected) in hostile.TRUNKS.items():
        yield f"trunk: {name}", f"version: 1\n{hostile.TRUNK}{keys}", expected


CASES = tuple(cases())


def refused(text: str) -> InventoryError:
    with pytest.raises(InventoryError) as caught:
        parse(text, "numbers.yaml")
    return caught.value


def test_the_corpus_has_a_hundred_cases_and_more() -> None:
    assert len({name for name, _, _ in CASES}) == len(CASES) >= 100


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_hostile_inventory_is_refused_for_its_own_reasons_alone(text: str, expected: hostile.Expected) -> None:
    problems = refused(text).problems
    assert sorted((problem.rule, problem.line, problem.column) for problem in problems) == sorted(expected)


@pytest.mark.parametrize("text", [case[1] for case in CASES], ids=[case[0] for case in CASES])
def test_every_problem_says_what_to_do_and_fits_on_one_line(text: str) -> None:
    for problem in refused(text).problems:
        assert problem.file == "numbers.yaml"
        assert problem.message
        assert problem.fix
        assert "\n" not in str(problem)


# livekit/protocol, livekit/sip_validation.go, 2026-08-22: what it refuses, and To and Via, which it soon will.
FORBIDDEN = (
    *(
        "Accept",
        "Accept-Encoding",
        "Accept-Language",
        "Allow",
        "Allow-Events",
        "Call-ID",
        "Contact",
        "Content-Encoding",
    ),
    *("Content-Length", "Content-Type", "CSeq", "Event", "Expires", "From", "Max-Forwards", "Record-Route"),
    *("Refer-To", "Reply-To", "To", "Via", "k", "l", "m", "o", "r", "t", "u", "v"),
)


@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_header_that_sip_sets_itself_is_refused_in_any_spelling(name: str) -> None:
    for spelling in (name, name.lower(), name.upper()):
        text = f"version: 1\nnumbers: {{}}\ntrunks: {{t: {{provider: custom, headers: {{{spelling}: x}}}}}}\n"
        assert [problem.rule for problem in refused(text).problems] == ["header"]
