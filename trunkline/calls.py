"""How LiveKit looks at a call. Pure: what this module says of a number is what LiveKit's server does with it."""

from __future__ import annotations

import re
from collections.abc import Iterable

# livekit/protocol 1.50.5 (2026-07-28), `NormalizeNumber`: only what looks like a number is normalised.
_NUMBER = re.compile(r"\+?[0-9\- ()]+")
_PUNCTUATION = str.maketrans("", "", " -()")


def canonical(number: str) -> str:
    """Give a number as LiveKit compares it: without spaces, dashes and brackets, and with a plus.

    Text that is no number (a SIP user such as "desk", a pattern) stays as it is.
    """
    if not _NUMBER.fullmatch(number):
        return number
    digits = number.translate(_PUNCTUATION)
    return digits if digits.startswith("+") else f"+{digits}"


def has_number(numbers: Iterable[str], number: str) -> bool:
    """Tell whether LiveKit finds a number among those of a trunk, however either is written."""
    return canonical(number) in map(canonical, numbers)
