"""Vonage: phone numbers, over its official SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING

from providers.calls import Policy
from trunkline.settings import AccountSettings

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

    from providers.vonage.client import VonageVendor

# The kinds of its objects beside numbers.
KINDS: tuple[str, ...] = ()


def connect(settings: AccountSettings, policy: Policy, transport: BaseAdapter | None = None) -> VonageVendor:
    """Give the account; nothing is sent before it is used. `transport` replaces the network below the SDK."""
    # Here, since the SDK takes half a second to import and not every command needs it.
    from providers.vonage.client import VonageVendor

    return VonageVendor.of(settings, policy, transport)
