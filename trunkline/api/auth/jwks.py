"""The issuer's public keys: a JSON Web Key Set in a file or at a URL (RFC 7517), fetched again as it changes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jwt

from trunkline.api.auth import small_file, strict_json
from trunkline.api.auth.small_file import Aside

# Each kind of key is for one algorithm; nothing else is accepted: (kty, crv) -> alg.
_ALGORITHMS: Mapping[tuple[str, str], str] = {
    ("RSA", ""): "RS256",
    ("EC", "P-256"): "ES256",
    ("OKP", "Ed25519"): "EdDSA",
}
_MIN_RSA_BITS = 2048
_WORDS = 200  # characters of an error that the log has
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
MAX_SIZE = 1 << 20
"""Bytes of a key set."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")
DEADLINE = 5.0
"""Seconds for the whole of it: names, proxy, TLS, every byte of the answer."""

_log = logging.getLogger("trunkline.api")

Fetch = Callable[[], Coroutine[Any, Any, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key with its name, "" for none, and the one algorithm that it is for."""

    kid: str
    public: Any = field(repr=False)
    algorithm: str

    @property
    def identity(self) -> tuple[str, str, Any]:
        """What tells two keys apart."""
        numbers = getattr(self.public, "public_numbers", None)
        return self.kid, self.algorithm, numbers() if numbers is not None else self.public.public_bytes_raw()


class KeySetInvalid(ValueError):
    """The document is no usable key set."""


class NoUsableKey(KeySetInvalid):
    """The document is a key set, and no key in it can be used."""


def parse(data: bytes) -> tuple[Key, ...]:
    """Give each usable key once; keys for other uses or of other kinds are left out.

    Raises KeySetInvalid for what is no key set.
    """
    try:
        keys = strict_json.loads(data)["keys"]
        found = [usable for key in keys if (usable := _key(key)) is not None]
        return tuple({key.identity: key for key in found}.values())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise KeySetInvalid("the document is no JSON Web Key Set") from None


def choose(keys: Sequence[Key], kid: str, algorithm: str) -> Key | None:
    """Give the key of this name for an algorithm; without a name the only key that there is for it.

    Where there are several nobody can say which was meant, and none is given.
    """
    meant = [key for key in keys if key.algorithm == algorithm and kid in ("", key.kid)]
    return meant[0] if len(meant) == 1 else None


def parse_usable(data: bytes) -> tuple[Key, ...]:
    """Give the usable keys of a set. Raises KeySetInvalid, NoUsableKey for one that has none."""
    keys = parse(data)
    if not keys:
        raise NoUsableKey("the key set has no key that can be used: RSA of 2048 bits or more, P-256 or Ed25519")
    return keys


def _key(key: Mapping[str, Any]) -> Key | None:
    algorithm, kid = _ALGORITHMS.get((str(key.get("kty")), str(key.get("crv", "")))), key.get("kid", "")
    usable = key.get("use", "sig") == "sig" and _verifies(key) and key.get("alg", algorithm) == algorithm
    if algorithm is None or not usable or not isinstance(kid, str) or _PRIVATE & key.keys():
        return None
    try:
        public = jwt.PyJWK(dict(key), algorithm=algorithm).key
    except Exception:  # one that a library cannot read, for whatever reason, is no reason to refuse its neighbours
        return None
    weak = algorithm == "RS256" and public.key_size < _MIN_RSA_BITS
    return None if weak else Key(kid=kid, public=public, algorithm=algorithm)


def _verifies(key: Mapping[str, Any]) -> bool:
    """Say whether a key is for checking signatures, where it says what it is for (RFC 7517, 4.3)."""
    uses = key.get("key_ops", ["verify"])
    return isinstance(uses, list) and "verify" in uses


class KeySetUnavailable(Exception):
    """Whether a token's key is in the set cannot be said now; the message says why, for the log."""


class KeySet:
    """The keys now. They are fetched again after `ttl` seconds, and for an unknown `kid` at most every `pause` seconds.

    A fetch that fails leaves the keys as they are, until `grace` seconds after the last that worked; then none is
    accepted. A set that has come whole and has no usable key withdraws them at once. `place` names it in the log.
    """

    ttl, pause, grace = 300.0, 10.0, 3600.0

    def __init__(self, fetch: Fetch, clock: Callable[[], float], place: str = "the key set") -> None:
        self._fetch, self._clock, self._place = fetch, clock, place
        self._keys: tuple[Key, ...] = ()
        self._tried = self._fetched = float("-inf")
        self._fetching = asyncio.Lock()
        self.fault = ""
        """Why the last fetch failed; "" after one that worked."""
        self.generation = 0
        """Counts the changes of the set, so that what was verified by a withdrawn key is forgotten."""

    async def find(self, kid: str, algorithm: str) -> Key | None:
        """Give the key of this id for an algorithm, as `choose` does.

        Raises KeySetUnavailable where the key is not known and the set could not be fetched.
        """
        await self.refresh(self.ttl)
        found = choose(self._keys, kid, algorithm)
        if found is None:
            await self.refresh(self.pause, patient=True)
            found = choose(self._keys, kid, algorithm)
        if found is None and self.fault:
            raise KeySetUnavailable(f"{self._place}: {self.fault}")
        return found

    async def refresh(self, age: float, *, patient: bool = False) -> None:
        """Fetch the set if the last attempt is older than `age` seconds (and older than `pause`).

        While another caller fetches it, whoever is `patient` waits for that, or comes after the grace.
        """
        is_good = self._clock() - self._fetched < self.grace
        if self._is_fresh(age) or (self._fetching.locked() and is_good and not patient):
            return
        async with self._fetching:
            if not self._is_fresh(age):
                await self._renew()

    def _is_fresh(self, age: float) -> bool:
        now = self._clock()
        return now - self._tried < min(age, self.pause) or now - self._fetched < age

    async def _renew(self) -> None:
        now = self._clock()
        try:
            keys = parse_usable(await self._fetch())
        except NoUsableKey as none:
            self._tried = now
            self._fail(str(none), withdraw=True)
            return
        except Exception as error:  # whatever it is: a key set that cannot be had is no error of whoever asks
            self._tried = now
            self._fail(str(error) or type(error).__name__, withdraw=now - self._fetched >= self.grace)
            return
        self._tried = self._fetched = now
        if self.fault:
            _log.warning("%s: can be used again; it has %d keys.", self._place, len(keys))
        self.fault = ""
        self._replace(keys)

    def _fail(self, fault: str, *, withdraw: bool) -> None:
        if withdraw:
            self._replace(())
        if fault != self.fault:
            kept = "Its last keys go on being accepted." if self._keys else "No token is accepted by it."
            _log.error("%s: the key set cannot be used: %s. %s", self._place, fault, kept)
        self.fault = fault

    def _replace(self, keys: tuple[Key, ...]) -> None:
        if {key.identity for key in keys} != {key.identity for key in self._keys}:
            self.generation += 1
            self._keys = keys


def allowed(url: str) -> bool:
    """Say whether keys may be fetched from there: https, or http on this host."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (one that is none raises)
    except ValueError:
        return False
    host, is_one_word = parts.hostname or "", url.isprintable() and " " not in url
    return is_one_word and bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK))


def fetch_from(place: str, deadline: float = DEADLINE) -> Fetch:
    """Give the reader of a path or an http(s) URL. What it gives raises OSError where there is no good answer in time.

    A URL is asked through the proxy that the environment names (HTTPS_PROXY, HTTP_PROXY, NO_PROXY); this host is asked
    directly. A redirect is not followed: it could lead to a host that was never configured.
    """
    file = Aside(lambda: small_file.read(Path(place), MAX_SIZE))

    async def fetch() -> bytes:
        try:
            async with asyncio.timeout(deadline):
                return await (_over_http(place) if "://" in place else file.begin())
        except TimeoutError:
            raise OSError(f"no whole answer within {deadline:g} s") from None

    return fetch


async def _over_http(url: str) -> bytes:
    import aiohttp  # late: it costs 0.2 s that a server without a key set need not pay

    direct = urlsplit(url).hostname in LOOPBACK
    try:
        async with (
            aiohttp.ClientSession(trust_env=not direct, timeout=aiohttp.ClientTimeout()) as session,
            session.get(url, allow_redirects=False) as response,
        ):
            if response.status != 200:
                raise OSError(f"the answer is HTTP {response.status}")
            data = bytearray()
            async for piece in response.content.iter_any():
                data += piece
                if len(data) > MAX_SIZE:
                    raise OSError(f"the answer is larger than {MAX_SIZE} bytes")
            return bytes(data)
    except aiohttp.InvalidURL:
        raise OSError("the URL cannot be used") from None
    except aiohttp.ClientError as error:
        # Some of its words are those of whoever answered: of any length, on lines that the log would take for its own.
        raise OSError(f"{type(error).__name__}: {' '.join(str(error).split())}"[:_WORDS]) from None
