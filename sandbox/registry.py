"""The sandbox's only list of carriers: what points at them, and their names for tests that speak of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sandbox.credentials import LIVEKIT, LIVEKIT_SIP_URI
from sandbox.twilio import Twilio
from sandbox.vonage import Vonage

# Carrier -> its emulator.
CARRIERS: Mapping[str, type[Any]] = {one.name: one for one in (Twilio, Vonage)}


def environment(url: str) -> dict[str, str]:
    """Give the settings that point Trunkline at a sandbox at `url`, by name."""
    carriers = {name: value for one in CARRIERS.values() for name, value in one.environment(url).items()}
    return {
        **carriers,
        "LIVEKIT_URL": url,
        "LIVEKIT_API_KEY": LIVEKIT.api_key,
        "LIVEKIT_API_SECRET": LIVEKIT.api_secret,
        "LIVEKIT_SIP_URI": LIVEKIT_SIP_URI,
    }


class ByName:
    """Gives the carriers under their names."""

    carriers: Mapping[str, Any]

    @property
    def twilio(self) -> Twilio:
        return cast(Twilio, self.carriers[Twilio.name])

    @property
    def vonage(self) -> Vonage:
        return cast(Vonage, self.carriers[Vonage.name])
