"""What keeps somebody out, and whether a change lets more in. Pure.

The walls of an object that is taken over stand unless the line or the trunk itself says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, TypeAlias

from trunkline.calls import canonical

# Property -> the key of the file that it is made from.
KEYS: Mapping[str, str] = {
    "allowedAddresses": "allowed_addresses",
    "allowedNumbers": "allowed_callers",
    "authUsername": "inbound_auth",
    "mediaEncryption": "media_encryption",
    # A trunk that lets in some callers alone keeps out whom its rule kept out.
    "onlyCallers": "allowed_callers",
    "pin": "pin",
    "secure": "media_encryption",
    "transferMode": "transfer_mode",
}
# The weakest first.
_ENCRYPTION = ("disable", "allow", "require")
_TRANSFER = ("enable-all", "sip-only", "disable-all")


def loosened(
    kind: str, live: Mapping[str, Any], becomes: Mapping[str, Any], names: Iterable[str]
) -> tuple[tuple[str, str], ...]:
    """Give (property, its wall in words) for those of `names` that would let in more than `live` does."""
    return _fallen(WALLS.get(kind, {}), live, becomes, names)


def opened(kind: str, live: Mapping[str, Any], becomes: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Give the same of all properties for a reader: also what goes in clear from now on, which no adoption asks of."""
    return _fallen({**WALLS.get(kind, {}), **_CLEAR.get(kind, {})}, live, becomes, becomes)


def _fallen(
    walls: Mapping[str, _Wall], live: Mapping[str, Any], becomes: Mapping[str, Any], names: Iterable[str]
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name, walls[name][0])
        for name in sorted(names)
        if name in walls and name in live and name in becomes and walls[name][1](live[name], becomes[name])
    )


def _opens(live: Any, becomes: Any) -> bool:
    return bool(live) and not becomes


def _admits_more(live: Sequence[str], becomes: Sequence[str]) -> bool:
    """Whether a list of callers admits somebody new; an empty one admits all."""
    return bool(live) and (not becomes or not set(map(canonical, becomes)) <= set(map(canonical, live)))


def _admits_more_addresses(live: Sequence[str], becomes: Sequence[str]) -> bool:
    if not live or set(becomes) == set(live):
        return False
    return not becomes or not all(_covered(address, live) for address in becomes)


def _covered(address: str, live: Sequence[str]) -> bool:
    new = _network(address)
    return address in live or (new is not None and any(_within(new, _network(one)) for one in live))


def _within(new: IPv4Network | IPv6Network, old: IPv4Network | IPv6Network | None) -> bool:
    if isinstance(new, IPv4Network) and isinstance(old, IPv4Network):
        return new.subnet_of(old)
    return isinstance(new, IPv6Network) and isinstance(old, IPv6Network) and new.subnet_of(old)


def _network(address: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(address, strict=False)
    except ValueError:
        return None


def _weaker(order: Sequence[str]) -> Callable[[Any, Any], bool]:
    """A word that this version does not know counts as the strongest: nobody knows what it keeps out."""
    strength = {word: place for place, word in enumerate(order)}
    return lambda live, becomes: strength.get(becomes, len(order)) < strength.get(live, len(order))


def _leaves_tls(live: Any, becomes: Any) -> bool:
    return bool(live == "tls" != becomes)


def _speaks_clearer(live: Any, becomes: Any) -> bool:
    """Whether one of the SIP URIs, parted by commas, is without the TLS or SRTP that the one in its place had.

    One that comes beside them is held against the first.
    """
    old, new = ([_speech(uri) for uri in str(side or "").split(",") if uri] for side in (live, becomes))
    former = [*old, *old[:1] * len(new)]
    return any(not had <= has for had, has in zip(former, new, strict=False))


def _speech(uri: str) -> frozenset[str]:
    words = {word for word in uri.lower().split(";")[1:] if word in ("transport=tls", "media=srtp")}
    return frozenset(words | ({"transport=tls"} if uri.lower().startswith("sips:") else set()))


_Wall: TypeAlias = tuple[str, Callable[[Any, Any], bool]]
WALLS: Mapping[str, Mapping[str, _Wall]] = {
    "InboundTrunk": {
        "authUsername": ("its callers need a user and password", _opens),
        "allowedAddresses": ("it lets in some addresses alone", _admits_more_addresses),
        "allowedNumbers": ("it lets in some callers alone", _admits_more),
        "mediaEncryption": ("it encrypts media", _weaker(_ENCRYPTION)),
    },
    "DispatchRule": {
        "pin": ("it asks callers for a PIN", _opens),
        "onlyCallers": ("it answers some callers alone", _admits_more),
    },
    # Whom else it answers the line's own rule answers until then.
    "CallerRule": {"pin": ("it asks callers for a PIN", _opens)},
    "OutboundTrunk": {"mediaEncryption": ("it encrypts media", _weaker(_ENCRYPTION))},
    "SipTrunk": {
        "secure": ("it demands encrypted calls", _opens),
        "transferMode": ("it limits where calls are handed over to", _weaker(_TRANSFER)),
    },
}
_SAID = "what is said goes encrypted"
_CLEAR: Mapping[str, Mapping[str, _Wall]] = {
    "OutboundTrunk": {"transport": (_SAID, _leaves_tls)},
    "DispatchRule": {"mediaEncryption": ("it encrypts media", _weaker(_ENCRYPTION))},
    "CallerRule": {"mediaEncryption": ("it encrypts media", _weaker(_ENCRYPTION))},
    "OriginationUrl": {"sipUrl": (_SAID, _speaks_clearer)},
    "FallbackUrl": {"sipUrl": (_SAID, _speaks_clearer)},
    "PhoneNumber": {"sipUri": (_SAID, _speaks_clearer)},
}
