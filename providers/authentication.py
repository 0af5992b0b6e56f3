"""How requests prove whose account they are for: what is added to each, and what of it must never be shown."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import jwt
import requests
from requests.auth import AuthBase

from trunkline.secret import Secret

Heads = Mapping[str, str]

TOKEN_SECONDS: Final = 600
"""How long a token of LiveKit's is good from its making on: a request with its repetitions, and clocks that differ."""

TOKEN_LEEWAY: Final = 300
"""Seconds before its making from which a token is good: this machine's clock may run ahead of LiveKit's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication:
    """`heads` are made for each request as it is sent: a signature or a token may be of that moment and of its bytes.

    It takes method, URL and body. `secrets` are the texts that an answer may repeat, also as they are encoded; what is
    made for one request alone is not among them.
    """

    heads: Callable[[str, str, bytes], Heads] = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)

    def of_one_request(self) -> Proof:
        """Give that of one request, which knows afterwards what it was sent with."""
        return Proof(self.heads)


class Proof(AuthBase):
    """Adds its heads to one request. `words` are what they say, "Bearer" and the like left out: an answer may repeat
    them, and a token or signature of that moment is no less secret than what it was made with.
    """

    def __init__(self, heads: Callable[[str, str, bytes], Heads]) -> None:
        self._heads = heads
        self.words: tuple[str, ...] = ()

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the heads, as `requests` asks; so neither ~/.netrc nor the URL puts others in their place."""
        body = request.body or b""
        data = body.encode() if isinstance(body, str) else bytes(body)
        heads = self._heads(request.method or "", request.url or "", data)
        self.words = tuple(word for value in heads.values() for word in value.split()[-1:])
        request.headers.update(heads)
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


def livekit_token(key: str, secret: Secret, now: float, *, service: str) -> str:
    """Give a token that may administer one service of a LiveKit project ("sip", "agent"), for some minutes.

    It is all that this takes, and so one that leaks shall be worthless soon. `now`: seconds of the Unix time.
    """
    made = int(now)
    claims: dict[str, Any] = {"iss": key, "nbf": made - TOKEN_LEEWAY, "exp": made + TOKEN_SECONDS}
    return jwt.encode({**claims, service: {"admin": True}}, secret.reveal(), algorithm="HS256")
