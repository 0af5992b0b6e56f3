"""Who asks: HTTP Basic with the account's SID and token, or with an API key and its secret."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hmac import compare_digest

from sandbox.request import Request
from sandbox.store import Store
from sandbox.twilio.errors import of_status
from sandbox.twilio.settings import TwilioSettings


@dataclass(frozen=True, slots=True)
class Caller:
    """The account that asks, and whether by an API key."""

    account: str
    by_key: bool


def open_accounts(store: Store, settings: TwilioSettings, now: float) -> None:
    """Put the accounts of the settings, and their keys, into the state."""
    with store.transaction():
        for each in settings.accounts:
            money = {"auth_token": each.auth_token, "balance": str(each.balance), "_created": now}
            store.put("accounts", each.sid, money)
            for key, secret in each.keys.items():
                store.put("keys", key, {"account_sid": each.sid, "secret": secret})
    store.forget_past()


def caller(store: Store, request: Request) -> Caller:
    """Give who asks. Raises the vendor's 401, which does not say what is wrong."""
    user, password = _basic(request.headers.get("authorization", ""))
    account = store.get("accounts", user)
    if account and compare_digest(account["auth_token"].encode(), password.encode()):
        return Caller(user, by_key=False)
    key = store.get("keys", user)
    if key and compare_digest(key["secret"].encode(), password.encode()):
        return Caller(key["account_sid"], by_key=True)
    raise of_status(401)


def _basic(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password
