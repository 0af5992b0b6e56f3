"""The only list of vendors: which folder speaks for which kind and which carrier."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass

from providers.calls import Policy
from providers.port import Adapter, Carrier
from trunkline.settings import Settings

# Kind -> vendor, also of those that are not configured.
VENDOR_OF: Mapping[str, str] = {
    **dict.fromkeys(("InboundTrunk", "OutboundTrunk", "DispatchRule"), "livekit"),
    **dict.fromkeys(
        ("SipTrunk", "OriginationUrl", "CredentialList", "Credential", "TrunkCredentialList", "TrunkAddressList"),
        "twilio",
    ),
}
# Carrier -> the folder that speaks with it: its `connect` gives the account's `carrier` and its `adapters`.
_FOLDERS: Mapping[str, str] = {"twilio": "providers.twilio", "vonage": "providers.vonage"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendors:
    """The connected vendors. `adapters`: kind -> adapter; `carriers`: provider -> its numbers.

    `accounts`: vendor -> what its account is called, for every vendor that is configured; `vendor_of`: kind -> vendor.
    """

    adapters: Mapping[str, Adapter]
    carriers: Mapping[str, Carrier]
    accounts: Mapping[str, str]
    vendor_of: Mapping[str, str]


def connect(settings: Settings, policy: Policy) -> Vendors:
    """Make the adapters of every configured vendor; nothing is sent before one is used.

    The SDKs are imported here and not above: what only plans or validates starts without them.
    """
    adapters: dict[str, Adapter] = {}
    carriers: dict[str, Carrier] = {}
    accounts: dict[str, str] = {}
    vendor_of: dict[str, str] = {}
    if settings.livekit is not None:
        from providers import livekit

        vendor = livekit.connect(settings.livekit, policy)
        adapters |= vendor.adapters
        accounts["livekit"] = vendor.host
        vendor_of |= dict.fromkeys(vendor.adapters, "livekit")
    for name, account in settings.carriers.items():
        carrier = importlib.import_module(_FOLDERS[name]).connect(account, policy)
        adapters |= carrier.adapters
        carriers[name] = carrier.carrier
        accounts[name] = account.account
        vendor_of |= dict.fromkeys(carrier.adapters, name)
    return Vendors(adapters=adapters, carriers=carriers, accounts=accounts, vendor_of=vendor_of)
