"""Reads a key set's document from a file or over HTTP."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

from trunkline.api import small_file
from trunkline.api.jwks import LOOPBACK, MAX_SIZE, Fetch

DEADLINE = 5.0
"""Seconds for the whole of it: names, proxy, TLS, every byte of the answer."""


def fetch_from(place: str, deadline: float = DEADLINE) -> Fetch:
    """Give the reader of a path or an http(s) URL. What it gives raises OSError where there is no good answer in time.

    A URL is asked through the proxy that the environment names (HTTPS_PROXY, HTTP_PROXY, NO_PROXY); this host is asked
    directly. A redirect is not followed: it could lead to a host that was never configured.
    """
    read = _over_http if "://" in place else _from_file

    async def fetch() -> bytes:
        try:
            async with asyncio.timeout(deadline):
                return await read(place)
        except TimeoutError:
            raise OSError(f"no whole answer within {deadline:g} s") from None

    return fetch


async def _from_file(path: str) -> bytes:
    return await asyncio.to_thread(small_file.read, Path(path), MAX_SIZE)


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
        raise OSError(f"{type(error).__name__}: {error}") from None
