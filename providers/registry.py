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
from trunkline.deployed import Deployed
from trunkline.settings import ACCESS, Settings


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
    return next(name for name in ("livekit", *ACCESS) if kind in _folder(name).KINDS)


def connect(settings: Settings, policy: Policy) -> Vendors:
    """Make the adapters of every configured vendor, each with a pace of its own; nothing is sent before one is used.

    The SDKs are imported by what this calls and not above: what only plans or validates starts without them.
    """
    connected = {name: _folder(name).connect(account, policy.paced()) for name, account in settings.carriers.items()}
    accounts = {name: account.account for name, account in settings.carriers.items()}
    if settings.livekit is not None:
        connected["livekit"] = _folder("livekit").connect(settings.livekit, policy.paced())
        accounts["livekit"] = settings.livekit.host
    return joined(connected, accounts)


def joined(connected: Mapping[str, Any], accounts: Mapping[str, str]) -> Vendors:
    """Put the vendors' accounts together. `connected`: vendor -> what its `connect` gave."""
    return Vendors(
        adapters={kind: adapter for vendor in connected.values() for kind, adapter in vendor.adapters.items()},
        carriers={name: connected[name].carrier for name in connected if name != "livekit"},
        accounts=accounts,
        vendor_of={kind: name for name, vendor in connected.items() for kind in vendor.adapters},
        deployed=connected["livekit"].deployed if "livekit" in connected else None,
    )


def _folder(vendor: str) -> Any:
    return importlib.import_module(f"providers.{vendor}")
