"""Twilio: phone numbers and Elastic SIP trunks, over its official SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING

from providers.calls import Policy
from trunkline.settings import AccountSettings

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter

    from providers.twilio.client import TwilioVendor

# The kinds of its objects beside numbers.
KINDS = (
    "SipTrunk",
    "OriginationUrl",
    "FallbackUrl",
    "CredentialList",
    "Credential",
    "TrunkCredentialList",
    "TrunkAddressList",
)


def connect(settings: AccountSettings, policy: Policy, transport: BaseAdapter | None = None) -> TwilioVendor:
    """Give the account; nothing is sent before it is used. `transport` replaces the network below the SDK."""
    # Here, since the SDK takes a quarter of a second to import and not every command needs it.
    from providers.twilio.client import TwilioVendor

    return TwilioVendor.of(settings, policy, transport)
