"""Prices: of numbers a month, and of trunking a minute. The minutes' prices are made up and the same everywhere."""

from __future__ import annotations

from typing import Any

from sandbox.numbering import COUNTRIES, NumberType, monthly_usd, types
from sandbox.request import Response
from sandbox.stock import find
from sandbox.twilio.desk import Call
from sandbox.twilio.errors import not_found
from sandbox.twilio.parameters import PAGING
from sandbox.twilio.wire import PRICING

LIST = PAGING
_WORDS: dict[NumberType, str] = {"local": "local", "mobile": "mobile", "toll_free": "toll free"}
_MINUTE_IN, _MINUTE_OUT = "0.0045", "0.0070"


def number_countries(call: Call) -> Response:
    return _countries(call, "/v1/PhoneNumbers")


def number_country(call: Call) -> Response:
    code = _known(call)
    prices = [
        {"number_type": _WORDS[kind], "base_price": price, "current_price": price}
        for kind, price in ((kind, str(monthly_usd(code, kind))) for kind in types(code))
    ]
    return Response.of_json(200, {**_country(call, "/v1/PhoneNumbers", code), "phone_number_prices": prices, **_USD})


def trunking_countries(call: Call) -> Response:
    return _countries(call, "/v2/Trunking")


def trunking_country(call: Call) -> Response:
    code = _known(call)
    body = {
        **_country(call, "/v2/Trunking", code),
        "originating_call_prices": [_minute_in(_WORDS[kind]) for kind in types(code)],
        "terminating_prefix_prices": [_minute_out(code)],
        **_USD,
    }
    return Response.of_json(200, body)


def trunking_number(call: Call) -> Response:
    number = call.arguments["DestinationNumber"]
    block = find(number)
    if block is None:
        raise not_found(call.request.path)
    body = {
        "destination_number": number,
        "origination_number": None,
        "country": COUNTRIES[block.country],
        "iso_country": block.country,
        "originating_call_price": _minute_in(_WORDS[block.type]),
        "terminating_prefix_prices": [_minute_out(block.country)],
        "url": f"{call.request.base_url(PRICING)}/v2/Trunking/Numbers/{number}",
        **_USD,
    }
    return Response.of_json(200, body)


_USD = {"price_unit": "USD"}


def _known(call: Call) -> str:
    code = call.arguments["IsoCountry"]
    if code not in COUNTRIES:
        raise not_found(call.request.path)
    return code


def _countries(call: Call, product: str) -> Response:
    """All countries fit on one page of 50, so a second one is empty."""
    size, page = call.params.get("PageSize", 50), call.params.get("Page", 0)
    codes = list(COUNTRIES)[page * size : (page + 1) * size]
    url = f"{call.request.base_url(PRICING)}{product}/Countries?PageSize={size}&Page="
    meta = {
        "page": page,
        "page_size": size,
        "first_page_url": f"{url}0",
        "previous_page_url": f"{url}{page - 1}" if page else None,
        "url": f"{url}{page}",
        "next_page_url": f"{url}{page + 1}" if (page + 1) * size < len(COUNTRIES) else None,
        "key": "countries",
    }
    return Response.of_json(200, {"countries": [_country(call, product, code) for code in codes], "meta": meta})


def _country(call: Call, product: str, code: str) -> dict[str, Any]:
    url = f"{call.request.base_url(PRICING)}{product}/Countries/{code}"
    return {"country": COUNTRIES[code], "iso_country": code, "url": url}


def _minute_in(kind: str) -> dict[str, Any]:
    return {"number_type": kind, "base_price": _MINUTE_IN, "current_price": _MINUTE_IN}


def _minute_out(code: str) -> dict[str, Any]:
    return {
        "friendly_name": f"Outbound Trunking Minute - {COUNTRIES[code]}",
        "destination_prefixes": ["ALL"],
        "origination_prefixes": ["ALL"],
        "base_price": _MINUTE_OUT,
        "current_price": _MINUTE_OUT,
    }
