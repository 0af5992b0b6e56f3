"""Finds out who asks, by what the request brings to prove it."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from msgspec import Struct

from trunkline.api.auth.jwks import KeySet, KeySetUnavailable
from trunkline.api.auth.keys import PREFIX, ApiKey, KeyStore, well_formed
from trunkline.api.auth.principal import Principal
from trunkline.api.auth.throttle import Throttle
from trunkline.api.auth.tokens import Claims, TokenVerifier, Untrusted
from trunkline.api.problem import ApiProblem, too_soon
from trunkline.api.proxies import client_of

_COOKIE = b"access_token"
_KEY = PREFIX.encode()
_CACHED = 4096


class Scheme(StrEnum):
    KEY = "key"
    JWT = "jwt"


class Credential(Struct, frozen=True):
    """A credential as it came; the text is not shown."""

    scheme: Scheme
    text: bytes

    def __repr__(self) -> str:
        return f"Credential({self.scheme}, ***)"


class Ambiguous(Exception):
    """The request brings more than one credential where one is expected."""


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

    @property
    def keys_readable(self) -> bool:
        return self.keys is None or not self.keys.fault

    @property
    def key_set_readable(self) -> bool:
        return self.key_set is None or not self.key_set.fault

    def known_keys(self) -> Sequence[ApiKey]:
        """Give what is kept of the API keys, for administrators."""
        return self.keys.all() if self.keys is not None else ()

    async def look(self) -> None:
        """Look at the key file and the key set, so that what became of them is known without a request."""
        if self.keys is not None:
            await self.keys.refresh()
        if self.key_set is not None:
            await self.key_set.refresh(self.key_set.ttl)

    async def authenticate(self, headers: Iterable[tuple[bytes, bytes]], address: str) -> Principal:
        """Give who asks. Raises ApiProblem: unauthenticated, keys-unavailable, or too-many-failures from this address.

        A good credential passes whatever its address did before: many may share one behind a proxy. What is not ours
        to judge now (a key file or a key set that cannot be used) is no failure of whoever asks.
        """
        try:
            found = credential_of(headers)
        except Ambiguous:
            raise self._refused(
                address, "the request brings several credentials; send one", "several credentials"
            ) from None
        if found is None:
            detail = "send an API key as X-API-Key or as bearer, or a token as bearer or cookie access_token"
            raise _unauthenticated(detail, "no credential")
        try:
            return await self._by_key(found) if found.scheme is Scheme.KEY else await self._by_token(found)
        except Untrusted as untrusted:
            raise self._refused(address, "the credential is not accepted", str(untrusted)) from None
        except KeySetUnavailable as unavailable:
            raise _unavailable(str(unavailable)) from None

    async def _by_key(self, found: Credential) -> Principal:
        if self.keys is None:
            raise Untrusted("key: no API keys are configured")
        await self.keys.refresh()
        text = found.text.decode("latin-1")
        key = self.keys.known(text)
        if key is not None:
            return key.principal
        if not well_formed(text):
            raise Untrusted("key: it has not the form of one")
        if self.keys.fault:
            raise _unavailable(self.keys.fault)
        raise Untrusted("key: it is unknown or revoked")

    async def _by_token(self, found: Credential) -> Principal:
        if self.tokens is None:
            raise Untrusted("token: no tokens are configured")
        await self._forget_withdrawn_keys()
        name, now = hashlib.sha256(found.text).digest(), self.clock()
        claims = self._verified.get(name)
        if claims is None or now >= claims.expires:
            claims = await self.tokens.verify(found.text, now)
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

    def _refused(self, address: str, detail: str, reason: str) -> ApiProblem:
        client = client_of(address)
        wait = self.failures.wait(client)
        if wait > 0:
            detail = "this address failed to authenticate too often"
            return too_soon("too-many-failures", detail, wait, reason=reason)
        self.failures.count(client)
        return _unauthenticated(detail, reason)


def _unauthenticated(detail: str, reason: str) -> ApiProblem:
    headers = {"www-authenticate": 'Bearer realm="trunkline"'}
    return ApiProblem("unauthenticated", detail, headers=headers, reason=reason)


def _unavailable(reason: str) -> ApiProblem:
    detail = "this service cannot read the keys that it checks credentials by; its log and /readyz say more"
    return ApiProblem("keys-unavailable", detail, headers={"retry-after": "5"}, reason=reason)


def credential_of(headers: Iterable[tuple[bytes, bytes]]) -> Credential | None:
    """Take `X-API-Key`, else `Authorization: Bearer` with a key or a token, else the cookie `access_token`.

    A header that was set on purpose goes before the cookie, which a browser adds by itself. Two headers, a header
    twice, or cookies of one name and different values raise Ambiguous: which counts must not depend on who reads.
    An `Authorization` of another scheme is for somebody else, such as a proxy on the way, and counts as none.
    """
    explicit: list[Credential] = []
    cookies: set[bytes] = set()
    for name, value in headers:
        if name == b"x-api-key":
            explicit.append(Credential(Scheme.KEY, value))
        elif name == b"authorization":
            explicit.extend(_bearer(value))
        elif name == b"cookie":
            cookies.update(_cookies(value))
    if len(explicit) > 1 or (not explicit and len(cookies) > 1):
        raise Ambiguous
    if explicit:
        return explicit[0]
    return Credential(Scheme.JWT, cookies.pop()) if cookies else None


def _bearer(value: bytes) -> Iterable[Credential]:
    scheme, _, text = value.partition(b" ")
    if scheme.lower() == b"bearer":
        # A key's prefix is never a token's: a token begins with `ey`, the base64url of `{"`.
        yield Credential(Scheme.KEY if text.startswith(_KEY) else Scheme.JWT, text)


def _cookies(header: bytes) -> Iterable[bytes]:
    for pair in header.split(b";"):
        name, found, value = pair.strip(b" \t").partition(b"=")
        if found and name == _COOKIE:
            yield value
