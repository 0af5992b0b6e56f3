"""What can be set about the emulated Vonage."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.accounts import OTHER_VONAGE, VONAGE, VonageAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class VonageSettings:
    """Accounts and the rules that apply to some countries or at some times.

    `requests_per_second`: 0 for no limit; Vonage's real one is not published, 1 is the careful guess.
    `cooldown_seconds`: how long a cancelled number cannot be bought. `dashboard_only`: countries whose numbers need
    a local address and are refused with 420.
    """

    accounts: tuple[VonageAccount, ...] = (VONAGE, OTHER_VONAGE)
    requests_per_second: float = 0.0
    cooldown_seconds: float = 600.0
    dashboard_only: frozenset[str] = frozenset({"DE"})
