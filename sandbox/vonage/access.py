"""Who asks: HTTP Basic with key and secret, or both as query parameters (the older way, still served)."""

from __future__ import annotations

import base64
import binascii
from hmac import compare_digest

from sandbox.request import Request
from sandbox.store import Store
from sandbox.vonage.errors import failed
from sandbox.vonage.settings import VonageSettings

IN_QUERY = frozenset({"api_key", "api_secret"})


def open_accounts(store: Store, settings: VonageSettings) -> None:
    with store.transaction():
        for each in settings.accounts:
            store.put("accounts", each.api_key, {"api_secret": each.api_secret, "balance": str(each.balance)})
    store.forget_past()


def caller(store: Store, request: Request) -> str:
    """Give the API key of the account that asks. Raises the vendor's 401."""
    key, secret = _basic(request.headers.get("authorization", "")) or _in_query(request)
    account = store.get("accounts", key)
    if account is None or not compare_digest(account["api_secret"].encode(), secret.encode()):
        raise failed(401)
    return key


def _in_query(request: Request) -> tuple[str, str]:
    given = dict(request.query)
    return given.get("api_key", ""), given.get("api_secret", "")


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password
