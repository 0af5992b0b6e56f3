"""A Vonage account as the registry takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from requests.adapters import BaseAdapter

from providers.calls import Policy
from providers.port import Adapter, Carrier
from providers.vonage.client import session
from providers.vonage.numbering import VonageCarrier
from trunkline.settings import AccountSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class VonageVendor:
    """The account's numbers. It has no other objects that we manage."""

    carrier: Carrier
    adapters: Mapping[str, Adapter] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: AccountSettings, policy: Policy, transport: BaseAdapter | None) -> VonageVendor:
        """Give the account of the settings. `transport` replaces the network below the SDK."""
        return cls(carrier=VonageCarrier(settings.account, session(settings, policy, transport)))
