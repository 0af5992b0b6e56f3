"""JSON Web Tokens, read strictly: every claim that is used is pinned, and nothing in a token chooses how it is checked.

PyJWT checks the signature alone. What surrounds it is checked here, because each of PyJWT's advisories up to 2026
(CVE-2022-29217, 2024-53861, 2026-32597, 2026-48523) was about that surrounding. RFC 7519, RFC 8725.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from trunkline.api.auth.principal import Principal, Role
from trunkline.secret import Secret

MAX_SIZE = 8192
"""Bytes of a token; a larger one is refused unread."""
SKEW = 5
"""Seconds by which an issuer's clock may be ahead of ours (`nbf`, `iat`); an expired token is expired at once."""

_SHAPE = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_HEADER = frozenset({"alg", "typ", "kid"})
_TYPES = frozenset({"jwt", "at+jwt"})
# No control characters, and no half of a surrogate pair, which nothing could write down as UTF-8.
_NAME = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,200}")


class Untrusted(Exception):
    """The credential is not accepted; the message, for the log, names claim and rule and holds nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """A verified token: who, and until when (seconds of the Unix time)."""

    principal: Principal
    expires: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What every token must say. "" accepts any issuer, or a token that names no audience."""

    issuer: str
    audience: str


# Gives the public key and the one algorithm that the key is for; None where the key set has no such key.
FindKey = Callable[[str], Awaitable[tuple[Any, str] | None]]


class TokenVerifier:
    """Checks tokens against a shared secret (HS256), a set of public keys, or both."""

    def __init__(self, expected: Expected, *, secret: Secret | None, find_key: FindKey | None) -> None:
        self._expected, self._secret, self._find_key = expected, secret, find_key

    async def verify(self, token: bytes, now: float) -> Claims:
        """Give the claims of a good token. Raises Untrusted for any other."""
        header, claims = parse(token)
        key, algorithm = await self._key(header)
        if header["alg"] != algorithm:
            raise Untrusted("token alg: it is not the key's")
        try:
            jwt.api_jws.decode(token, key, algorithms=[algorithm])
        except (jwt.PyJWTError, ValueError):
            raise Untrusted("token signature: it does not fit the key") from None
        return check(claims, self._expected, now)

    async def _key(self, header: Mapping[str, Any]) -> tuple[Any, str]:
        if header["alg"] == "HS256" and self._secret is not None:
            return self._secret.reveal().encode(), "HS256"
        found = await self._find_key(header.get("kid", "")) if self._find_key is not None else None
        if found is None:
            raise Untrusted("token kid: no key of that name, or no key for that alg, is configured")
        return found


def parse(token: bytes) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Give header and claims of a token of the one accepted spelling, its signature unchecked."""
    if len(token) > MAX_SIZE:
        raise Untrusted(f"token: it has over {MAX_SIZE} bytes")
    if not _SHAPE.fullmatch(token):
        raise Untrusted("token: it is no compact JWS")
    header, claims = (_object(part) for part in token.split(b".")[:2])
    _decoded(token.rpartition(b".")[2])
    if not header.keys() <= _HEADER or not all(isinstance(value, str) for value in header.values()):
        raise Untrusted("token header: it has members besides alg, typ and kid, or one that is no text")
    if "alg" not in header or header.get("typ", "JWT").lower() not in _TYPES:
        raise Untrusted("token header: alg is missing, or typ is neither JWT nor at+jwt")
    return header, claims


def check(claims: Mapping[str, Any], expected: Expected, now: float) -> Claims:
    """Check the claims of a token whose signature is good."""
    expires = _time(claims, "exp")
    if expires is None:
        raise Untrusted("token exp: it is missing")
    if expires <= now:
        raise Untrusted("token exp: it is over")
    for name in ("nbf", "iat"):
        if (_time(claims, name) or 0) > now + SKEW:
            raise Untrusted(f"token {name}: it is still to come")
    if expected.issuer and claims.get("iss") != expected.issuer:
        raise Untrusted("token iss: it is not TRUNKLINE_JWT_ISSUER")
    if not _is_for(claims.get("aud"), expected.audience):
        raise Untrusted("token aud: TRUNKLINE_JWT_AUDIENCE is not in it, or it is there and none is expected")
    return Claims(principal=Principal(name=_subject(claims), role=_role(claims), via="jwt"), expires=expires)


def _object(part: bytes) -> Mapping[str, Any]:
    try:
        text = _decoded(part).decode()  # UTF-8 alone: given bytes, `json` would guess UTF-16 and UTF-32 too
        document = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Untrusted("token: it holds no strict JSON in UTF-8") from None
    if not isinstance(document, dict):
        raise Untrusted("token: it holds no JSON object")
    return document


def _decoded(part: bytes) -> bytes:
    try:
        data = base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))
    except binascii.Error:
        raise Untrusted("token: it is no base64url") from None
    # Unused bits in the last character would give one token several spellings.
    if base64.urlsafe_b64encode(data).rstrip(b"=") != part:
        raise Untrusted("token: it is no canonical base64url")
    return data


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a name stands twice")
    return document


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _time(claims: Mapping[str, Any], name: str) -> int | None:
    value = claims.get(name)
    if value is None and name not in claims:
        return None
    if type(value) is not int or not 0 <= value < 2**53:
        raise Untrusted(f"token {name}: it is no whole number of seconds")
    return value


def _is_for(audience: Any, expected: str) -> bool:
    if isinstance(audience, list):
        return bool(expected) and all(isinstance(item, str) for item in audience) and expected in audience
    return audience == expected if expected else audience is None


def _subject(claims: Mapping[str, Any]) -> str:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not _NAME.fullmatch(subject):
        raise Untrusted("token sub: it is missing, or no printable text of at most 200 characters")
    return subject


def _role(claims: Mapping[str, Any]) -> Role:
    role = claims.get("role")
    if not isinstance(role, str) or role not in list(Role):
        raise Untrusted("token role: it is missing, or none of " + ", ".join(Role))
    return Role(role)
