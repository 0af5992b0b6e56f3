"""What is only odd is a warning: a number that libphonenumber does not know, a country that shares a calling code."""

from __future__ import annotations

import pytest

from trunkline.e164 import E164
from trunkline.errors import InventoryError
from trunkline.inventory import parse, warnings

HEAD = "version: 1\nagents: {desk: {agent_name: desk}}\nnumbers:\n"


def found(line: str) -> list[tuple[str, int, int]]:
    inventory = parse(f"{HEAD}  a: {line}\n", "numbers.yaml")
    return [(each.rule, each.line, each.column) for each in warnings(inventory)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{provider: twilio, phone_number: "+16505551234", agent: desk}', []),
        ('{provider: twilio, phone_number: "+18615550123", agent: desk}', [("unknown-number", 4, 25)]),
        (
            '{provider: vonage, phone_number: "+447937405123", country: GB, agent: desk}',
            [("number-country", 4, 56)],
        ),
        ('{provider: vonage, phone_number: "+447937405123", agent: desk}', []),
        ('{provider: vonage, phone_number: "+447937405123", country: JE, agent: desk}', []),
        ('{provider: twilio, phone_number: "+18005551234", country: CA, agent: desk}', []),
        (
            '{provider: twilio, phone_number: "+16505551234", agent: desk, allowed_callers: ["+18615550123"]}',
            [("unknown-number", 4, 86)],
        ),
    ],
)
def test_what_looks_like_a_slip_is_warned_of_and_accepted(line: str, expected: list[tuple[str, int, int]]) -> None:
    assert found(line) == expected


@pytest.mark.parametrize(
    ("number", "country"), [("+18615550123", "DE"), ("+447937405123", "US"), ("+442071234567", "FR")]
)
def test_a_country_of_another_calling_code_is_refused(number: str, country: str) -> None:
    with pytest.raises(InventoryError) as raised:
        found(f'{{provider: twilio, phone_number: "{number}", country: {country}, agent: desk}}')
    assert [problem.rule for problem in raised.value.problems] == ["number-country"]


def test_a_problem_elsewhere_does_not_hide_a_warning() -> None:
    with pytest.raises(InventoryError) as raised:
        parse(
            f'{HEAD}  a: {{provider: twilio, phone_number: "+18615550123", agent: desk}}\n  b: {{provider: x}}\n', "f"
        )
    assert [warning.rule for warning in raised.value.warnings] == ["unknown-number"]


@pytest.mark.parametrize(
    ("number", "country", "countries"),
    [
        ("+16505551234", "US", ("US",)),
        ("+14165551234", "CA", ("CA", "US")),
        ("+18615550123", "", ("US", "CA")),
        ("+447937405123", "JE", ("JE", "GB")),
        ("+80012345678", "", ()),
        ("+9991234567", "", ()),
    ],
)
def test_a_number_knows_under_which_countries_it_may_be_sold(
    number: str, country: str, countries: tuple[str, ...]
) -> None:
    shaped = E164.shaped(number)
    assert (shaped.country, shaped.countries) == (country, countries)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("+16505", "is not E.164: a plus, the country code and the digits, such as +16505551234"),
        ("+165055512", "has a length that no number of its country has"),
        ("+11115551234", "is no number of the North American plan: area code and exchange begin with 2 to 9"),
        ("+9991234567", "begins with no country's code"),
        ("+4402071234567", "is not written in E.164: leave out the zero that is dialled inside the country"),
    ],
)
def test_what_no_plan_allows_is_no_number(text: str, reason: str) -> None:
    with pytest.raises(ValueError) as raised:
        E164.parse(text)
    assert str(raised.value) == reason
