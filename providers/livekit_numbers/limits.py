"""The limits of LiveKit Phone Numbers and what they cannot do, as data.

Source, where nothing else is said: livekit/protocol 1.54.0 and "LiveKit Phone Numbers", read 2026-11-26.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PAGE_SIZE: Final = 50
"""Rows of a page: the default, since no document says the most."""

SEARCH_PAGES: Final = 10
"""Pages of an offer that are looked through for digits, or for one number, which LiveKit cannot express."""

LIST_PAGES: Final = 1000
"""Pages after which a list that gives ever further tokens is taken for broken."""

CANNOT: Final[Mapping[str, str]] = {
    "tag-while-buying": "a purchase takes no name; the rule that claims the number speaks for it until it has one",
    "call-out": "the numbers take calls alone",
    "search-by-digits": "a search takes country and area code; other digits are looked for in what it offers",
    "offer-one-number": "no request tells of one number; it is looked for in what its area code offers",
    "tell-a-price": "no answer holds a price",
    "repeat-a-purchase": "there are no idempotency keys; a purchase is by exact number, and looked for afterwards",
    "limit-callers": "what LiveKit keeps at a trunk no trunk keeps for them",
    "be-ported": "they stay with LiveKit",
}
"""What an operator might expect and LiveKit does not offer."""
