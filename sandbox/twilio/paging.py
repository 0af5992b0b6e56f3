"""Twilio's two ways of paging: relative URIs in the 2010 API, absolute URLs in the newer ones.

A page token names the last record of the page before, so records that vanish in the middle of a walk make no gap.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from sandbox.request import Response
from sandbox.store import Record
from sandbox.twilio.desk import Call
from sandbox.twilio.errors import invalid

DEFAULT_SIZE = 50
_OF_PAGING = frozenset({"PageSize", "Page", "PageToken"})

Render = Callable[[Call, Record], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Window:
    """One page of records, newest first, and the tokens of its neighbours (None at an end)."""

    rows: list[Record]
    page: int
    size: int
    start: int
    previous: str | None
    next: str | None


def uri_page(call: Call, key: str, records: list[Record], render: Render) -> Response:
    """Answer a list of the 2010 API."""
    window = _window(call, records)
    body: dict[str, Any] = {
        "first_page_uri": _link(call, window.size, 0),
        "end": window.start + max(len(window.rows) - 1, 0),
        "previous_page_uri": _neighbour(call, window, -1, window.previous),
        key: [render(call, record) for record in window.rows],
        "uri": _link(call, window.size, window.page),
        "page_size": window.size,
        "start": window.start,
        "next_page_uri": _neighbour(call, window, 1, window.next),
        "page": window.page,
    }
    return Response.of_json(200, body)


def url_page(call: Call, key: str, records: list[Record], render: Render, host: str) -> Response:
    """Answer a list of the newer APIs. `host` is the vendor's own (with scheme), for requests that name none."""
    window = _window(call, records)
    base = call.request.base_url(host)
    previous, following = _neighbour(call, window, -1, window.previous), _neighbour(call, window, 1, window.next)
    meta = {
        "page": window.page,
        "page_size": window.size,
        "first_page_url": base + _link(call, window.size, 0),
        "previous_page_url": base + previous if previous else None,
        "url": base + _link(call, window.size, window.page),
        "next_page_url": base + following if following else None,
        "key": key,
    }
    return Response.of_json(200, {key: [render(call, record) for record in window.rows], "meta": meta})


def _window(call: Call, records: list[Record]) -> Window:
    size, page = call.params.get("PageSize", DEFAULT_SIZE), call.params.get("Page", 0)
    first = _first(records, size, page, call.params.get("PageToken"))
    rows = records[first : first + size]
    more = first + size < len(records)
    return Window(
        rows=rows,
        page=page,
        size=size,
        start=page * size,
        previous=f"PB{rows[0]['_order']:032x}" if first and rows else None,
        next=f"PA{rows[-1]['_order']:032x}" if more else None,
    )


def _first(records: list[Record], size: int, page: int, token: str | None) -> int:
    """Give the index of the page's first record. Without a token, `Page` counts from the newest record."""
    if token is None:
        return page * size
    side, order = token[:2], token[2:]
    if side not in ("PA", "PB") or not order or any(digit not in "0123456789abcdef" for digit in order):
        raise invalid(f"Invalid PageToken: {token} was not given by this API")
    border = int(order, 16)
    if side == "PA":
        return next((index for index, each in enumerate(records) if each["_order"] < border), len(records))
    newer = sum(1 for each in records if each["_order"] > border)
    return max(newer - size, 0)


def _neighbour(call: Call, window: Window, step: int, token: str | None) -> str | None:
    return _link(call, window.size, window.page + step, token) if token else None


def _link(call: Call, size: int, page: int, token: str | None = None) -> str:
    kept = [(name, value) for name, value in call.request.query if name not in _OF_PAGING]
    paging = [("PageSize", str(size)), ("Page", str(page)), *([("PageToken", token)] if token else [])]
    return f"{quote(call.request.path)}?{urlencode([*kept, *paging])}"
