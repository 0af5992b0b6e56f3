"""Finds out who asks."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from trunkline.api import credential
from trunkline.api.credential import Ambiguous, Credential, Scheme
from trunkline.api.jwks import KeySet
from trunkline.api.keys import ApiKey, KeyStore
from trunkline.api.principal import Principal
from trunkline.api.problem import ApiProblem
from trunkline.api.throttle import Throttle
from trunkline.api.tokens import Claims, TokenVerifier, Untrusted

_CACHED = 4096


@dataclass(kw_only=True)
class Auth:
    """The ways in that are configured. Without any, everyone is refused."""

    keys: KeyStore | None = None
    tokens: TokenVerifier | None = None
    key_set: KeySet | None = None
    clock: Callable[[], float] = time.time
    failures: Throttle = field(default_factory=lambda: Throttle(burst=20, every=3.0, clock=time.monotonic))

    def __post_init__(self) -> None:
        # SHA-256 of a token -> what it said; so that a token is verified once and is nowhere kept.
        self._verified: OrderedDict[bytes, Claims] = OrderedDict()
        self._generation = 0

    @property
    def configured(self) -> bool:
        return self.keys is not None or self.tokens is not None

    def known_keys(self) -> Sequence[ApiKey]:
        """Give what is kept of the API keys, for administrators."""
        return tuple(self.keys.keys().values()) if self.keys is not None else ()

    async def authenticate(self, headers: Iterable[tuple[bytes, bytes]], address: str) -> Principal:
        """Give who asks. Raises ApiProblem: unauthenticated, or too-many-failures from this address.

        What is cheap to check is checked even then, so that a good key is not locked out by a neighbour's failures.
        """
        try:
            found = credential.find(headers)
        except Ambiguous:
            raise self._refused(address, "the request brings several credentials; send one") from None
        if found is None:
            raise _unauthenticated("send an API key as X-API-Key, or a token as bearer or cookie access_token")
        principal = self._by_key(found) if found.scheme is Scheme.KEY else await self._by_token(found, address)
        if principal is None:
            raise self._refused(address, "the credential is not accepted")
        return principal

    def _by_key(self, found: Credential) -> Principal | None:
        key = self.keys.find(found.text.decode("latin-1")) if self.keys is not None else None
        return None if key is None else key.principal

    async def _by_token(self, found: Credential, address: str) -> Principal | None:
        if self.tokens is None:
            return None
        await self._forget_withdrawn_keys()
        name, now = hashlib.sha256(found.text).digest(), self.clock()
        claims = self._verified.get(name)
        if claims is not None and now < claims.expires:
            return claims.principal
        self._limit(address)
        try:
            claims = await self.tokens.verify(found.text, now)
        except Untrusted:
            return None
        self._remember(name, claims)
        return claims.principal

    def _remember(self, name: bytes, claims: Claims) -> None:
        self._verified[name] = claims
        if len(self._verified) > _CACHED:
            self._verified.popitem(last=False)

    async def _forget_withdrawn_keys(self) -> None:
        if self.key_set is None:
            return
        await self.key_set.refresh(self.key_set.ttl)
        if self.key_set.generation != self._generation:
            self._generation = self.key_set.generation
            self._verified.clear()

    def _refused(self, address: str, detail: str) -> ApiProblem:
        self._limit(address)
        self.failures.count(address)
        return _unauthenticated(detail)

    def _limit(self, address: str) -> None:
        wait = self.failures.wait(address)
        if wait > 0:
            raise ApiProblem(
                "too-many-failures",
                f"this address failed to authenticate too often; wait {wait:.0f} s",
                headers={"retry-after": str(int(wait) + 1)},
            )


def _unauthenticated(detail: str) -> ApiProblem:
    return ApiProblem("unauthenticated", detail, headers={"www-authenticate": 'Bearer realm="trunkline"'})
