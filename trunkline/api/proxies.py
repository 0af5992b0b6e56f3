"""Clients by their addresses: whose word on one is believed, and which addresses are one client's.

Believed are the proxies that FORWARDED_ALLOW_IPS names, and nobody without it.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from functools import lru_cache

from trunkline.errors import Problem, SettingsError

VARIABLE = "FORWARDED_ALLOW_IPS"
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Proxies:
    """Named proxies, by address or network."""

    networks: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Proxies:
        """Read addresses and networks, separated by commas. Raises SettingsError naming each that is neither."""
        networks, problems = list[Network](), list[Problem]()
        for word in filter(None, (word.strip() for word in text.split(","))):
            try:
                networks.append(ipaddress.ip_network(word))
            except ValueError:
                problems.append(_problem(word))
        if problems:
            raise SettingsError(problems)
        return cls(tuple(networks))

    @property
    def names(self) -> list[str]:
        """Give them as the server library reads them."""
        return [str(network) for network in self.networks]

    def __contains__(self, address: object) -> bool:
        return _holds(self.networks, str(address))


def address_of(client: tuple[str, int] | None) -> str:
    """Give the address of who asks; "" where a proxy passes on what is none, which may be any text of any length."""
    return client[0] if client is not None and _is_address(client[0]) else ""


@lru_cache(maxsize=1024)
def client_of(address: str) -> str:
    """Give what all addresses of one client have in common.

    A host with IPv6 takes any address of its /64 (RFC 4291, 2.5.1), and a new one for each connection if it likes.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    plain = found.ipv4_mapped
    return str(plain) if plain is not None else str(ipaddress.ip_network((int(found), 64), strict=False))


@lru_cache(maxsize=1024)
def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=1024)
def _holds(networks: tuple[Network, ...], text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return any(address in network for network in networks)


def _problem(word: str) -> Problem:
    if word == "*":
        message = f"{VARIABLE} is *, by which anybody could give any address as theirs"
        return Problem(rule="proxies-everyone", message=message, fix="name your proxies' addresses or networks")
    message = f"{VARIABLE}: {word[:100]!r} is neither an address nor a network"
    return Problem(rule="proxies-malformed", message=message, fix="write it like 10.0.0.7 or 10.0.0.0/24")
