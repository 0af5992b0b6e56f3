"""What is tied to a trunk: the credential lists that secure termination, and the numbers that it carries."""

from __future__ import annotations

from typing import Any

from sandbox.request import Response
from sandbox.store import Record
from sandbox.twilio.desk import API, Call
from sandbox.twilio.errors import invalid, not_found
from sandbox.twilio.paging import url_page
from sandbox.twilio.parameters import PAGING, Parameter, sid
from sandbox.twilio.wire import TRUNKING, in_v1

ADD_LIST = (Parameter("CredentialListSid", sid("CL"), required=True),)
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


def add_list(call: Call) -> Response:
    trunk, chosen = call.find("trunks", "TrunkSid"), call.params["CredentialListSid"]
    found = call.desk.store.get("credential_lists", chosen)
    if found is None or found["account_sid"] != call.account:
        raise invalid(f"Invalid CredentialListSid: {chosen} is not in this account")
    if _links(call, trunk["sid"], chosen):
        raise invalid(f"Invalid CredentialListSid: {chosen} belongs to trunk {trunk['sid']} already")
    record = call.desk.new("trunk_lists", "LK", call.account, trunk_sid=trunk["sid"], _list=chosen)
    return Response.of_json(201, _render_list(call, record))


def read_lists(call: Call) -> Response:
    trunk = call.find("trunks", "TrunkSid")
    return url_page(call, "credential_lists", _links(call, trunk["sid"]), _render_list, TRUNKING)


def read_list(call: Call) -> Response:
    return Response.of_json(200, _render_list(call, _found_link(call)))


def remove_list(call: Call) -> Response:
    call.desk.store.drop("trunk_lists", _found_link(call)["sid"])
    return Response(204)


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


def _links(call: Call, trunk: str, chosen: str | None = None) -> list[Record]:
    return [each for each in call.mine("trunk_lists") if each["trunk_sid"] == trunk and chosen in (None, each["_list"])]


def _found_link(call: Call) -> Record:
    links = _links(call, call.find("trunks", "TrunkSid")["sid"], call.arguments["Sid"])
    if not links:
        raise not_found(call.request.path)
    return links[0]


def _found_number(call: Call) -> Record:
    trunk, number = call.find("trunks", "TrunkSid"), call.find("numbers")
    if number["trunk_sid"] != trunk["sid"]:
        raise not_found(call.request.path)
    return number


def _render_list(call: Call, link: Record) -> dict[str, Any]:
    chosen = call.desk.store.table("credential_lists")[link["_list"]]
    path = f"/Trunks/{link['trunk_sid']}/CredentialLists/{chosen['sid']}"
    return {**in_v1(call, link, path), "sid": chosen["sid"], "friendly_name": chosen["friendly_name"]}


def _render_number(call: Call, number: Record) -> dict[str, Any]:
    shown = in_v1(call, number, f"/Trunks/{number['trunk_sid']}/PhoneNumbers/{number['sid']}")
    resource = f"{API}/Accounts/{number['account_sid']}/IncomingPhoneNumbers/{number['sid']}"
    links = {"phone_number": f"{call.request.base_url('https://api.twilio.com')}{resource}"}
    return {**{name: value for name, value in shown.items() if name not in _HIDDEN}, "links": links}
