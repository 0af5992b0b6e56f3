"""SIP credential lists and the credentials in them. A password goes in and never comes out."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from sandbox.request import Response
from sandbox.store import Record
from sandbox.twilio.desk import Call
from sandbox.twilio.errors import Refusal, invalid, not_found
from sandbox.twilio.paging import uri_page
from sandbox.twilio.parameters import PAGING, Parameter, password, text
from sandbox.twilio.wire import account_uri, in_2010

MOST_LISTS = 100
MOST_IN_A_LIST = 1000

WRITE_LIST = (Parameter("FriendlyName", text(64, least=1), required=True),)
CREATE = (Parameter("Username", text(32, least=1), required=True), Parameter("Password", password, required=True))
UPDATE = (Parameter("Password", password, required=True),)
LIST = PAGING


def create_list(call: Call) -> Response:
    there = call.mine("credential_lists")
    _check_name(there, call.params["FriendlyName"], owner=None)
    if len(there) >= MOST_LISTS:
        raise invalid(f"The account has {MOST_LISTS} credential lists, the most that it can have")
    record = call.desk.new("credential_lists", "CL", call.account, friendly_name=call.params["FriendlyName"])
    return Response.of_json(201, _render_list(call, record))


def read_lists(call: Call) -> Response:
    return uri_page(call, "credential_lists", call.mine("credential_lists"), _render_list)


def read_list(call: Call) -> Response:
    return Response.of_json(200, _render_list(call, call.find("credential_lists")))


def update_list(call: Call) -> Response:
    record, name = call.find("credential_lists"), call.params["FriendlyName"]
    _check_name(call.mine("credential_lists"), name, owner=record["sid"])
    return Response.of_json(200, _render_list(call, call.desk.change("credential_lists", record, friendly_name=name)))


def delete_list(call: Call) -> Response:
    """Delete a list with its credentials. One that a trunk still uses is refused."""
    record = call.find("credential_lists")
    users = [each["trunk_sid"] for each in call.mine("trunk_lists") if each["_list"] == record["sid"]]
    if users:
        raise Refusal(400, 21240, f"Credential list {record['sid']} is used by {', '.join(users)}")
    for credential in _of(call, record):
        call.desk.store.drop("credentials", credential["sid"])
    call.desk.store.drop("credential_lists", record["sid"])
    return Response(204)


def create(call: Call) -> Response:
    holder, username = call.find("credential_lists", "CredentialListSid"), call.params["Username"]
    there = _of(call, holder)
    if any(each["username"] == username for each in there):
        raise invalid(f"Invalid Username: {username} is in the list already")
    if len(there) >= MOST_IN_A_LIST:
        raise invalid(f"The list has {MOST_IN_A_LIST} credentials, the most that it can have")
    record = call.desk.new(
        "credentials",
        "CR",
        call.account,
        credential_list_sid=holder["sid"],
        username=username,
        _password=fingerprint(call.params["Password"]),
    )
    return Response.of_json(201, _render(call, record))


def read_all(call: Call) -> Response:
    return uri_page(call, "credentials", _of(call, call.find("credential_lists", "CredentialListSid")), _render)


def read(call: Call) -> Response:
    return Response.of_json(200, _render(call, _found(call)))


def update(call: Call) -> Response:
    kept = fingerprint(call.params["Password"])
    return Response.of_json(200, _render(call, call.desk.change("credentials", _found(call), _password=kept)))


def delete(call: Call) -> Response:
    call.desk.store.drop("credentials", _found(call)["sid"])
    return Response(204)


def fingerprint(password: str) -> str:
    """Give what is kept of a password: enough to compare with, useless to read."""
    return sha256(password.encode()).hexdigest()


def _found(call: Call) -> Record:
    holder, record = call.find("credential_lists", "CredentialListSid"), call.find("credentials")
    if record["credential_list_sid"] != holder["sid"]:
        raise not_found(call.request.path)
    return record


def _of(call: Call, holder: Record) -> list[Record]:
    return [each for each in call.mine("credentials") if each["credential_list_sid"] == holder["sid"]]


def _check_name(there: list[Record], name: str, owner: str | None) -> None:
    if any(each["friendly_name"] == name and each["sid"] != owner for each in there):
        raise Refusal(400, 21240, f"Credential list with friendly name {name} already exists")


def _render_list(call: Call, record: Record) -> dict[str, Any]:
    path = f"/SIP/CredentialLists/{record['sid']}"
    return {
        **in_2010(record, path),
        "subresource_uris": {"credentials": account_uri(record["account_sid"], f"{path}/Credentials.json")},
    }


def _render(call: Call, record: Record) -> dict[str, Any]:
    return in_2010(record, f"/SIP/CredentialLists/{record['credential_list_sid']}/Credentials/{record['sid']}")
