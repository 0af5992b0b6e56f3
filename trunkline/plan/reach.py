"""Whether carriers reach LiveKit's SIP service the way the file and the settings say together. Pure; warnings alone.

A setting may name a host that is set up in its own way, so nothing here is refused. Sources, read 2026-11-26: ports of
SIP, RFC 3261 §18 and §26; LiveKit's provider guides, which send calls to LiveKit Cloud over TCP, or TLS.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping

from trunkline.carriers import CARRIERS
from trunkline.errors import Problem
from trunkline.inventory import Inventory, Trunk
from trunkline.inventory.shapes import sip
from trunkline.model.spec import Site

_PRIVATE = tuple(
    map(
        ipaddress.ip_network,
        ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "::1/128", "fc00::/7"),
    )
)
_PORTS: Mapping[int, tuple[str, ...]] = {5060: ("udp", "tcp"), 5061: ("tls",)}
# (rule, message, fix)
Words = tuple[str, str, str]


def warnings(inventory: Inventory, trunks: Mapping[str, Trunk], site: Site) -> tuple[Problem, ...]:
    """Give what stands between the carriers and LiveKit. `trunks`: line -> the trunk that carries it."""
    found: dict[str, list[Problem]] = {}
    for name, trunk in trunks.items():
        carried = CARRIERS[trunk.provider].owns_trunks and inventory.lines[name].inbound
        if not carried or trunk.name in found or not site.sip_host:
            continue
        declared = trunk.name in inventory.trunks
        path = ("trunks", trunk.name, "transport") if declared else ("numbers", name)
        found[trunk.name] = [
            inventory.problem(path, rule, f'trunk "{trunk.name}": {message}', fix)
            for rule, message, fix in _words(trunk, site.sip_host)
        ]
    return tuple(warning for each in found.values() for warning in each)


def _words(trunk: Trunk, address: str) -> Iterator[Words]:
    host, port = sip.host_and_port(address)
    transport = "tcp" if trunk.transport == "auto" else trunk.transport
    usual = _PORTS.get(port, ())
    if usual and transport not in usual:
        message = f"calls go to {address} over {transport}, and port {port} is that of {' and '.join(usual)}"
        yield "port-transport", message, "correct the port of LIVEKIT_SIP_URI or the trunk's `transport`"
    if transport == "udp" and host.lower().endswith(sip.LIVEKIT_CLOUD):
        message = "calls go to LiveKit Cloud over UDP; LiveKit's guides for carriers use TCP, or TLS"
        yield "udp-to-cloud", message, "write `transport: tcp` or `tls`"
    if trunk.ip_access_control_lists and not trunk.auth_username and host.lower().endswith(sip.LIVEKIT_CLOUD):
        message = "only addresses let its calls out, and LiveKit Cloud calls out from no fixed ones"
        yield "cloud-addresses", message, "add `auth_username` and `auth_password`, unless the lists name LiveKit's"
    if _is_private(host):
        message = f"{trunk.provider} cannot reach {host}, which LIVEKIT_SIP_URI names, from the Internet"
        yield "private-sip-host", message, "set LIVEKIT_SIP_URI to the public address of your SIP service"


def _is_private(host: str) -> bool:
    name = host.strip("[]").lower()
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name == "localhost" or name.endswith((".local", ".internal", ".localhost"))
    return any(address in network for network in _PRIVATE)
