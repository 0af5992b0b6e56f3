"""Reads JSON of which there is one reading: UTF-8 alone, no name twice, no number that is none (RFC 8259, 4 and 8.1).

Who wrote a name twice meant one of the two; a reader that takes either opens a door that another keeps shut.
"""

from __future__ import annotations

import json
from typing import Any


def loads(data: bytes) -> Any:
    """Give the document. Raises ValueError, or RecursionError for one that is nested too deeply."""
    # Given bytes, `json` would guess UTF-16 and UTF-32 too.
    return json.loads(data.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a name stands twice")
    return document


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")
