"""Twilio's words and ours. Field names: Twilio OpenAPI 2026-04-14, as the SDK's attributes.

Reading raises ValueError where an answer lacks what Twilio documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import phonenumbers

from providers.port import Candidate, NumberSearch, Observed, OwnedNumber, Props
from providers.twilio.limits import AREA_CODE_COUNTRIES, NUMBER_TYPES
from trunkline.e164 import E164
from trunkline.money import Money

ROUTE_FIELDS: Final[tuple[str, ...]] = ("tag", "trunkSid")
# The address that emergency services are told where the number calls them.
EMERGENCY: Final = "emergencyAddressSid"
# Who is told of its calls.
CALLBACK: Final[Mapping[str, str]] = {
    "statusCallback": "status_callback",
    "statusCallbackMethod": "status_callback_method",
}
ADDRESS_RULES: Final = frozenset({"any", "local", "foreign"})

_WAY: Mapping[str, str] = {
    "tag": "friendly_name",
    "sipUrl": "sip_url",
    "weight": "weight",
    "priority": "priority",
    "enabled": "enabled",
}
# Our property -> the SDK's word, which is the one that is sent and the one that is shown. Behind a dot: of an object of
# its own, which the trunk shows and takes no word of.
WORDS: Mapping[str, Mapping[str, str]] = {
    "SipTrunk": {
        "tag": "friendly_name",
        "domainName": "domain_name",
        "secure": "secure",
        "transferMode": "transfer_mode",
        "recoveryUrl": "disaster_recovery_url",
        "recoveryMethod": "disaster_recovery_method",
        "cnamLookupEnabled": "cnam_lookup_enabled",
        "transferCallerId": "transfer_caller_id",
        "recordingMode": "recording.mode",
        "recordingTrim": "recording.trim",
    },
    "OriginationUrl": _WAY,
    "FallbackUrl": _WAY,
    "CredentialList": {"tag": "friendly_name"},
    "Credential": {"username": "username", "password": "password"},
    "TrunkCredentialList": {"credentialListSid": "credential_list_sid"},
    "TrunkAddressList": {"addressListSid": "ip_access_control_list_sid"},
}
_ABSENT: Mapping[type, Any] = {str: "", bool: False, int: 0}
_TYPES: Mapping[str, type] = {
    **dict.fromkeys(("secure", "cnamLookupEnabled", "enabled"), bool),
    **dict.fromkeys(("weight", "priority"), int),
}


def sid(row: Any) -> str:
    """Give an object's id."""
    value = row.sid
    if not isinstance(value, str) or not value:
        raise ValueError("the answer holds an object without a sid")
    return value


def text(row: Any, word: str) -> str:
    """Give a text of an object; null is ""."""
    value = getattr(row, word)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"the answer's {word} is no text")
    return value or ""


def shown(kind: str, row: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    """Give our properties `fields` of an object; null is our absent value."""
    props = {}
    for name in fields:
        expected, value = _TYPES.get(name, str), _read(row, WORDS[kind][name])
        if value is not None and type(value) is not expected:
            raise ValueError(f"the answer's {WORDS[kind][name]} is no {expected.__name__}")
        props[name] = _ABSENT[expected] if value is None else value
    return props


def _read(row: Any, word: str) -> Any:
    outer, _, inner = word.partition(".")
    value = getattr(row, outer)
    return value.get(inner) if inner and isinstance(value, dict) else value


def sent(kind: str, props: Props) -> dict[str, Any]:
    """Give the SDK's arguments for properties; those that say where an object stands are not among them."""
    return {word: props[name] for name, word in WORDS[kind].items() if name in props and "." not in word}


def sent_beside(kind: str, props: Props) -> dict[str, Any]:
    """Give the SDK's arguments for the object that belongs to this one and is written by itself."""
    words = ((name, word.partition(".")[2]) for name, word in WORDS[kind].items())
    return {word: props[name] for name, word in words if word and name in props}


def shown_beside(kind: str, row: Any, names: Iterable[str]) -> dict[str, Any]:
    """Give those of our properties that an object shows which belongs to another one."""
    words = {name: WORDS[kind].get(name, "").partition(".")[2] for name in names}
    return {name: getattr(row, word) for name, word in words.items() if word}


def observed(row: Any, props: Props, also: Mapping[str, str]) -> Observed:
    """Give an object as the rest knows it. `also`: property -> the SDK's word for what we do not manage."""
    shows = {name: str(getattr(row, word) or "") for name, word in also.items()}
    return Observed(id=sid(row), tag=str(props.get("tag", "")), props=props, also=shows)


def number_type(word: str) -> str:
    """Give local | mobile | toll_free | …: pricing writes "toll free"."""
    return word.replace(" ", "_").replace("-", "_")


def owned(row: Any) -> OwnedNumber | None:
    """Give an owned number, None for a short code, which no line can name."""
    written = text(row, "phone_number")
    if not written:
        raise ValueError("the answer holds a number without a phone_number")
    try:
        number = E164.shaped(written)
    except ValueError:
        return None
    trunk, tag, emergency = (text(row, word) for word in ("trunk_sid", "friendly_name", "emergency_address_sid"))
    # A number that receives faxes sends no call to its trunk.
    routed = "" if row.voice_receive_mode == "fax" else trunk
    return OwnedNumber(
        id=sid(row),
        number=number,
        # Twilio does not say it of an owned number; it is for the price alone.
        country=next(iter(number.countries), ""),
        type=number_type(text(row, "type")),
        tag=tag,
        props={"tag": tag, "trunkSid": routed},
        blocks_release=f"emergency address {emergency} is attached to it" if emergency else "",
        pending=_waits(text(row, "status")),
        calls_go="" if routed else _calls_go(row),
        optional={EMERGENCY: emergency, **{name: text(row, word) for name, word in CALLBACK.items()}},
        raw={"trunkSid": trunk},
    )


def _calls_go(row: Any) -> str:
    """Say what answers a number that is on no trunk: faxes, an application, or a URL, without its user and query."""
    if row.voice_receive_mode == "fax":
        return "nobody: it receives faxes"
    if row.voice_application_sid:
        return f"application {row.voice_application_sid}"
    url = urlsplit(text(row, "voice_url"))
    return f"{url.scheme}://{url.hostname}{url.path}" if url.hostname else ""


def _waits(status: str) -> str:
    """Give what a number waits for. Twilio documents no values of `status`; its examples all say "in-use"."""
    return f'status "{status}"' if status not in ("", "in-use") else ""


def purchase(number: E164, desired: Props) -> dict[str, Any]:
    """Give the SDK's arguments that buy exactly this number."""
    papers = {"address_sid": desired.get("addressSid"), "bundle_sid": desired.get("bundleSid")}
    words = {"phone_number": number, **routing(desired), **papers}
    return {word: value for word, value in words.items() if value}


def routing(desired: Props) -> dict[str, Any]:
    """Give the SDK's arguments for tag and routing: a trunk wins over any voice URL, and SMS is not touched."""
    return {
        "friendly_name": desired["tag"],
        "trunk_sid": desired["trunkSid"],
        "voice_receive_mode": "voice",
        **(emergency(desired[EMERGENCY]) if EMERGENCY in desired else {}),
        **{word: desired[name] for name, word in CALLBACK.items() if name in desired},
    }


def emergency(address: str) -> dict[str, str]:
    """Give the SDK's arguments that register a number's emergency address, "" for none."""
    return {"emergency_status": "Active" if address else "Inactive", "emergency_address_sid": address}


def search(query: NumberSearch) -> dict[str, Any]:
    """Give the SDK's arguments for a search of numbers that take calls."""
    words: dict[str, Any] = {"voice_enabled": True}
    if query.contains:
        words["contains"] = query.contains
    if query.area_code and query.country in AREA_CODE_COUNTRIES:
        words["area_code"] = query.area_code
    elif query.area_code and not query.contains:
        words["contains"] = prefix(query)
    places = {"in_region": query.region, "in_locality": query.locality, "in_postal_code": query.postal_code}
    return words | {word: place for word, place in places.items() if place}


def prefix(query: NumberSearch) -> str:
    """Give how numbers of the searched area begin, in E.164; "" where no area is asked for."""
    if not query.area_code:
        return ""
    return f"+{phonenumbers.country_code_for_region(query.country)}{query.area_code}"


def candidate(row: Any, kind: str) -> Candidate | None:
    """Give a number on offer, without its price, which Twilio tells elsewhere; None for a short code."""
    digits, demanded = text(row, "phone_number"), text(row, "address_requirements")
    try:
        number = E164.shaped(digits)
    except ValueError:
        return None
    rule = demanded if demanded in ADDRESS_RULES else ""
    requires = ("address_sid",) if rule else ()
    country = text(row, "iso_country") or number.country
    return Candidate(number=number, country=country, type=kind, monthly=None, requires=requires, address_rule=rule)


def prices(country: Any) -> dict[str, Money]:
    """Give the monthly price by number type."""
    rows, unit = country.phone_number_prices or [], text(country, "price_unit")
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise ValueError("the answer's prices are no list of prices")
    # Text in its answers, a number in its own specification.
    return {number_type(str(row.get("number_type"))): Money.parse(str(row.get("current_price")), unit) for row in rows}


_KINDS: Mapping[int, tuple[str, ...]] = {
    phonenumbers.PhoneNumberType.TOLL_FREE: ("toll_free",),
    phonenumbers.PhoneNumberType.MOBILE: ("mobile", "local"),
}


def likely_types(number: E164) -> tuple[str, ...]:
    """Give the number types to look under, the likely ones first."""
    first = _KINDS.get(phonenumbers.number_type(phonenumbers.parse(number)), ("local",)) if number.countries else ()
    return (*first, *(kind for kind in NUMBER_TYPES if kind not in first))
