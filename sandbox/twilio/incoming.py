"""Numbers that an account owns: `IncomingPhoneNumbers`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sandbox.numbering import Block
from sandbox.request import Response
from sandbox.stock import Pattern
from sandbox.store import Record
from sandbox.twilio import purchase
from sandbox.twilio.available import keypad
from sandbox.twilio.desk import Call
from sandbox.twilio.errors import Refusal, invalid
from sandbox.twilio.paging import uri_page
from sandbox.twilio.parameters import (
    FRIENDLY_NAME,
    METHOD,
    PAGING,
    Parameter,
    boolean,
    choice,
    sid,
    text,
    url,
)
from sandbox.twilio.wire import in_2010

# Parameter, field of the number, and the field's value in a number that was just bought.
FIELDS: tuple[tuple[Parameter, str, Any], ...] = (
    (Parameter("ApiVersion", choice("2010-04-01")), "api_version", "2010-04-01"),
    (FRIENDLY_NAME, "friendly_name", None),
    (Parameter("SmsApplicationSid", sid("AP", empty=True)), "sms_application_sid", ""),
    (Parameter("SmsFallbackMethod", METHOD), "sms_fallback_method", "POST"),
    (Parameter("SmsFallbackUrl", url), "sms_fallback_url", ""),
    (Parameter("SmsMethod", METHOD), "sms_method", "POST"),
    (Parameter("SmsUrl", url), "sms_url", ""),
    (Parameter("StatusCallback", url), "status_callback", ""),
    (Parameter("StatusCallbackMethod", METHOD), "status_callback_method", "POST"),
    (Parameter("VoiceApplicationSid", sid("AP", empty=True)), "voice_application_sid", ""),
    (Parameter("VoiceCallerIdLookup", boolean), "voice_caller_id_lookup", False),
    (Parameter("VoiceFallbackMethod", METHOD), "voice_fallback_method", "POST"),
    (Parameter("VoiceFallbackUrl", url), "voice_fallback_url", ""),
    (Parameter("VoiceMethod", METHOD), "voice_method", "POST"),
    (Parameter("VoiceUrl", url), "voice_url", ""),
    (Parameter("VoiceReceiveMode", choice("voice", "fax")), "voice_receive_mode", "voice"),
    (Parameter("EmergencyStatus", choice("Active", "Inactive")), "emergency_status", "Inactive"),
    (Parameter("EmergencyAddressSid", sid("AD", empty=True)), "emergency_address_sid", None),
    (Parameter("TrunkSid", sid("TK", empty=True)), "trunk_sid", None),
    (Parameter("IdentitySid", sid("RI", empty=True)), "identity_sid", None),
    (Parameter("AddressSid", sid("AD", empty=True)), "address_sid", None),
    (Parameter("BundleSid", sid("BU", empty=True)), "bundle_sid", None),
)
UPDATE = tuple(parameter for parameter, _, _ in FIELDS)
CREATE = (*UPDATE, Parameter("PhoneNumber", text(64)), Parameter("AreaCode", text(16)))
LIST = (
    Parameter("PhoneNumber", text(64)),
    Parameter("FriendlyName", text(64)),
    Parameter("Origin", choice("twilio", "hosted")),
    Parameter("Beta", boolean),
    *PAGING,
)

# The table that each link points into; the empty text takes the link away.
_LINKS: Mapping[str, str] = {
    "trunk_sid": "trunks",
    "address_sid": "addresses",
    "emergency_address_sid": "addresses",
    "bundle_sid": "bundles",
}
_CAPABILITIES: Mapping[str, Mapping[str, bool]] = {
    "local": {"voice": True, "sms": True, "mms": True, "fax": True},
    "mobile": {"voice": True, "sms": True, "mms": False, "fax": False},
    "toll_free": {"voice": True, "sms": True, "mms": True, "fax": False},
}


def create(call: Call) -> Response:
    """Buy a number; one that the account owns already is updated instead, and nothing is charged."""
    number = purchase.chosen_number(call)
    held = call.desk.store.get("by_number", number)
    record = call.desk.store.get("numbers", held["sid"]) if held and held["account_sid"] == call.account else None
    if record is not None and call.desk.shows(record):
        return Response.of_json(201, render(call, call.desk.change("numbers", record, **_changes(call, record))))
    block = purchase.allowed(call, number)
    fresh = blank(number, block)
    record = purchase.buy(call, {**fresh, **_changes(call, fresh)}, block)
    return Response.of_json(201, render(call, record))


def read_list(call: Call) -> Response:
    return uri_page(call, "incoming_phone_numbers", _filtered(call), render)


def read(call: Call) -> Response:
    return Response.of_json(200, render(call, call.find("numbers")))


def update(call: Call) -> Response:
    record = call.find("numbers")
    return Response.of_json(200, render(call, call.desk.change("numbers", record, **_changes(call, record))))


def delete(call: Call) -> Response:
    """Release a number. One with an emergency address attached is refused, as Twilio does."""
    record = call.find("numbers")
    if record["emergency_address_sid"]:
        raise Refusal(400, 20001, f"{record['phone_number']} has an emergency address; remove it before the release")
    purchase.release(call.desk, record)
    return Response(204)


def render(call: Call, record: Record) -> dict[str, Any]:
    waits = record.get("_active_from", 0.0) > call.desk.clock()
    status = {"status": call.desk.settings.pending_status} if waits else {}
    return {**in_2010(record, f"/IncomingPhoneNumbers/{record['sid']}"), **status}


def blank(number: str, block: Block) -> dict[str, Any]:
    """Give the fields of a number that was just bought and not configured."""
    return {
        **{field: default for _, field, default in FIELDS},
        "friendly_name": formatted(number),
        "phone_number": number,
        "type": block.type.replace("_", "-"),
        "capabilities": dict(_CAPABILITIES[block.type]),
        "address_requirements": "none",
        "beta": False,
        "origin": "twilio",
        "status": "in-use",
        "emergency_address_status": "unregistered",
    }


def formatted(number: str) -> str:
    """Give a North American number as `(650) 555-1234`, any other as it is."""
    match = re.fullmatch(r"\+1(\d{3})(\d{3})(\d{4})", number)
    return "({}) {}-{}".format(*match.groups()) if match else number


def _changes(call: Call, record: Mapping[str, Any]) -> dict[str, Any]:
    """Give the fields that the request changes. Raises Refusal for a link to nothing."""
    fields = {field: call.params[each.name] for each, field, _ in FIELDS if each.name in call.params}
    for field, table in _LINKS.items():
        if field in fields:
            fields[field] = _linked(call, table, fields[field], field)
    if fields.get("trunk_sid"):
        fields["voice_application_sid"] = ""
    elif fields.get("voice_application_sid"):
        fields["trunk_sid"] = None
    fields.update(_emergency(call, {**record, **fields}))
    return fields


def _linked(call: Call, table: str, target: str, field: str) -> str | None:
    if not target:
        return None
    record = call.desk.store.get(table, target)
    if record is None or record["account_sid"] != call.account:
        raise invalid(f"Invalid {field}: {target} is not in this account")
    return target


def _emergency(call: Call, record: Mapping[str, Any]) -> dict[str, Any]:
    """Give the emergency fields that follow from the others. Raises Refusal where they contradict."""
    address = record["emergency_address_sid"]
    if not address:
        return {"emergency_status": "Inactive", "emergency_address_status": "unregistered"}
    if not call.desk.store.table("addresses")[address]["emergency_enabled"]:
        raise invalid(f"Invalid EmergencyAddressSid: {address} is not enabled for emergency calls")
    return {"emergency_address_status": "registered"}


def _filtered(call: Call) -> list[Record]:
    records = call.mine("numbers")
    wanted = call.params
    if "FriendlyName" in wanted:
        records = [each for each in records if each["friendly_name"] == wanted["FriendlyName"]]
    if "Beta" in wanted:
        records = [each for each in records if wanted["Beta"] or not each["beta"]]
    if "Origin" in wanted:
        records = [each for each in records if each["origin"] == wanted["Origin"]]
    if "PhoneNumber" in wanted:
        digits = keypad(wanted["PhoneNumber"])
        records = [each for each in records if _matches(each["phone_number"], digits)]
    return records


def _matches(number: str, digits: str) -> bool:
    return digits in number if "*" not in digits else Pattern(digits).matches(number[1:])
