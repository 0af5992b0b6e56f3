"""Buying, cancelling and updating: `/number/buy`, `/number/cancel`, `/number/update`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from sandbox.ledger import Charge, Release
from sandbox.numbering import Block, monthly_eur
from sandbox.request import Response
from sandbox.stock import find
from sandbox.store import Record
from sandbox.vonage.desk import Call, Desk, features_of, type_of
from sandbox.vonage.errors import NEEDS_ADDRESS, failed
from sandbox.vonage.fields import OF_A_NUMBER, Field, choice, text, url

ORDER = (*OF_A_NUMBER, Field("target_api_key", text))
LINKS = (
    Field("app_id", text),
    Field("moHttpUrl", url),
    Field("moSmppSysType", text),
    Field("voiceCallbackType", choice("sip", "tel", "app")),
    Field("voiceCallbackValue", text),
    Field("voiceStatusCallback", url),
    Field("messagesCallbackType", choice("app")),
    Field("messagesCallbackValue", text),
)
UPDATE = (*OF_A_NUMBER, *LINKS)
_LINK_NAMES = frozenset(each.name for each in LINKS)
_APP_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Vonage, "SIP forwarding": user@host, then port and parameters; a comma list fails over (2026-11).
_SIP = re.compile(r"sip:[^@\s,;]+@[A-Za-z0-9.\-]+(:\d{1,5})?(;[a-z]+=[A-Za-z0-9]+)*")
_VALUE_OF_TYPE = {"sip": _SIP, "tel": re.compile(r"[1-9][0-9]{6,14}"), "app": _APP_ID}


def buy(call: Call) -> Response:
    desk, block = call.desk, _block(call)
    number = f"+{call.params['msisdn']}"
    if block is None or not desk.available(number):
        raise failed(420)
    if block.country in desk.settings.dashboard_only:
        raise failed(420, NEEDS_ADDRESS)
    price = monthly_eur(block.country, block.type)
    holder = desk.store.table("accounts")[call.account]
    balance = Decimal(holder["balance"]) - price
    if balance < 0:
        raise failed(420, "insufficient credit")
    desk.store.put("accounts", call.account, {**holder, "balance": str(balance)})
    own(desk, call.account, block, call.params["msisdn"], _shown_from=desk.clock() + desk.unseen_for)
    desk.ledger.charge(Charge("vonage", call.account, number, price, "EUR", desk.clock()))
    return _success()


def cancel(call: Call) -> Response:
    release(call.desk, _owned(call))
    return _success()


def update(call: Call) -> Response:
    """Set the links of a number. What the request leaves out is taken away (nexmo-cli#83)."""
    record = _owned(call)
    _check_links(call)
    kept = {name: value for name, value in record.items() if name not in _LINK_NAMES}
    given = {name: value for name, value in call.params.items() if name in _LINK_NAMES and value != ""}
    call.desk.store.put("numbers", record["msisdn"], {**kept, **given})
    return _success()


def own(desk: Desk, account: str, block: Block, msisdn: str, **fields: Any) -> Record:
    """Let an account own a number."""
    desk.ids.drawn += 1
    record = {
        "country": block.country,
        "msisdn": msisdn,
        "type": type_of(block),
        "features": list(features_of(block)),
        **fields,
        "_account": account,
        "_order": desk.ids.drawn,
    }
    desk.store.put("numbers", msisdn, record)
    return record


def release(desk: Desk, record: Record) -> None:
    """Let a number leave its account; for a while nobody can buy it."""
    msisdn, now = record["msisdn"], desk.clock()
    desk.store.drop("numbers", msisdn)
    desk.store.put("released", msisdn, {"until": now + desk.settings.cooldown_seconds})
    desk.ledger.release(Release("vonage", record["_account"], f"+{msisdn}", now))


def _block(call: Call) -> Block | None:
    """Give the block of the number when its country is the one named. Raises Refusal for another account."""
    if call.params.get("target_api_key") not in (None, call.account):
        raise failed(420, "the sandbox has no subaccounts")
    block = find(f"+{call.params['msisdn']}")
    return block if block and block.country == call.params["country"] else None


def _owned(call: Call) -> Record:
    """Give the account's number. Raises the vendor's 420 when it is not the account's."""
    record = call.desk.store.get("numbers", call.params["msisdn"])
    if _block(call) is None or record is None or record["_account"] != call.account or not call.desk.shows(record):
        raise failed(420)
    return record


def _check_links(call: Call) -> None:
    kind, value = call.params.get("voiceCallbackType"), call.params.get("voiceCallbackValue")
    if (kind is None) != (value is None):
        raise failed(420, "voiceCallbackType and voiceCallbackValue must be given together")
    if value and not all(_VALUE_OF_TYPE[kind or ""].fullmatch(each) for each in value.split(",")):
        raise failed(420, f"voiceCallbackValue is not valid for type {kind}")
    messages = call.params.get("messagesCallbackType"), call.params.get("messagesCallbackValue")
    if (messages[0] is None) != (messages[1] is None):
        raise failed(420, "messagesCallbackType and messagesCallbackValue must be given together")
    app = call.params.get("app_id")
    if app and not _APP_ID.fullmatch(app):
        raise failed(420, "app_id is not valid")


def _success() -> Response:
    return Response.of_json(200, {"error-code": "200", "error-code-label": "success"})
