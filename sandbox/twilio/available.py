"""Numbers that can be bought: `AvailablePhoneNumbers`.

Twilio gives one page and no way to a second: every request is answered by another sample of what is on offer (public
reports, 2026-11). The sandbox's n-th answer is the same in every sandbox of one seed.
"""

from __future__ import annotations

from typing import Any

from sandbox.numbering import COUNTRIES, Block, NumberType, blocks, types
from sandbox.request import Response
from sandbox.stock import Pattern, offered
from sandbox.twilio.desk import Call
from sandbox.twilio.errors import invalid, not_found
from sandbox.twilio.parameters import PAGING, Parameter, boolean, integer, text
from sandbox.twilio.purchase import address_requirements
from sandbox.twilio.wire import account_uri

DEFAULT_SIZE = 50
_TYPE_OF_PATH: dict[str, NumberType] = {"Local": "local", "Mobile": "mobile", "TollFree": "toll_free"}
_PATH_OF_TYPE = {kind: path for path, kind in _TYPE_OF_PATH.items()}
_KEYPAD = {
    letter: str(digit)
    for digit, letters in enumerate(("", "", "abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"))
    for letter in letters
}
# What numbers of a type can do; a filter for anything else finds none.
_CAN = {
    "local": {"VoiceEnabled", "SmsEnabled", "MmsEnabled", "FaxEnabled"},
    "mobile": {"VoiceEnabled", "SmsEnabled"},
    "toll_free": {"VoiceEnabled", "SmsEnabled", "MmsEnabled"},
}
_FEATURES = ("VoiceEnabled", "SmsEnabled", "MmsEnabled", "FaxEnabled")

SEARCH = (
    Parameter("AreaCode", integer(200, 999)),
    Parameter("Contains", text(16, least=2)),
    *(Parameter(name, boolean) for name in _FEATURES),
    Parameter("ExcludeAllAddressRequired", boolean),
    Parameter("ExcludeLocalAddressRequired", boolean),
    Parameter("ExcludeForeignAddressRequired", boolean),
    Parameter("Beta", boolean),
    Parameter("InRegion", text(64)),
    Parameter("InLocality", text(64)),
    Parameter("InPostalCode", text(16)),
    *PAGING,
)


def countries(call: Call) -> Response:
    body = {"countries": [_country(call, code) for code in COUNTRIES], "uri": _uri(call, ".json")}
    return Response.of_json(200, body)


def country(call: Call) -> Response:
    code = call.arguments["CountryCode"]
    if code not in COUNTRIES:
        raise not_found(call.request.path)
    return Response.of_json(200, _country(call, code))


def local(call: Call) -> Response:
    return _search(call, "local")


def mobile(call: Call) -> Response:
    return _search(call, "mobile")


def toll_free(call: Call) -> Response:
    return _search(call, "toll_free")


def keypad(pattern: str) -> str:
    """Give the digits and stars of a pattern; letters become the digits that a telephone has them on."""
    return "".join(_KEYPAD.get(each, each) for each in pattern.lower() if each.isalnum() or each == "*")


def _search(call: Call, kind: NumberType) -> Response:
    code = call.arguments["CountryCode"]
    if kind not in types(code):
        raise not_found(call.request.path)
    there = [block for block in blocks(code) if block.type == kind and _wanted(call, block)]
    page, size = call.params.get("Page", 0), call.params.get("PageSize", DEFAULT_SIZE)
    pattern, limit = _pattern(call.params.get("Contains", "")), size if page == 0 else 0
    found = offered(there, pattern, call.desk.available, limit, call.desk.next_sample())
    rows = [_render(call, number, block) for number, block in found]
    return Response.of_json(
        200, {"available_phone_numbers": rows, "uri": _uri(call, f"/{code}/{_PATH_OF_TYPE[kind]}.json")}
    )


def _wanted(call: Call, block: Block) -> bool:
    params = call.params
    if "AreaCode" in params and block.country not in ("US", "CA"):
        raise invalid("Invalid AreaCode: area codes are for the US and CA alone")
    needs = address_requirements(call.desk, block)
    return (
        ("AreaCode" not in params or str(params["AreaCode"]) == block.area_code)
        and ("InRegion" not in params or params["InRegion"] == block.region)
        and ("InLocality" not in params or params["InLocality"] == block.locality)
        # No number here has a postal code.
        and "InPostalCode" not in params
        and all(not params.get(name) or name in _CAN[block.type] for name in _FEATURES)
        and not (params.get("ExcludeAllAddressRequired") and needs != "none")
        and not (params.get("ExcludeLocalAddressRequired") and needs == "local")
        and not (params.get("ExcludeForeignAddressRequired") and needs == "foreign")
    )


def _pattern(contains: str) -> Pattern:
    """Read `Contains`: `+` in front anchors at the start, `$` at the end; `*` is any digit."""
    if "%" in contains:
        raise invalid("Invalid Contains: this sandbox does not emulate the wildcard %")
    digits = keypad(contains)
    if contains.startswith("+"):
        return Pattern(digits, "start")
    return Pattern(digits, "end" if contains.endswith("$") else "anywhere")


def _render(call: Call, number: str, block: Block) -> dict[str, Any]:
    can = _CAN[block.type]
    north_american = block.area_code is not None
    return {
        "friendly_name": f"({number[2:5]}) {number[5:8]}-{number[8:]}" if north_american else number,
        "phone_number": number,
        "lata": None,
        "locality": block.locality,
        "rate_center": block.locality.upper() if block.locality else None,
        "latitude": None,
        "longitude": None,
        "region": block.region,
        "postal_code": None,
        "iso_country": block.country,
        "address_requirements": address_requirements(call.desk, block),
        "beta": False,
        "capabilities": {"voice": True, "SMS": "SmsEnabled" in can, "MMS": "MmsEnabled" in can},
    }


def _country(call: Call, code: str) -> dict[str, Any]:
    return {
        "country_code": code,
        "country": COUNTRIES[code],
        "beta": False,
        "uri": _uri(call, f"/{code}.json"),
        "subresource_uris": {kind: _uri(call, f"/{code}/{_PATH_OF_TYPE[kind]}.json") for kind in types(code)},
    }


def _uri(call: Call, path: str) -> str:
    return account_uri(call.account, f"/AvailablePhoneNumbers{path}")
