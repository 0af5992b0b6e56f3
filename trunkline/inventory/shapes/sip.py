"""What SIP and LiveKit accept as header, host and network.

Header rules: livekit/protocol, livekit/sip_validation.go of 2026-08-22. Two of them are stricter here: LiveKit still
takes `to` and `via` with a warning, and it drops an address that it cannot read, which lets every caller in.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence

from trunkline.quoting import quote

LIVEKIT_CLOUD, _CLOUD_SIP = ".livekit.cloud", ".sip.livekit.cloud"
_TOKEN = re.compile(r"[A-Za-z0-9.!%*_+`'~-]{1,255}")
_HEADER_VALUE = re.compile(r"[ -~]{0,1024}")
_FORBIDDEN_HEADERS = frozenset(
    {
        "accept",
        "accept-encoding",
        "accept-language",
        "allow",
        "allow-events",
        "call-id",
        "contact",
        "content-encoding",
        "content-length",
        "content-type",
        "cseq",
        "event",
        "expires",
        "from",
        "k",
        "l",
        "m",
        "max-forwards",
        "o",
        "r",
        "record-route",
        "refer-to",
        "reply-to",
        "t",
        "to",
        "u",
        "v",
        "via",
    }
)
_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization"})
# The statuses of livekit-protocol 1.1.29 (`SIPStatusCode`) with which a call can be refused.
STATUSES = frozenset(
    {
        *range(400, 418),
        *range(420, 426),
        *range(428, 431),
        433,
        *range(436, 441),
        *range(469, 471),
        *range(480, 490),
        491,
        493,
        494,
        *range(500, 506),
        513,
        600,
        603,
        604,
        *range(606, 609),
    }
)
_HOST_NAME = re.compile(
    r"(?=.{1,253}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
_ADDRESS = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:]+)(?::(?P<port>[0-9]{1,5}))?")
_SIP_URI = re.compile(
    r"sip:(?:[A-Za-z0-9_.!~*'()&=+$%-]{1,64}@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?:;[A-Za-z0-9_.-]+(?:=[A-Za-z0-9_.-]+)?)*"
)
_URL = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[!-~]*)?")
_DIALLED = re.compile(r"(?:tel:)?\+?[0-9().-]+")
_NETWORK = re.compile(r"[0-9A-Fa-f.:]+(/[0-9]{1,3})?")
_DOTTED_DIGITS = re.compile(r"[0-9.]+")


def is_websocket_host(host: str) -> bool:
    """Tell whether a host is that of a LiveKit project's API: its SIP host has `sip` in it (read 2026-11-26)."""
    return host.lower().endswith(LIVEKIT_CLOUD) and not host.lower().endswith(_CLOUD_SIP)


def header_secret(name: str) -> str:
    """Say why a header must not be in the inventory because of what it holds, or ""."""
    return f"{quote(name)} would hold a secret in clear" if name.lower() in _SECRET_HEADERS else ""


def header_fault(name: str, value: str) -> str:
    """Say why LiveKit would not add a header to calls, or ""."""
    if not _TOKEN.fullmatch(name):
        return f"{quote(name)} is no header name: 1 to 255 letters, digits and . ! % * _ + ` ' ~ -"
    if name.lower() in _FORBIDDEN_HEADERS:
        return f'"{name}" is a header that SIP sets itself'
    if not _HEADER_VALUE.fullmatch(value):
        return f"the value of {quote(name)} is not printable ASCII of at most 1024 characters"
    return ""


def check_network(text: str) -> None:
    """Accept an IP address or a network such as 203.0.113.0/28. Raises ValueError with what is wrong."""
    if not _NETWORK.fullmatch(text):
        raise ValueError("is no IP address and no network")
    try:
        ipaddress.ip_network(text)
    except ValueError:
        raise ValueError(_network_reason(text)) from None


def check_host(text: str) -> None:
    """Accept host[:port]; the host is a name or an address, IPv6 in brackets. Raises ValueError with what is wrong."""
    match = _ADDRESS.fullmatch(text)
    if match is None or not _is_host(match["host"]):
        raise ValueError("is not host or host:port")
    if match["port"] is not None and not 1 <= int(match["port"]) <= 65535:
        raise ValueError("has a port outside 1 to 65535")


def check_fallback(text: str) -> None:
    """Accept a SIP URI, an https URL or `none`. Raises ValueError with what is wrong.

    A comma parts the URIs of a list at a carrier, and a password in a URI would stand in clear.
    """
    match = _SIP_URI.fullmatch(text)
    if match and _is_host(match["host"]) and 1 <= int(match["port"] or 1) <= 65535:
        return
    if _URL.fullmatch(text) or text == "none":
        return
    if _DIALLED.fullmatch(text):
        raise ValueError("is a phone number, and no carrier fails over to one")
    if text.lower().startswith("sips:"):
        raise ValueError("begins with sips:, and carriers take sip: with ;transport=tls")
    if re.match(r"(sip|https?):[^@/]*:[^@]*@|https?://[^/]*@", text):
        raise ValueError("holds a password in clear")
    raise ValueError("is no SIP URI and no https URL")


def has_port(address: str) -> bool:
    """Tell whether an address accepted by `check_host` names a port."""
    match = _ADDRESS.fullmatch(address)
    return match is not None and match["port"] is not None


def host_and_port(address: str) -> tuple[str, int]:
    """Split an address accepted by `check_host`; the port is 0 where it names none."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        return address, 0
    return match["host"], int(match["port"] or 0)


def _network_reason(text: str) -> str:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return "is no IP address and no network"
    return f"has bits set beyond its prefix; the network is {network}"


def _is_host(host: str) -> bool:
    if host.startswith("[") or _DOTTED_DIGITS.fullmatch(host):
        try:
            ipaddress.ip_address(host.strip("[]"))
        except ValueError:
            return False
        return host.startswith("[") == (":" in host)
    return _HOST_NAME.fullmatch(host) is not None


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
