"""Who may call: the check of LiveKit's access tokens, which are JWTs that the API secret signs.

Source: livekit-server 1.13.5 `pkg/service/auth.go`, livekit/protocol `auth/verifier.go` (2026-07-28).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from jwt.types import Options

from sandbox.livekit.twirp import TwirpError
from sandbox.request import Request

BEARER = "Bearer "
LEEWAY_SECONDS = 60
REMEMBERED = 1024
# The signature is PyJWT's to check; times are checked here, by the clock that was passed in.
SIGNATURE_ONLY: Options = {
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}


class TokenError(Exception):
    """A token that the server's front refuses with plain text and 401, before any RPC is looked at."""


@dataclass(frozen=True, slots=True)
class _Token:
    not_before: float
    expires: float
    sip_admin: bool


class Gate:
    """The check of a request's token against the project's keys, by API key.

    `clock` gives seconds since 1970, on the clock of those who make tokens.
    """

    def __init__(self, keys: Mapping[str, str], clock: Callable[[], float]) -> None:
        self._keys = keys
        self._clock = clock
        self._known: dict[str, _Token] = {}

    def sip_admin(self, request: Request) -> bool:
        """Whether the caller may manage trunks and rules; raises `TokenError`. No token at all is False."""
        raw = _raw_token(request)
        if not raw:
            return False
        token = self._known.get(raw) or self._read(raw)
        now = self._clock()
        if now >= token.expires + LEEWAY_SECONDS:
            raise TokenError(f"invalid token: {raw}, error: token has invalid claims: token is expired")
        if now < token.not_before - LEEWAY_SECONDS:
            raise TokenError(f"invalid token: {raw}, error: token has invalid claims: token is not valid yet")
        return token.sip_admin

    def _read(self, raw: str) -> _Token:
        issuer = _unverified(raw).get("iss", "")
        secret = self._keys.get(issuer)
        if secret is None:
            raise TokenError(f"invalid API key: {issuer}")
        try:
            claims = jwt.decode(raw, secret, algorithms=["HS256"], options=SIGNATURE_ONLY)
        except jwt.InvalidTokenError as error:
            raise TokenError(
                f"invalid token: {raw}, error: token signature is invalid: signature is invalid"
            ) from error
        token = _Token(
            not_before=claims.get("nbf", 0.0),
            expires=claims.get("exp", float("inf")),
            sip_admin=bool(_mapping(claims.get("sip")).get("admin")),
        )
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[raw] = token
        return token


def require_sip_admin(allowed: bool) -> None:
    """The RPCs' own check; raises `TwirpError`. No token and a token without the grant get the same answer."""
    if not allowed:
        raise TwirpError("unauthenticated", "permissions denied")


def _raw_token(request: Request) -> str:
    header = request.headers.get("authorization", "")
    if not header:
        return dict(request.query).get("access_token", "")
    if not header.startswith(BEARER):
        raise TokenError(f"invalid authorization header. Must start with {BEARER}")
    return header.removeprefix(BEARER)


def _unverified(raw: str) -> dict[str, Any]:
    """The claims of a JWT, their types checked and nothing else; raises `TokenError`."""
    try:
        claims = jwt.decode(raw, options={"verify_signature": False})
    except jwt.InvalidTokenError as error:
        raise TokenError("invalid authorization token") from error
    names = all(isinstance(claims.get(claim, ""), str) for claim in ("iss", "sub", "jti"))
    times = all(isinstance(claims.get(claim, 0), int | float) for claim in ("nbf", "exp", "iat"))
    if not (names and times):
        raise TokenError("invalid authorization token")
    return claims


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
