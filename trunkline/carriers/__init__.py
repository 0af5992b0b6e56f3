"""The core's only list of carriers: each is one declaration, where the rest of the core reads what it knows of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from trunkline.carriers.custom import CUSTOM
from trunkline.carriers.declaration import Carrier
from trunkline.carriers.livekit_numbers import LIVEKIT
from trunkline.carriers.twilio import TWILIO
from trunkline.carriers.vonage import VONAGE

# By the name that files write, in the order in which texts name them.
CARRIERS: Mapping[str, Carrier] = MappingProxyType({one.name: one for one in (TWILIO, VONAGE, LIVEKIT, CUSTOM)})


def any_of() -> str:
    """Name them all, for a text: "twilio, vonage or custom"."""
    *names, last = CARRIERS
    return f"{', '.join(names)} or {last}"


def foreign_line_keys(provider: str) -> Mapping[str, str]:
    """Give the keys that a line of this provider cannot have -> why."""
    own = {each.name: each.own_line_keys for each in CARRIERS.values()}
    return {**_of_others(own, provider), **CARRIERS[provider].lacking_line_keys}


def foreign_trunk_keys(provider: str) -> Mapping[str, str]:
    """Give the keys that a trunk of this provider cannot have -> why."""
    own = {each.name: each.own_trunk_keys for each in CARRIERS.values()}
    return {**_of_others(own, provider), **CARRIERS[provider].lacking_trunk_keys}


def calls_over(address: str, domain: str, id: str = "") -> bool:
    """Whether calls out to an address go over the carrier's trunk with this domain and id, whatever it is called by."""
    host = address.casefold()
    return host == domain.casefold() or any(one.over(host, domain.casefold(), id) for one in CARRIERS.values())


def _of_others(own: Mapping[str, Mapping[str, str]], provider: str) -> dict[str, str]:
    return {key: why for keys in own.values() for key, why in keys.items() if key not in own[provider]}
