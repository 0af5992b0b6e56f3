"""The RPCs of `livekit.PhoneNumberService`, in JSON alone: the Python package has none of their messages.

Field names are taken in snake and camel case and answered in snake case, as Twirp does; unknown fields are ignored.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.livekit.phone_numbers import COUNTRY, PhoneNumbers, row_of
from sandbox.livekit.twirp import TwirpError
from sandbox.store import Record

PREFIX = "/twirp/livekit.PhoneNumberService/"
USUAL_LIMIT = 50
Given = Mapping[str, Any]
_TYPES: Mapping[str, type] = {
    "country_code": str,
    "area_code": str,
    "limit": int,
    "page_token": dict,
    "phone_numbers": list,
    "sip_dispatch_rule_id": str,
    "statuses": list,
    "id": str,
    "phone_number": str,
    "name": str,
    "ids": list,
}


@dataclass(frozen=True, slots=True)
class NumberRpc:
    """One RPC. `takes` are the fields of its request; `run` raises `TwirpError`."""

    takes: tuple[str, ...]
    run: Callable[[PhoneNumbers, Given], dict[str, Any]]
    writes: bool = False


def read(body: bytes, rpc: NumberRpc) -> Given:
    """Give the fields of a request; raises `TwirpError` with code `malformed`."""
    try:
        document = json.loads(body.decode())
    except ValueError as error:
        raise _undecodable() from error
    if not isinstance(document, dict):
        raise _undecodable()
    given = {name: document[key] for name in rpc.takes for key in (name, _camel(name)) if key in document}
    wrong = [name for name, value in given.items() if not isinstance(value, _TYPES[name]) or value is True]
    texts = (item for value in given.values() if isinstance(value, list) for item in value)
    if wrong or any(not isinstance(item, str) for item in texts):
        raise _undecodable()
    return given


def _search(desk: PhoneNumbers, given: Given) -> dict[str, Any]:
    if not given.get("country_code"):
        raise _invalid("country_code is required")
    found = desk.on_offer(given.get("area_code", "")) if given["country_code"] == COUNTRY else []
    rows, token = _paged([row_of(number, block) for number, block in found], given)
    return {"items": rows, "next_page_token": token}


def _purchase(desk: PhoneNumbers, given: Given) -> dict[str, Any]:
    if not given.get("phone_numbers"):
        raise _invalid("phone_numbers is required")
    bought = desk.buy(given["phone_numbers"], given.get("sip_dispatch_rule_id", ""))
    return {"phone_numbers": [desk.written(one) for one in bought]}


def _list(desk: PhoneNumbers, given: Given) -> dict[str, Any]:
    rows = [desk.render(one) for one in desk.shown()]
    if given.get("statuses"):
        rows = [one for one in rows if one["status"] in given["statuses"]]
    if rule := given.get("sip_dispatch_rule_id"):
        rows = [one for one in rows if rule in one["sip_dispatch_rule_ids"]]
    page, token = _paged(rows, given)
    offline = sum(one["status"].endswith("OFFLINE") for one in rows)
    return {"items": page, "next_page_token": token, "total_count": len(rows), "offline_count": offline}


def _get(desk: PhoneNumbers, given: Given) -> dict[str, Any]:
    return {"phone_number": desk.render(_one(desk, given))}


def _update(desk: PhoneNumbers, given: Given) -> dict[str, Any]:
    record = _one(desk, given)
    if "sip_dispatch_rule_id" in given:
        desk.demand_rule(given["sip_dispatch_rule_id"])
        desk.tie(record, given["sip_dispatch_rule_id"])
    if "name" in given:
        record = {**record, "name": given["name"]}
        desk.store.put("phone_number", record["e164_format"], record)
    return {"phone_number": desk.written(record)}


def _release(desk: PhoneNumbers, given: Given) -> dict[str, Any]:
    wanted = {*given.get("ids", ()), *given.get("phone_numbers", ())}
    if not wanted:
        raise _invalid("ids or phone_numbers is required")
    there = [one for one in desk.shown() if not one["released_at"] and wanted & {one["id"], one["e164_format"]}]
    if len(there) < len(wanted):
        raise TwirpError("not_found", "phone number not found")
    for one in there:
        desk.release(one)
    return {}


def _one(desk: PhoneNumbers, given: Given) -> Record:
    if bool(given.get("id")) == bool(given.get("phone_number")):
        raise _invalid("one of id and phone_number is required")
    named = {given.get("id"), given.get("phone_number")} - {None, ""}
    found = [one for one in desk.shown() if not one["released_at"] and named & {one["id"], one["e164_format"]}]
    if not found:
        raise TwirpError("not_found", "phone number not found")
    return found[0]


def _paged(rows: list[dict[str, Any]], given: Given) -> tuple[list[dict[str, Any]], dict[str, str] | None]:
    """Give one page, and the token of the next, null on the last."""
    start = int(given.get("page_token", {}).get("token") or 0)
    end = start + (given.get("limit") or USUAL_LIMIT)
    return rows[start:end], {"token": str(end)} if end < len(rows) else None


def _undecodable() -> TwirpError:
    return TwirpError("malformed", "the json request could not be decoded")


def _invalid(message: str) -> TwirpError:
    return TwirpError("invalid_argument", message)


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(each.capitalize() for each in rest)


NUMBER_RPCS: Mapping[str, NumberRpc] = {
    "SearchPhoneNumbers": NumberRpc(("country_code", "area_code", "limit", "page_token"), _search),
    "PurchasePhoneNumber": NumberRpc(("phone_numbers", "sip_dispatch_rule_id"), _purchase, writes=True),
    "ListPhoneNumbers": NumberRpc(("limit", "statuses", "page_token", "sip_dispatch_rule_id"), _list),
    "GetPhoneNumber": NumberRpc(("id", "phone_number"), _get),
    "UpdatePhoneNumber": NumberRpc(("id", "phone_number", "sip_dispatch_rule_id", "name"), _update, writes=True),
    "ReleasePhoneNumbers": NumberRpc(("ids", "phone_numbers"), _release, writes=True),
}
