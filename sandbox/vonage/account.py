"""The account: the numbers that it owns (`/account/numbers`; what is not set is not shown), and its money in EUR."""

from __future__ import annotations

from typing import Any

from sandbox.request import Response
from sandbox.store import Record
from sandbox.vonage.desk import Call
from sandbox.vonage.fields import PAGING, PATTERN, Field, boolean, country, text

LIST = (
    Field("application_id", text),
    Field("has_application", boolean),
    Field("country", country),
    *PATTERN,
    *PAGING,
)
_NOT_SHOWN = frozenset({"moSmppSysType", "voiceStatusCallback"})


def numbers(call: Call) -> Response:
    desk = call.desk
    every = desk.store.table("numbers").values()
    owned = [each for each in every if each["_account"] == call.account and desk.shows(each)]
    owned.sort(key=lambda each: each["_order"])
    return Response.of_json(200, call.page([_render(each) for each in owned if _wanted(call, each)]))


def _wanted(call: Call, record: Record) -> bool:
    params, app = call.params, record.get("app_id")
    return (
        params.get("country") in (None, record["country"])
        and call.pattern.matches(record["msisdn"])
        and params.get("application_id") in (None, app)
        and params.get("has_application") in (None, app is not None)
    )


def _render(record: Record) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name[0] != "_" and name not in _NOT_SHOWN}


def balance(call: Call) -> Response:
    holder = call.desk.store.table("accounts")[call.account]
    return Response.of_json(200, {"value": float(holder["balance"]), "autoReload": False})
