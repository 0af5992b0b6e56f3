"""The account's money: `/account/get-balance`, in EUR."""

from __future__ import annotations

from sandbox.request import Response
from sandbox.vonage.desk import Call


def read(call: Call) -> Response:
    holder = call.desk.store.table("accounts")[call.account]
    return Response.of_json(200, {"value": float(holder["balance"]), "autoReload": False})
