"""A place in a sorted list, as a text that a client hands back.

It holds a position and no right, so it is checked for form and not signed: every replica and every version of the data
can continue from it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json

from trunkline.api.problem import ApiProblem


def encode(query: str, position: tuple[str, str]) -> str:
    """Give the cursor of the last line shown: (its sort key, its id). `query` is what the list was asked by."""
    text = json.dumps([_digest(query), *position], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def decode(query: str, cursor: str) -> tuple[str, str]:
    """Give the position back. Raises ApiProblem where the cursor is not one of this very query."""
    try:
        data = base64.b64decode(cursor.encode() + b"=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        digest, key, id = json.loads(data)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise ApiProblem("cursor-invalid", "the cursor is none of this API's; start without one") from None
    if digest != _digest(query) or not isinstance(key, str) or not isinstance(id, str):
        raise ApiProblem("cursor-invalid", "the cursor belongs to another query; start without one") from None
    return key, id


def _digest(query: str) -> str:
    return hashlib.blake2b(query.encode(), digest_size=6).hexdigest()
