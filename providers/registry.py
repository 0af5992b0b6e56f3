"""Which folder speaks for which kind and which carrier: a vendor's is called like the vendor.

Each has `KINDS`, the kinds of its objects beside numbers, and `connect`, which gives its account: `adapters` by kind,
and of a carrier `carrier`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from providers.calls import Policy
from providers.port import Adapter, Carrier
from trunkline.carriers import CARRIERS
from trunkline.deployed import Deployed
from trunkline.settings import ACCESS, Settings

# vendor -> the folders of the carriers whose numbers live in its account.
WITHIN: Mapping[str, tuple[str, ...]] = {
    vendor: tuple(one.folder for one in CARRIERS.values() if one.within == vendor) for vendor in ("livekit",)
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendors:
    """The connected vendors. `adapters`: kind -> adapter; `carriers`: provider -> its numbers.

    `accounts`: vendor -> what its account is called, for every vendor that is configured; `vendor_of`: kind -> vendor.
    """

    adapters: Mapping[str, Adapter]
    carriers: Mapping[str, Carrier]
    accounts: Mapping[str, str]
    vendor_of: Mapping[str, str]
    deployed: Callable[[], Deployed] | None = None
    """Asks which agents LiveKit Cloud runs; None where LiveKit is another server, or not configured."""


@cache
def vendor_of(kind: str) -> str:
    """Give whose objects a kind's are, also where that vendor is not configured."""
    return next(name for name in ("livekit", *ACCESS) if kind in _module(name).KINDS)


def connect(settings: Settings, policy: Policy) -> Vendors:
    """Make the adapters of every configured vendor, with its own pace and bound; nothing is sent before one is used.

    The SDKs are imported by what this calls and not above: what only plans or validates starts without them.
    """
    connected = {
        name: _module(name).connect(account, policy.paced(account.at_once))
        for name, account in settings.carriers.items()
    }
    accounts = {name: account.account for name, account in settings.carriers.items()}
    if settings.livekit is not None:
        paced = policy.paced(settings.livekit.at_once)
        connected["livekit"] = _module("livekit").connect(settings.livekit, paced)
        connected |= {each: _module(each).connect(settings.livekit, paced) for each in WITHIN["livekit"]}
        accounts["livekit"] = settings.livekit.host
    return joined(connected, accounts)


def joined(connected: Mapping[str, Any], accounts: Mapping[str, str]) -> Vendors:
    """Put the vendors' accounts together. `connected`: vendor -> what its `connect` gave."""
    return Vendors(
        adapters={kind: adapter for vendor in connected.values() for kind, adapter in vendor.adapters.items()},
        carriers={one.carrier.name: one.carrier for one in connected.values() if hasattr(one, "carrier")},
        accounts=accounts,
        vendor_of={kind: name for name, vendor in connected.items() for kind in vendor.adapters},
        deployed=connected["livekit"].deployed if "livekit" in connected else None,
    )


def _module(folder: str) -> Any:
    return importlib.import_module(f"providers.{folder}")
