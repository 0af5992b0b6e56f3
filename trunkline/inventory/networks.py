"""Where carriers' calls come from, as data.

Twilio, "IP Addresses for Elastic SIP Trunking Services", regional signalling gateways (read 2026-11-26): all of them
must be allowed. Vonage's pages say that its ranges change and advise against lists, so there is none here.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Final

SIGNALLING: Final[Mapping[str, tuple[str, ...]]] = {
    "twilio": (
        "54.172.60.0/30",
        "54.244.51.0/30",
        "54.171.127.192/30",
        "35.156.191.128/30",
        "54.65.63.192/30",
        "54.169.127.128/30",
        "54.252.254.64/30",
        "177.71.206.192/30",
    ),
}


def excluded(provider: str, allowed: Iterable[str]) -> tuple[str, ...]:
    """Give the provider's documented networks that a list of allowed ones leaves out; () for an empty list."""
    networks = [ipaddress.ip_network(each) for each in allowed]
    if not networks:
        return ()
    return tuple(each for each in SIGNALLING.get(provider, ()) if not _covered(each, networks))


def _covered(wanted: str, networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    network = ipaddress.IPv4Network(wanted)
    inside = [each for each in networks if isinstance(each, ipaddress.IPv4Network)]
    if any(network.subnet_of(each) for each in inside):
        return True
    # A network may be listed address by address.
    return all(any(address in each for each in inside) for address in network)
