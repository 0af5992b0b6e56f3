"""The numbers that a trunk carries."""

from __future__ import annotations

from typing import Any

from sandbox.request import Response
from sandbox.store import Record
from sandbox.twilio.desk import API, Call
from sandbox.twilio.errors import invalid, not_found
from sandbox.twilio.paging import url_page
from sandbox.twilio.parameters import PAGING, Parameter, sid
from sandbox.twilio.wire import TRUNKING, in_v1

ADD_NUMBER = (Parameter("PhoneNumberSid", sid("PN"), required=True),)
LIST = PAGING
_HIDDEN = (
    "emergency_status",
    "emergency_address_sid",
    "emergency_address_status",
    "origin",
    "status",
    "type",
    "identity_sid",
    "address_sid",
    "bundle_sid",
    "voice_receive_mode",
)


def add_number(call: Call) -> Response:
    """Tie a number to the trunk; one that another trunk carries moves."""
    trunk, chosen = call.find("trunks", "TrunkSid"), call.params["PhoneNumberSid"]
    number = call.desk.store.get("numbers", chosen)
    if number is None or number["account_sid"] != call.account:
        raise invalid(f"Invalid PhoneNumberSid: {chosen} is not in this account")
    changed = call.desk.change("numbers", number, trunk_sid=trunk["sid"], voice_application_sid="")
    return Response.of_json(201, _render_number(call, changed))


def read_numbers(call: Call) -> Response:
    trunk = call.find("trunks", "TrunkSid")
    carried = [each for each in call.mine("numbers") if each["trunk_sid"] == trunk["sid"]]
    return url_page(call, "phone_numbers", carried, _render_number, TRUNKING)


def read_number(call: Call) -> Response:
    return Response.of_json(200, _render_number(call, _found_number(call)))


def remove_number(call: Call) -> Response:
    """Untie a number; it stays owned."""
    call.desk.change("numbers", _found_number(call), trunk_sid=None)
    return Response(204)


def _found_number(call: Call) -> Record:
    trunk, number = call.find("trunks", "TrunkSid"), call.find("numbers")
    if number["trunk_sid"] != trunk["sid"]:
        raise not_found(call.request.path)
    return number


def _render_number(call: Call, number: Record) -> dict[str, Any]:
    shown = in_v1(call, number, f"/Trunks/{number['trunk_sid']}/PhoneNumbers/{number['sid']}")
    resource = f"{API}/Accounts/{number['account_sid']}/IncomingPhoneNumbers/{number['sid']}"
    links = {"phone_number": f"{call.request.base_url('https://api.twilio.com')}{resource}"}
    return {**{name: value for name, value in shown.items() if name not in _HIDDEN}, "links": links}
