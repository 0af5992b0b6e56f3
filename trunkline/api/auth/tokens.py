"""JSON Web Tokens, read strictly: every claim that is used is pinned, and nothing in a token chooses how it is checked.

PyJWT checks the signature alone. What surrounds it is checked here, because each of PyJWT's advisories up to 2026
(CVE-2022-29217, 2024-53861, 2026-32597, 2026-48523) was about that surrounding. RFC 7519, RFC 8725.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from trunkline.api.auth import strict_json
from trunkline.api.auth.jwks import Key
from trunkline.api.auth.principal import Principal, Role
from trunkline.secret import Secret

MAX_SIZE = 8192
"""Bytes of a token; a larger one is refused unread."""
SKEW = 5
"""Seconds by which an issuer's clock may be ahead of ours (`nbf`, `iat`); an expired token is expired at once."""

_SHAPE = re.compile(rb"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
# A certificate's thumbprint (x5t) names a key once more, and is not looked at. What brings or points to a key of the
# token's own (jwk, jku, x5c, x5u), changes how it is read (crit, b64, zip) or is not known is refused.
_HEADER = frozenset({"alg", "typ", "kid", "x5t", "x5t#S256"})
_TYPES = frozenset({"jwt", "at+jwt"})
# No control characters, and no half of a surrogate pair, which nothing could write down as UTF-8.
_NAME = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff]{1,200}")


class Untrusted(Exception):
    """The credential is not accepted; the message, for the log, names claim and rule and holds nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """A verified token: who, and until when (seconds of the Unix time)."""

    principal: Principal
    expires: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What every token must say. "" accepts any issuer, or a token that names no audience."""

    issuer: str
    audience: str


# Gives the public key of a `kid` ("" for a token without one) and an algorithm; None where the set has no such key.
FindKey = Callable[[str, str], Awaitable[Key | None]]


class TokenVerifier:
    """Checks tokens against a shared secret (HS256), a set of public keys, or both."""

    def __init__(self, expected: Expected, *, secret: Secret | None, find_key: FindKey | None) -> None:
        self._expected, self._secret, self._find_key = expected, secret, find_key

    async def verify(self, token: bytes, now: float) -> Claims:
        """Give the claims of a good token. Raises Untrusted for any other."""
        header, claims = parse(token)
        key = await self._key(header)
        try:
            # The key's own algorithm, and not the token's: they are the same, or the key was not found.
            jwt.api_jws.decode(token, key.public, algorithms=[key.algorithm])
        except (jwt.PyJWTError, ValueError):
            raise Untrusted("token signature: it does not fit the key") from None
        return check(claims, self._expected, now)

    async def _key(self, header: Mapping[str, Any]) -> Key:
        if header["alg"] == "HS256" and self._secret is not None:
            return Key(kid="", public=self._secret.reveal().encode(), algorithm="HS256")
        find = self._find_key
        found = await find(header.get("kid", ""), header["alg"]) if find is not None else None
        if found is None:
            raise Untrusted("token kid: not one key of that name, or without a kid not one key, is known for its alg")
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
        raise Untrusted("token header: it has members besides alg, typ, kid and x5t, or one that is no text")
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
        document = strict_json.loads(_decoded(part))
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


def _time(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None and name not in claims:
        return None
    # NumericDate may have a fraction (RFC 7519, 2).
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**53:
        raise Untrusted(f"token {name}: it is no number of seconds")
    return float(value)


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
