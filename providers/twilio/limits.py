"""Twilio's limits and what it cannot do, as data. Source, where nothing else is said: Twilio OpenAPI 2026-04-14."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PAGE_SIZE: Final = 1000
"""Rows of a page at most, for every list (the default is 50)."""

SEARCH_SIZE: Final = 100
"""Numbers that one search asks for at most. Its pages are random samples, so there is no second one."""

TAG_LENGTH: Final = 64
"""Characters of a FriendlyName; it holds our tag."""

AREA_CODE_COUNTRIES: Final = frozenset({"US", "CA"})
"""Where a search takes `AreaCode`; elsewhere the area code is the beginning of a pattern."""

NUMBER_TYPES: Final = ("local", "mobile", "toll_free", "national")
"""The kinds of numbers that a search can name, in the order in which an exact number is looked for."""

MOST: Final[Mapping[str, int]] = {"SipTrunk": 100, "OriginationUrl": 10, "FallbackUrl": 10, "CredentialList": 100}
"""How many an account may have, of origination URLs a trunk ("SIP Trunking Scale and Limits", "Configure your
trunk", read 2026-11-26). Twilio raises the account's on request."""

CANNOT: Final[Mapping[str, str]] = {
    "show-a-credential's-password": "it is written only, so drift of it is not seen",
    "set-no-domain-name": "a trunk without a domain name cannot take calls out",
    "repeat-a-purchase": "there are no idempotency keys; a purchase is by exact number, and looked for afterwards",
}
"""What an operator might expect and Twilio does not offer."""
