"""The issuer's public keys: a JSON Web Key Set in a file or at a URL (RFC 7517), fetched again as it changes."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import jwt

# Each kind of key is for one algorithm; nothing else is accepted: (kty, crv) -> alg.
_ALGORITHMS: Mapping[tuple[str, str], str] = {
    ("RSA", ""): "RS256",
    ("EC", "P-256"): "ES256",
    ("OKP", "Ed25519"): "EdDSA",
}
_MIN_RSA_BITS = 2048
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
MAX_SIZE = 1 << 20
"""Bytes of a key set."""

Key = tuple[Any, str]
Fetch = Callable[[], Awaitable[bytes]]


class KeySetInvalid(ValueError):
    """The document is no usable key set."""


def parse(data: bytes) -> Mapping[str, Key]:
    """Give by `kid` each usable key with its algorithm; keys for other uses or of other kinds are left out."""
    try:
        keys = json.loads(data)["keys"]
        return {str(key.get("kid", "")): found for key in keys if (found := _key(key)) is not None}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeySetInvalid("the document is no JSON Web Key Set") from None


def _key(key: Mapping[str, Any]) -> Key | None:
    algorithm = _ALGORITHMS.get((str(key.get("kty")), str(key.get("crv", ""))))
    usable = key.get("use", "sig") == "sig" and key.get("alg", algorithm) == algorithm
    if algorithm is None or not usable or _PRIVATE & key.keys():
        return None
    try:
        public = jwt.PyJWK(dict(key), algorithm=algorithm).key
    except jwt.PyJWTError:
        return None
    return (
        None
        if getattr(public, "key_size", _MIN_RSA_BITS) < _MIN_RSA_BITS and algorithm == "RS256"
        else (
            public,
            algorithm,
        )
    )


class KeySet:
    """The keys now. They are fetched again after `ttl` seconds, and for an unknown `kid` at most every `pause` seconds.

    A fetch that fails leaves the keys as they are, until `grace` seconds after the last that worked.
    """

    ttl, pause, grace = 300.0, 10.0, 3600.0

    def __init__(self, fetch: Fetch, clock: Callable[[], float]) -> None:
        self._fetch, self._clock = fetch, clock
        self._keys: Mapping[str, Key] = {}
        self._tried = self._fetched = float("-inf")
        self.generation = 0
        """Counts the changes of the set, so that what was verified by a withdrawn key is forgotten."""

    async def find(self, kid: str) -> Key | None:
        """Give the key of this id; a token without one may use the set's only key."""
        await self.refresh(self.ttl)
        if kid not in self._keys and (kid or len(self._keys) != 1):
            await self.refresh(self.pause)
        if not kid and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(kid)

    async def refresh(self, age: float) -> None:
        """Fetch the set if the last attempt is older than `age` seconds (and older than `pause`)."""
        now = self._clock()
        if now - self._tried < min(age, self.pause) or now - self._fetched < age:
            return
        self._tried = now
        try:
            keys = parse(await self._fetch())
        except (OSError, KeySetInvalid):
            if now - self._fetched > self.grace:
                self._replace({})
            return
        self._fetched = now
        self._replace(keys)

    def _replace(self, keys: Mapping[str, Key]) -> None:
        if {kid: _identity(key) for kid, key in keys.items()} != {kid: _identity(k) for kid, k in self._keys.items()}:
            self.generation += 1
            self._keys = keys


def allowed(url: str) -> bool:
    """Say whether keys may be fetched from there: https, or http on this host."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost"))


def _identity(key: Key) -> tuple[Any, str]:
    return key[0].public_numbers() if hasattr(key[0], "public_numbers") else key[0].public_bytes_raw(), key[1]
