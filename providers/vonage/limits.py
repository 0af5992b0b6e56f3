"""Vonage's limits and what it cannot do, as data.

Source, where nothing else is said: Numbers API 1.0.20 (2021-07-14).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PAGE_SIZE: Final = 100
"""Rows of a page at most (the default is 10)."""

SEARCH_PAGES: Final = 5
"""Pages of a search that are looked through for a pattern that Vonage cannot express."""

CURRENCY: Final = "EUR"
"""Of every amount."""

REQUESTS_AT_ONCE: Final = 1
"""The rate limit is not published; other APIs of Vonage allow one request a second. Side by side, requests would only
use up each other's repetitions."""

CANNOT: Final[Mapping[str, str]] = {
    "tag-a-number": "a number has no text field; the tagged LiveKit trunk speaks for it",
    "route-while-buying": "a purchase takes no routing; it is a second write",
    "update-one-field": "what an update does not name is dropped, so the whole number is read, merged and sent",
    "keep-what-it-does-not-show": "voiceStatusCallback and moSmppSysType are never shown, so an update loses them",
    "price-an-owned-number": "only numbers on offer have a price; that of the same country and type stands in",
    "buy-with-an-address": "such numbers are sold in Vonage's dashboard only",
    "repeat-a-purchase": "there are no idempotency keys; a purchase is by exact number, and looked for afterwards",
}
"""What an operator might expect and Vonage does not offer."""
