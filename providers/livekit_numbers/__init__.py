"""The numbers that LiveKit Cloud itself sells, over `livekit.PhoneNumberService` of the project's own URL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from providers.calls import Policy
from trunkline.settings import LiveKitSettings

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

    from providers.livekit_numbers.client import LiveKitNumbersVendor

# A number's rule is an object of `providers.livekit`.
KINDS: tuple[str, ...] = ()


def connect(settings: LiveKitSettings, policy: Policy, transport: BaseAdapter | None = None) -> LiveKitNumbersVendor:
    """Give the project's numbers; nothing is sent before they are used. `transport` replaces the network."""
    from providers.livekit_numbers.client import connected

    return connected(settings, policy, transport)
