"""Rules about the SIP side of a trunk, or of a custom line that brings its own."""

from __future__ import annotations

from collections.abc import Iterator

from trunkline.inventory import sip
from trunkline.model.entries import Trunk


def findings(trunk: Trunk) -> Iterator[tuple[str, str, str, str]]:
    """Give (key, rule, message, fix) of what does not fit together."""
    if sip.has_port(trunk.sip_address) and trunk.transport == "auto":
        # LiveKit drops the port with transport AUTO: livekit/livekit issue 3907.
        fix = "add `transport: udp`, `tcp` or `tls`, or delete the port"
        yield (
            "sip_address",
            "no-transport",
            f"{trunk.sip_address} has a port, which LiveKit drops without a transport",
            fix,
        )
    if bool(trunk.auth_username) != (trunk.auth_password is not None):
        there, lacking = (
            ("auth_username", "auth_password") if trunk.auth_username else ("auth_password", "auth_username")
        )
        yield there, "half-auth", f"it has {there} but no {lacking}", f"add `{lacking}`, or delete `{there}`"
    elif trunk.inbound_auth and trunk.auth_password is None:
        fix = "add auth_username and auth_password, or delete `inbound_auth`"
        yield "inbound_auth", "half-auth", "it challenges callers, but has no user and password", fix
