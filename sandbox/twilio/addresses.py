"""Street addresses, which some numbers need."""

from __future__ import annotations

from typing import Any

from sandbox.request import Response
from sandbox.store import Record
from sandbox.twilio.desk import Call
from sandbox.twilio.errors import Refusal
from sandbox.twilio.paging import uri_page
from sandbox.twilio.parameters import PAGING, Parameter, boolean, country, text
from sandbox.twilio.wire import in_2010

_FIELDS: tuple[tuple[Parameter, str, Any], ...] = (
    (Parameter("CustomerName", text(least=1), required=True), "customer_name", None),
    (Parameter("Street", text(least=1), required=True), "street", None),
    (Parameter("City", text(least=1), required=True), "city", None),
    (Parameter("Region", text(least=1), required=True), "region", None),
    (Parameter("PostalCode", text(least=1), required=True), "postal_code", None),
    (Parameter("IsoCountry", country, required=True), "iso_country", None),
    (Parameter("FriendlyName", text(64)), "friendly_name", ""),
    (Parameter("EmergencyEnabled", boolean), "emergency_enabled", False),
    (Parameter("StreetSecondary", text()), "street_secondary", None),
)
CREATE = tuple(parameter for parameter, _, _ in _FIELDS)
LIST = PAGING


def create(call: Call) -> Response:
    fields = {field: call.params.get(each.name, default) for each, field, default in _FIELDS}
    record = call.desk.new("addresses", "AD", call.account, **fields, validated=False, verified=False)
    return Response.of_json(201, _render(call, record))


def read_list(call: Call) -> Response:
    return uri_page(call, "addresses", call.mine("addresses"), _render)


def read(call: Call) -> Response:
    return Response.of_json(200, _render(call, call.find("addresses")))


def delete(call: Call) -> Response:
    """Delete an address that no number uses."""
    record = call.find("addresses")
    users = [
        each["phone_number"]
        for each in call.mine("numbers")
        if record["sid"] in (each["address_sid"], each["emergency_address_sid"])
    ]
    if users:
        raise Refusal(400, 20001, f"Address {record['sid']} is used by {', '.join(users)}")
    call.desk.store.drop("addresses", record["sid"])
    return Response(204)


def _render(call: Call, record: Record) -> dict[str, Any]:
    return in_2010(record, f"/Addresses/{record['sid']}")
