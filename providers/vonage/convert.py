"""Vonage's words and ours. Field names: Numbers API 1.0.20 (2021-07-14).

Reading raises ValueError where an answer lacks what Vonage documents.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import phonenumbers

from providers.port import Candidate, NumberSearch, OwnedNumber
from providers.vonage.limits import CURRENCY
from trunkline.e164 import E164
from trunkline.money import Money

ROUTE_FIELDS: Final[tuple[str, ...]] = ("sipUri",)
# Who is told of a number's calls: our property, and Vonage's word.
CALLBACK, STATUS = "statusCallback", "voiceStatusCallback"

TYPES: Mapping[str, str] = {"local": "landline", "mobile": "mobile-lvn", "toll_free": "landline-toll-free"}
_OUR_TYPES = {theirs: ours for ours, theirs in TYPES.items()}

VOICE: Final = ("voiceCallbackType", "voiceCallbackValue")
# What an owned number shows and an update takes under the same name. Leaving one out drops it.
KEPT: Final = (
    "app_id",
    "moHttpUrl",
    "moSmppSysType",
    "messagesCallbackType",
    "messagesCallbackValue",
    *VOICE,
    STATUS,
)

Row = Mapping[str, Any]


def digits(row: Row) -> str:
    """Give the number of a row, as Vonage writes it."""
    return _text(row, "msisdn")


def owned(row: Row) -> OwnedNumber | None:
    """Give an owned number, None for a short code, which no line can name. The country is Vonage's own."""
    msisdn, country = digits(row), _text(row, "country")
    number = _number(msisdn)
    if number is None:
        return None
    return OwnedNumber(
        id=msisdn,
        number=number,
        country=country,
        type=our_type(row.get("type")),
        tag="",
        props={"sipUri": _sip_uri(row)},
        calls_go=_calls_go(row),
        raw=dict(row),
    )


def _calls_go(row: Row) -> str:
    """Say where calls go that go to no SIP URI: a number (`tel`), an application (`app`), and what else Vonage has."""
    kind, value = str(row.get("voiceCallbackType") or ""), str(row.get("voiceCallbackValue") or "")
    return f"{kind} {value}" if kind and value and not _goes_to_sip(row) else ""


def routed(owned: OwnedNumber, sip_uri: str) -> OwnedNumber:
    """Give the number as it is to be: calls go to `sip_uri`; "" takes our routing off and leaves any other."""
    row = dict(owned.raw)
    if sip_uri:
        row |= {"voiceCallbackType": "sip", "voiceCallbackValue": sip_uri}
    elif _goes_to_sip(row):
        row = {name: value for name, value in row.items() if name not in VOICE}
    return replace(owned, props={"sipUri": _sip_uri(row)}, raw=row)


def update(row: Row) -> dict[str, Any]:
    """Give the form that sets a number to a row, all of it: what is not named is dropped."""
    kept = {name: row[name] for name in KEPT if row.get(name) not in (None, "")}
    return {"country": row["country"], "msisdn": row["msisdn"], **kept}


def candidate(row: Row) -> Candidate | None:
    """Give a number on offer, None for a short code, which no line can name."""
    number = _number(_text(row, "msisdn"))
    if number is None:
        return None
    return Candidate(
        number=number, country=_text(row, "country"), type=our_type(row.get("type")), monthly=_cost(row), requires=()
    )


def our_type(theirs: object) -> str:
    """Give local | mobile | toll_free, or Vonage's word for anything else."""
    word = str(theirs or "")
    return _OUR_TYPES.get(word, word)


def search(query: NumberSearch) -> dict[str, Any]:
    """Give the words of a search. A pattern is digits alone, so of one with `*` the longest run of digits is sent."""
    words: dict[str, Any] = {"country": query.country, "type": TYPES[query.type], "features": "VOICE"}
    run = max(re.findall("[0-9]+", query.contains), key=len, default="")
    if query.area_code:
        return {**words, "pattern": prefix(query), "search_pattern": 0}
    return {**words, "pattern": run, "search_pattern": 1} if run else words


def matches(query: NumberSearch, candidate: Candidate) -> bool:
    """Say whether a number is what was searched for, the parts that Vonage cannot express included."""
    pattern = query.contains.replace("*", "[0-9]")
    digits = candidate.number.digits
    return digits.startswith(prefix(query)) and re.search(pattern, digits, re.ASCII) is not None


def prefix(query: NumberSearch) -> str:
    """Give the digits that numbers of the searched area begin with; "" where no area is asked for."""
    if not query.area_code:
        return ""
    return f"{phonenumbers.country_code_for_region(query.country)}{query.area_code}"


def _goes_to_sip(row: Row) -> bool:
    return row.get("voiceCallbackType") == "sip"


def _sip_uri(row: Row) -> str:
    return str(row.get("voiceCallbackValue") or "") if _goes_to_sip(row) else ""


def _cost(row: Row) -> Money | None:
    cost = row.get("cost")
    return None if cost is None else Money.parse(str(cost), CURRENCY)


def _number(digits: str) -> E164 | None:
    try:
        return E164.shaped(f"+{digits}")
    except ValueError:
        return None


def _text(row: Row, name: str) -> str:
    value = row.get(name) if isinstance(row, Mapping) else None
    if not isinstance(value, str) or not value:
        raise ValueError(f"the answer holds a number without its {name}")
    return value
