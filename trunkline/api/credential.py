"""What a request brings to prove who asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from trunkline.api.keys import PREFIX

_COOKIE = b"access_token"
_KEY = PREFIX.encode()


class Scheme(StrEnum):
    KEY = "key"
    JWT = "jwt"


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential as it came; the text is not shown."""

    scheme: Scheme
    text: bytes

    def __repr__(self) -> str:
        return f"Credential({self.scheme}, ***)"


class Ambiguous(Exception):
    """The request brings more than one credential where one is expected."""


def find(headers: Iterable[tuple[bytes, bytes]]) -> Credential | None:
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
