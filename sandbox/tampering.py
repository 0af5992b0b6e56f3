"""How a fault falsifies a true answer: pure functions from decoded body to decoded body, and on raw bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.request import Response

Change = Callable[[Any], Any]
Rows = list[Any]


def short_page(body: Any) -> Any:
    """Give the body without the last row of its list."""
    return _on_rows(body, lambda rows: rows[:-1])


def duplicate(body: Any) -> Any:
    """Give the body with the first row of its list twice."""
    return _on_rows(body, lambda rows: rows[:1] + rows)


def reorder(body: Any) -> Any:
    """Give the body with its list in reverse."""
    return _on_rows(body, lambda rows: rows[::-1])


def wrong_number(body: Any) -> Any:
    """Give the body with another last digit in every phone number."""
    if isinstance(body, Mapping):
        return {key: _other(key, value) for key, value in body.items()}
    return [wrong_number(item) for item in body] if isinstance(body, list) else body


def truncate(response: Response) -> Response:
    """Give the response with the first half of its body."""
    return Response(response.status, response.headers, response.body[: len(response.body) // 2])


CHANGES: Mapping[str, Change] = {
    "short_page": short_page,
    "duplicate": duplicate,
    "reorder": reorder,
    "wrong_number": wrong_number,
}


def _on_rows(body: Any, change: Callable[[Rows], Rows]) -> Any:
    if not isinstance(body, Mapping):
        return body
    return {key: change(value) if _is_rows(value) else value for key, value in body.items()}


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)


def _other(key: str, value: Any) -> Any:
    if key in ("phone_number", "msisdn", "e164_format") and isinstance(value, str) and value:
        return _next_digit(value)
    if key == "numbers" and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return [_next_digit(item) for item in value if item]
    return wrong_number(value)


def _next_digit(number: str) -> str:
    return number[:-1] + str((int(number[-1]) + 1) % 10) if number[-1].isdigit() else number
