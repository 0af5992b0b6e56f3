"""IP access control lists: from which addresses calls out are accepted, and the addresses in them."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Any

from sandbox.request import Response
from sandbox.store import Record
from sandbox.twilio.desk import Call
from sandbox.twilio.errors import Refusal, not_found
from sandbox.twilio.paging import uri_page
from sandbox.twilio.parameters import PAGING, Parameter, integer, text
from sandbox.twilio.wire import account_uri, in_2010


def _address(value: str) -> str:
    try:
        return str(IPv4Address(value))
    except ValueError:
        raise ValueError("must be an IPv4 address in dotted decimals") from None


_NAME = Parameter("FriendlyName", text(255, least=1))
WRITE_LIST = (Parameter("FriendlyName", text(255, least=1), required=True),)
UPDATE = (_NAME, Parameter("IpAddress", _address), Parameter("CidrPrefixLength", integer(0, 32)))
CREATE = (*WRITE_LIST, Parameter("IpAddress", _address, required=True), UPDATE[2])
LIST = PAGING
_FIELDS = {"FriendlyName": "friendly_name", "IpAddress": "ip_address", "CidrPrefixLength": "cidr_prefix_length"}


def create_list(call: Call) -> Response:
    record = call.desk.new("ip_access_control_lists", "AL", call.account, **_given(call))
    return Response.of_json(201, _render_list(call, record))


def read_lists(call: Call) -> Response:
    lists = call.mine("ip_access_control_lists")
    return uri_page(call, "ip_access_control_lists", lists, _render_list)


def read_list(call: Call) -> Response:
    return Response.of_json(200, _render_list(call, call.find("ip_access_control_lists")))


def update_list(call: Call) -> Response:
    record = call.desk.change("ip_access_control_lists", call.find("ip_access_control_lists"), **_given(call))
    return Response.of_json(200, _render_list(call, record))


def delete_list(call: Call) -> Response:
    """Delete a list with its addresses. One that a trunk still uses is refused."""
    record, links = call.find("ip_access_control_lists"), call.mine("trunk_address_lists")
    users = [each["trunk_sid"] for each in links if each["_list"] == record["sid"]]
    if users:
        raise Refusal(400, 21240, f"IP access control list {record['sid']} is used by {', '.join(users)}")
    for address in _of(call, record):
        call.desk.store.drop("ip_addresses", address["sid"])
    call.desk.store.drop("ip_access_control_lists", record["sid"])
    return Response(204)


def create(call: Call) -> Response:
    holder = call.find("ip_access_control_lists", "IpAccessControlListSid")
    fields = {"cidr_prefix_length": 32, **_given(call), "ip_access_control_list_sid": holder["sid"]}
    return Response.of_json(201, _render(call, call.desk.new("ip_addresses", "IP", call.account, **fields)))


def read_all(call: Call) -> Response:
    holder = call.find("ip_access_control_lists", "IpAccessControlListSid")
    return uri_page(call, "ip_addresses", _of(call, holder), _render)


def read(call: Call) -> Response:
    return Response.of_json(200, _render(call, _found(call)))


def update(call: Call) -> Response:
    return Response.of_json(200, _render(call, call.desk.change("ip_addresses", _found(call), **_given(call))))


def delete(call: Call) -> Response:
    call.desk.store.drop("ip_addresses", _found(call)["sid"])
    return Response(204)


def _given(call: Call) -> dict[str, Any]:
    return {field: call.params[name] for name, field in _FIELDS.items() if name in call.params}


def _found(call: Call) -> Record:
    holder, record = call.find("ip_access_control_lists", "IpAccessControlListSid"), call.find("ip_addresses")
    if record["ip_access_control_list_sid"] != holder["sid"]:
        raise not_found(call.request.path)
    return record


def _of(call: Call, holder: Record) -> list[Record]:
    return [each for each in call.mine("ip_addresses") if each["ip_access_control_list_sid"] == holder["sid"]]


def _render_list(call: Call, record: Record) -> dict[str, Any]:
    path = f"/SIP/IpAccessControlLists/{record['sid']}"
    return {
        **in_2010(record, path),
        "subresource_uris": {"ip_addresses": account_uri(record["account_sid"], f"{path}/IpAddresses.json")},
    }


def _render(call: Call, record: Record) -> dict[str, Any]:
    holder = record["ip_access_control_list_sid"]
    return in_2010(record, f"/SIP/IpAccessControlLists/{holder}/IpAddresses/{record['sid']}")
