"""How requests prove whose account they are for: what is added to each, and what of it must never be shown."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import requests
from requests.auth import AuthBase

from trunkline.secret import Secret

Heads = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication(AuthBase):
    """`heads` are made for each request as it is sent: a signature or a token may be of that moment and of its bytes.

    It takes method, URL and body. `secrets` are the texts that an answer may repeat, also as they are encoded.
    """

    heads: Callable[[str, str, bytes], Heads] = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the heads, as `requests` asks; so neither ~/.netrc nor the URL puts others in their place."""
        body = request.body or b""
        data = body.encode() if isinstance(body, str) else bytes(body)
        request.headers.update(self.heads(request.method or "", request.url or "", data))
        return request


def basic(user: str, password: Secret) -> Authentication:
    """Give that of a user and a password (RFC 7617)."""
    encoded = b64encode(f"{user}:{password.reveal()}".encode()).decode()
    heads = {"Authorization": f"Basic {encoded}"}
    return Authentication(heads=lambda method, url, body: heads, secrets=(password.reveal(), encoded))


def bearer(token: Secret) -> Authentication:
    """Give that of one token (RFC 6750)."""
    heads = {"Authorization": f"Bearer {token.reveal()}"}
    return Authentication(heads=lambda method, url, body: heads, secrets=(token.reveal(),))
