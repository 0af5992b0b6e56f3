"""Keys, secrets and tokens for the tests; made new for each run."""

from __future__ import annotations

import random
import time
from pathlib import Path
from typing import Any

import jwt

from tests.support.waiting import SOON
from trunkline.api.auth import keys
from trunkline.api.auth.auth import Auth
from trunkline.api.auth.jwks import KeySet, fetch_from
from trunkline.api.auth.keys import ApiKey, KeyStore
from trunkline.api.auth.principal import Role
from trunkline.api.auth.tokens import Expected, TokenVerifier
from trunkline.secret import Secret

JWT_SECRET = "a-secret-of-the-tests-that-is-long-enough-for-hs256"
ISSUER, AUDIENCE = "https://issuer.example", "trunkline"
KEYS = {role: keys.generate(random.SystemRandom().choice).reveal() for role in Role}


def kept(role: Role) -> ApiKey:
    """What the key file keeps of a role's key."""
    return ApiKey(
        id=f"id-{role}",
        name=f"ci-{role}",
        role=role,
        created="2026-01-01T00:00:00Z",
        sha256=keys.digest(KEYS[role]),
    )


def key_file(folder: Path) -> Path:
    """A key file with a key for each role."""
    path = folder / "keys.json"
    for role in Role:
        keys.add(path, kept(role))
    return path


def claims(**changes: Any) -> dict[str, Any]:
    """Good claims, changed; a claim that is None is left out.

    They hold for a day: some are made while the tests are collected, long before the test that shows them.
    """
    now = int(time.time())
    good = {"sub": "ann", "role": "admin", "iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 86_400}
    return {name: value for name, value in (good | changes).items() if value is not None}


def token(**changes: Any) -> str:
    """A token of good claims, changed, signed with the shared secret."""
    return jwt.encode(claims(**changes), JWT_SECRET, algorithm="HS256")


def auth(folder: Path) -> Auth:
    """Keys for each role, and tokens by the shared secret."""
    verifier = TokenVerifier(Expected(issuer=ISSUER, audience=AUDIENCE), secret=Secret(JWT_SECRET), find_key=None)
    return Auth(keys=KeyStore(key_file(folder), time.monotonic), tokens=verifier)


def by_key_set(place: str, clock: list[float], deadline: float = SOON) -> Auth:
    """Tokens by the key set of an issuer, which has so many seconds to give it."""
    key_set = KeySet(fetch_from(place, deadline), lambda: clock[0], place)
    expected = Expected(issuer=ISSUER, audience=AUDIENCE)
    verifier = TokenVerifier(expected, secret=None, find_key=key_set.find)
    return Auth(tokens=verifier, key_set=key_set)
