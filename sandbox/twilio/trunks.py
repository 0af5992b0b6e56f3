"""Elastic SIP trunks and their recording settings."""

from __future__ import annotations

from typing import Any

from sandbox.request import Response
from sandbox.store import Record
from sandbox.twilio.desk import Call, Desk
from sandbox.twilio.errors import Refusal, invalid
from sandbox.twilio.paging import url_page
from sandbox.twilio.parameters import FRIENDLY_NAME, METHOD, PAGING, Parameter, boolean, choice, trunk_domain, url
from sandbox.twilio.wire import TRUNKING, in_v1, v1_url

_FIELDS: tuple[tuple[Parameter, str, Any], ...] = (
    (FRIENDLY_NAME, "friendly_name", None),
    (Parameter("DomainName", trunk_domain), "domain_name", None),
    (Parameter("DisasterRecoveryUrl", url), "disaster_recovery_url", None),
    (Parameter("DisasterRecoveryMethod", METHOD), "disaster_recovery_method", "POST"),
    (Parameter("TransferMode", choice("disable-all", "enable-all", "sip-only")), "transfer_mode", "disable-all"),
    (Parameter("Secure", boolean), "secure", False),
    (Parameter("CnamLookupEnabled", boolean), "cnam_lookup_enabled", False),
    (
        Parameter("TransferCallerId", choice("from-transferee", "from-transferor")),
        "transfer_caller_id",
        "from-transferee",
    ),
)
_SECURED_BY = {"IP_ACL": "trunk_address_lists", "CREDENTIAL_LIST": "trunk_lists"}
_CHILDREN = ("origination_urls", *_SECURED_BY.values())
WRITE = tuple(parameter for parameter, _, _ in _FIELDS)
LIST = PAGING
_MODES = (
    "do-not-record",
    "record-from-ringing",
    "record-from-answer",
    "record-from-ringing-dual",
    "record-from-answer-dual",
)
RECORDING = (Parameter("Mode", choice(*_MODES)), Parameter("Trim", choice("trim-silence", "do-not-trim")))


def create(call: Call) -> Response:
    fields = {field: call.params.get(each.name, default) for each, field, default in _FIELDS}
    _check_domain(call.desk, fields["domain_name"], owner=None)
    if len(call.mine("trunks")) >= (most := call.desk.settings.most_trunks):
        raise invalid(f"The account has {most} trunks, the most that it can have")
    record = call.desk.new(
        "trunks",
        "TK",
        call.account,
        **fields,
        symmetric_rtp_enabled=False,
        recording={"mode": "do-not-record", "trim": "do-not-trim"},
    )
    return Response.of_json(201, render(call, record))


def read_list(call: Call) -> Response:
    return url_page(call, "trunks", call.mine("trunks"), render, TRUNKING)


def read(call: Call) -> Response:
    return Response.of_json(200, render(call, call.find("trunks")))


def update(call: Call) -> Response:
    record = call.find("trunks")
    fields = {field: call.params[each.name] for each, field, _ in _FIELDS if each.name in call.params}
    _check_domain(call.desk, fields.get("domain_name"), owner=record["sid"])
    return Response.of_json(200, render(call, call.desk.change("trunks", record, **fields)))


def delete(call: Call) -> Response:
    """Delete a trunk with its children; its numbers stay owned, without a trunk. See `strict_trunk_delete`."""
    record = call.find("trunks")
    if call.desk.settings.strict_trunk_delete and any(
        _of_trunk(call.desk, table, record["sid"]) for table in (*_CHILDREN, "numbers")
    ):
        raise Refusal(400, 21247, f"Trunk {record['sid']} has dependencies; remove what belongs to it first")
    remove(call.desk, record["sid"])
    return Response(204)


def read_recording(call: Call) -> Response:
    return Response.of_json(200, call.find("trunks", "TrunkSid")["recording"])


def update_recording(call: Call) -> Response:
    record = call.find("trunks", "TrunkSid")
    given = {name.lower(): value for name, value in call.params.items()}
    changed = call.desk.change("trunks", record, recording={**record["recording"], **given})
    return Response.of_json(200, changed["recording"])


def remove(desk: Desk, trunk: str) -> None:
    """Take a trunk and everything that hangs on it out of the state."""
    for table in _CHILDREN:
        for each in _of_trunk(desk, table, trunk):
            desk.store.drop(table, each["sid"])
    for each in _of_trunk(desk, "numbers", trunk):
        desk.change("numbers", each, trunk_sid=None)
    desk.store.drop("trunks", trunk)


def render(call: Call, record: Record) -> dict[str, Any]:
    path = f"/Trunks/{record['sid']}"
    secured_by = [word for word, table in _SECURED_BY.items() if _of_trunk(call.desk, table, record["sid"])]
    return {
        **in_v1(call, record, path),
        "auth_type": ",".join(secured_by),
        "auth_type_set": secured_by,
        "links": {
            "origination_urls": v1_url(call, f"{path}/OriginationUrls"),
            "credential_lists": v1_url(call, f"{path}/CredentialLists"),
            "ip_access_control_lists": v1_url(call, f"{path}/IpAccessControlLists"),
            "phone_numbers": v1_url(call, f"{path}/PhoneNumbers"),
        },
    }


def _of_trunk(desk: Desk, table: str, trunk: str) -> list[Record]:
    return [each for each in desk.store.table(table).values() if each["trunk_sid"] == trunk]


def _check_domain(desk: Desk, domain: str | None, owner: str | None) -> None:
    """Domains are unique over all accounts."""
    others = (each for each in desk.store.table("trunks").values() if each["sid"] != owner)
    if domain is not None and any(each["domain_name"] == domain for each in others):
        raise invalid(f"Invalid DomainName: {domain} is already in use")
