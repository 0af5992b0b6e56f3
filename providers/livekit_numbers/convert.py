"""LiveKit's words about its numbers in ours, and back; nobody else knows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.livekit_numbers.refusals import field_of
from providers.port import Candidate, NumberSearch, OwnedNumber
from trunkline.e164 import E164

Row = Mapping[str, Any]
ROUTE_FIELDS = ("tag", "dispatchRuleId")
# The last words of LiveKit's enums, behind PHONE_NUMBER_TYPE_ and PHONE_NUMBER_STATUS_.
_TYPES = {"LOCAL": "local", "TOLL_FREE": "toll_free", "MOBILE": "mobile"}
_RELEASED, _PENDING = "RELEASED", "PENDING"
_TYPE, _STATUS = "PHONE_NUMBER_TYPE_", "PHONE_NUMBER_STATUS_"


def candidate(row: Row) -> Candidate | None:
    """Give a number on offer; None for one that no line can name. Its price LiveKit does not tell."""
    number = _number(row)
    return (
        Candidate(number=number, country=_text(row, "country_code"), type=_type(row), monthly=None) if number else None
    )


def matches(query: NumberSearch, offer: Candidate) -> bool:
    """Whether an offer is of the kind, and has the digits, that a search names beside country and area code."""
    digits = offer.number.digits
    if query.area_code and not digits.startswith(f"1{query.area_code}"):
        return False
    return offer.type == query.type and offer.country == query.country and _holds(query.contains, digits)


def owned(row: Row) -> OwnedNumber | None:
    """Give a number of the project; None for one that it has given back, or that no line can name.

    Raises ValueError for a row without an id: nothing could be done with it.
    """
    number, status = _number(row), _text(row, "status").removeprefix(_STATUS)
    if number is None or status == _RELEASED:
        return None
    if not _text(row, "id"):
        raise ValueError(f"the answer names no id of {number}")
    name, rules = _text(row, "name"), _rules(row)
    return OwnedNumber(
        id=_text(row, "id"),
        number=number,
        country=_text(row, "country_code"),
        type=_type(row),
        tag=name,
        props={"tag": name, "dispatchRuleId": " ".join(rules)},
        pending="its provisioning" if status == _PENDING else "",
        raw=dict(row),
    )


def names_rules(row: Row) -> bool:
    """Whether an answer says by which rules a number is answered; one to a write may be its id and status alone."""
    return any(field_of(row, name) is not None for name in ("sip_dispatch_rule_ids", "sip_dispatch_rule_id"))


def _number(row: Row) -> E164 | None:
    text = field_of(row, "e164_format") if isinstance(row, Mapping) else None
    if not isinstance(text, str):
        raise ValueError("a row names no number")  # noqa: TRY004 - the vendor's answer is at fault
    try:
        return E164.shaped(text)
    except ValueError:
        return None


def _rules(row: Row) -> list[str]:
    """Give the rules that answer a number; of an older service the one that it names alone."""
    several = field_of(row, "sip_dispatch_rule_ids") or [field_of(row, "sip_dispatch_rule_id")]
    if not isinstance(several, list):
        raise ValueError("a row's dispatch rules are no list")  # noqa: TRY004 - the vendor's answer is at fault
    return sorted({str(each) for each in several if each})


def _type(row: Row) -> str:
    word = _text(row, "number_type").removeprefix(_TYPE)
    return _TYPES.get(word, word.lower())


def _text(row: Row, name: str) -> str:
    value = field_of(row, name)
    return value if isinstance(value, str) else ""


def _holds(pattern: str, digits: str) -> bool:
    """Whether digits, in which * stands for any one, are somewhere in a number."""
    last = len(digits) - len(pattern)
    return any(
        all(mark in ("*", digit) for mark, digit in zip(pattern, digits[place:], strict=False))
        for place in range(last + 1)
    )
