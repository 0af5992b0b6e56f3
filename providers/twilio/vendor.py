"""A Twilio account as the registry takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from requests.adapters import BaseAdapter

from providers.calls import Policy
from providers.port import Adapter, Carrier
from providers.twilio.client import session
from providers.twilio.numbering import TwilioCarrier
from providers.twilio.trunks import adapters
from trunkline.settings import AccountSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class TwilioVendor:
    """The account's numbers, and the adapters of its other objects by kind."""

    carrier: Carrier
    adapters: Mapping[str, Adapter]

    @classmethod
    def of(cls, settings: AccountSettings, policy: Policy, transport: BaseAdapter | None) -> TwilioVendor:
        """Give the account of the settings. `transport` replaces the network below the SDK."""
        account = session(settings, policy, transport)
        return cls(carrier=TwilioCarrier(settings.account, account), adapters=adapters(account))
