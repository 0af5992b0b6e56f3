"""Who can tell a property that its own vendor never shows.

Twilio shows no SIP password (OpenAPI, 2026-04-14), but LiveKit shows the one with which it authenticates there. Where
the tagged outbound trunks to the same domain hold the desired password, the credential is right and needs no write.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.dynamic.runtime import Runtime
from trunkline.plan.tag import Tag


def confirms(runtime: Runtime, kind: str, desired: Mapping[str, Any]) -> bool:
    """Whether what the vendor hides is known to be as desired; False where nobody can tell."""
    if kind != "Credential":
        return False
    passwords = {
        trunk.props["authPassword"]
        for trunk in runtime.listing("OutboundTrunk")
        if Tag.parse(trunk.tag)
        and trunk.props["address"] == desired["witness"]
        and trunk.props["authUsername"] == desired["username"]
    }
    return passwords == {desired["password"]}
