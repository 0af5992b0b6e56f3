"""What goes back: a body with its type, whole or in pieces."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import AsyncIterator, Iterable
from functools import lru_cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from starlette.types import Send

JSON = "application/json"
_WORTH = 1000  # bytes, below which packing saves nothing
_LEVEL = 1  # a fifth of the size in a quarter of the time that the usual level takes
_GZIP = 31  # zlib's window and head for gzip
Header = tuple[bytes, bytes]


class Reply(Struct, frozen=True, kw_only=True):
    """An answer. A body in pieces is sent as it is made."""

    body: bytes | AsyncIterator[bytes] = b""
    media: str = JSON
    status: int = 200
    headers: tuple[Header, ...] = ()

    @classmethod
    def json(cls, document: Any) -> Reply:
        """Answer with a JSON document."""
        return cls(body=json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())

    def packed(self) -> Reply:
        """Give it compressed, where that is worth it."""
        if isinstance(self.body, bytes) and len(self.body) < _WORTH:
            return self
        body = gzip.compress(self.body, _LEVEL, mtime=0) if isinstance(self.body, bytes) else _packed(self.body)
        return replace(self, body=body, headers=(*self.headers, (b"content-encoding", b"gzip")))

    async def send(self, send: Send, more: Iterable[Header], *, body: bool) -> None:
        """Send it with further headers; without its body for HEAD."""
        headers = [*more, *self.headers]
        if self.media:
            headers.append((b"content-type", self.media.encode()))
        if isinstance(self.body, bytes):
            if self.status not in (204, 304):
                headers.append((b"content-length", b"%d" % len(self.body)))
            await send({"type": "http.response.start", "status": self.status, "headers": headers})
            await send({"type": "http.response.body", "body": self.body if body else b""})
            return
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        if body:
            async for piece in self.body:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def _packed(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    packer = zlib.compressobj(_LEVEL, wbits=_GZIP)
    async for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


def takes_gzip(accept_encoding: bytes) -> bool:
    """Say whether a client takes answers that are compressed (RFC 9110, 12.5.3)."""
    for item in accept_encoding.split(b","):
        name, _, weight = item.partition(b";")
        if name.strip().lower() in (b"gzip", b"*"):
            return weight.replace(b" ", b"") not in (b"q=0", b"q=0.0", b"q=0.00", b"q=0.000")
    return False


def etag(*parts: str) -> bytes:
    """Give a strong validator: a digest of all that the body is made from, which spares making it."""
    return b'"%s"' % hashlib.blake2b("\0".join(parts).encode(), digest_size=12).hexdigest().encode()


@lru_cache(maxsize=256)
def _begun(common: tuple[str, ...]) -> hashlib.blake2b:
    return hashlib.blake2b("".join(f"{part}\0" for part in common).encode(), digest_size=12)


def etag_of(common: tuple[str, ...], *parts: str) -> bytes:
    """Give the same as `etag` of all together; what many answers have in `common` is looked at once."""
    digest = _begun(common).copy()
    digest.update("\0".join(parts).encode())
    return b'"%s"' % digest.hexdigest().encode()


def digest(body: bytes, form: str) -> bytes:
    """Give a strong validator of a body that is made already; `form` is in which form it is sent."""
    return b'"%s"' % hashlib.blake2b(body + form.encode(), digest_size=12).hexdigest().encode()


def matches(if_none_match: bytes, validator: bytes) -> bool:
    """Say whether a client has this version already (RFC 9110, 13.1.2: the comparison is weak)."""
    given = {item.strip().removeprefix(b"W/") for item in if_none_match.split(b",")}
    return validator in given or b"*" in given
