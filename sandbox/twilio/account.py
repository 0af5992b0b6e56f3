"""The account and its money."""

from __future__ import annotations

from sandbox.request import Response
from sandbox.twilio.desk import Call
from sandbox.twilio.errors import not_found
from sandbox.twilio.wire import account_uri, rfc2822


def read(call: Call) -> Response:
    """Show the account, without its token."""
    if call.arguments["Sid"] != call.account:
        raise not_found(call.request.path)
    holder = call.desk.store.table("accounts")[call.account]
    body = {
        "sid": call.account,
        "owner_account_sid": call.account,
        "friendly_name": "Sandbox",
        "status": "active",
        "type": "Full",
        "date_created": rfc2822(holder["_created"]),
        "date_updated": rfc2822(holder["_created"]),
        "uri": account_uri(call.account, ".json"),
    }
    return Response.of_json(200, body)


def balance(call: Call) -> Response:
    holder = call.desk.store.table("accounts")[call.account]
    return Response.of_json(200, {"account_sid": call.account, "balance": holder["balance"], "currency": "USD"})
