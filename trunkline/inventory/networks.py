"""Networks, as lists of who may call in have them."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence


def excluded(wanted: Sequence[str], allowed: Iterable[str]) -> tuple[str, ...]:
    """Give those of the wanted networks that a list of allowed ones leaves out; () for an empty list."""
    networks = [ipaddress.ip_network(each) for each in allowed]
    if not networks:
        return ()
    return tuple(each for each in wanted if not _covered(each, networks))


def _covered(wanted: str, networks: Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    network = ipaddress.IPv4Network(wanted)
    inside = [each for each in networks if isinstance(each, ipaddress.IPv4Network)]
    if any(network.subnet_of(each) for each in inside):
        return True
    # A network may be listed address by address.
    return all(any(address in each for each in inside) for address in network)
