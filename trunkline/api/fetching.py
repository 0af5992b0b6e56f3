"""Reads a key set's document from a file or over HTTP."""

from __future__ import annotations

import asyncio
import urllib.request
from pathlib import Path
from typing import Any

from trunkline.api.jwks import MAX_SIZE, Fetch

_TIMEOUT = 5.0  # seconds


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect could lead to a host that was never configured."""

    def redirect_request(self, *_: Any) -> None:
        return None


def fetch_from(place: str) -> Fetch:
    """Give the reader of a path or an http(s) URL. What it gives raises OSError where there is no answer."""
    read = _over_http if "://" in place else _from_file

    async def fetch() -> bytes:
        return await asyncio.to_thread(read, place)

    return fetch


def _from_file(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(MAX_SIZE)


def _over_http(url: str) -> bytes:
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=_TIMEOUT) as response:
        data: bytes = response.read(MAX_SIZE)
    return data
