"""What can be set about the emulated Twilio."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.accounts import OTHER_TWILIO, TWILIO, TwilioAccount

Kind = tuple[str, str]  # country and type of number


@dataclass(frozen=True, slots=True, kw_only=True)
class TwilioSettings:
    """Accounts and the rules that Twilio applies to some countries or at some times.

    `cooldown_seconds`: how long a released number cannot be bought. `strict_trunk_delete`: a trunk with children is
    refused with 21247 instead of being deleted with them. `address_requirements` (none, any, local, foreign) and
    `bundles`: which kinds of number need an address or an approved bundle. `most_trunks`: how many an account may have,
    which Twilio raises on request. `pending_seconds`: how long a number that was just bought is not active and shows
    `pending_status` (that there is such a time, and its words, are unconfirmed).
    """

    accounts: tuple[TwilioAccount, ...] = (TWILIO, OTHER_TWILIO)
    cooldown_seconds: float = 600.0
    strict_trunk_delete: bool = False
    address_requirements: Mapping[Kind, str] = field(default_factory=lambda: {("DE", "local"): "local"})
    most_trunks: int = 100
    bundles: frozenset[Kind] = frozenset({("GB", "mobile"), ("DE", "mobile")})
    pending_seconds: float = 0.0
    pending_status: str = "pending"
