"""The sandbox's only list of carriers, and their names for tests that speak of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sandbox.twilio import Twilio
from sandbox.vonage import Vonage

# Carrier -> its emulator.
CARRIERS: Mapping[str, type[Any]] = {one.name: one for one in (Twilio, Vonage)}


class ByName:
    """Gives the carriers under their names."""

    carriers: Mapping[str, Any]

    @property
    def twilio(self) -> Twilio:
        return cast(Twilio, self.carriers[Twilio.name])

    @property
    def vonage(self) -> Vonage:
        return cast(Vonage, self.carriers[Vonage.name])
