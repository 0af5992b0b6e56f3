"""Origination URLs: where a trunk sends the calls that come in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sandbox.request import Response
from sandbox.store import Record
from sandbox.twilio.desk import Call
from sandbox.twilio.errors import invalid, not_found
from sandbox.twilio.paging import url_page
from sandbox.twilio.parameters import FRIENDLY_NAME, PAGING, Parameter, boolean, integer, sip_url
from sandbox.twilio.wire import TRUNKING, in_v1

MOST = 10

UPDATE = (
    Parameter("Weight", integer(1, 65535)),
    Parameter("Priority", integer(0, 65535)),
    Parameter("Enabled", boolean),
    FRIENDLY_NAME,
    Parameter("SipUrl", sip_url),
)
CREATE = tuple(replace(parameter, required=True) for parameter in UPDATE)
LIST = PAGING
_FIELD = {
    "Weight": "weight",
    "Priority": "priority",
    "Enabled": "enabled",
    "FriendlyName": "friendly_name",
    "SipUrl": "sip_url",
}


def create(call: Call) -> Response:
    trunk = call.find("trunks", "TrunkSid")
    if len(_of(call, trunk)) >= MOST:
        raise invalid(f"Trunk {trunk['sid']} has {MOST} origination URLs, the most that it can have")
    record = call.desk.new("origination_urls", "OU", call.account, trunk_sid=trunk["sid"], **_given(call))
    return Response.of_json(201, _render(call, record))


def read_list(call: Call) -> Response:
    records = _of(call, call.find("trunks", "TrunkSid"))
    return url_page(call, "origination_urls", records, _render, TRUNKING)


def read(call: Call) -> Response:
    return Response.of_json(200, _render(call, _found(call)))


def update(call: Call) -> Response:
    return Response.of_json(200, _render(call, call.desk.change("origination_urls", _found(call), **_given(call))))


def delete(call: Call) -> Response:
    call.desk.store.drop("origination_urls", _found(call)["sid"])
    return Response(204)


def _found(call: Call) -> Record:
    trunk, record = call.find("trunks", "TrunkSid"), call.find("origination_urls")
    if record["trunk_sid"] != trunk["sid"]:
        raise not_found(call.request.path)
    return record


def _of(call: Call, trunk: Record) -> list[Record]:
    return [each for each in call.mine("origination_urls") if each["trunk_sid"] == trunk["sid"]]


def _given(call: Call) -> dict[str, Any]:
    return {_FIELD[name]: value for name, value in call.params.items()}


def _render(call: Call, record: Record) -> dict[str, Any]:
    return in_v1(call, record, f"/Trunks/{record['trunk_sid']}/OriginationUrls/{record['sid']}")
