"""Who can tell a property that its own vendor never shows.

A carrier shows no SIP password (OpenAPI, 2026-04-14), but LiveKit shows that with which it authenticates there. Where
the tagged outbound trunks to the same domain hold the desired password, the credential is right and needs no write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from providers.dynamic.runtime import Runtime
from providers.port import Observed
from trunkline.carriers import calls_over
from trunkline.model.tag import Tag


def confirms(runtime: Runtime, kind: str, desired: Mapping[str, Any]) -> bool:
    """Whether what the vendor hides is known to be as desired; False where nobody can tell."""
    return kind == "Credential" and passwords(runtime, desired, fresh=False) == {desired["password"]}


def passwords(runtime: Runtime, props: Mapping[str, Any], *, fresh: bool = True) -> frozenset[str]:
    """Give the passwords with which tagged trunks call out as a credential's user, those of other stacks too."""
    return frozenset(trunk.props["authPassword"] for trunk in callers(runtime, props, fresh=fresh))


def callers(runtime: Runtime, props: Mapping[str, Any], *, fresh: bool = True) -> Sequence[Observed]:
    """Give the tagged trunks that call out as a credential's user, those of other stacks too."""
    return tuple(
        trunk
        for trunk in runtime.listing("OutboundTrunk", fresh=fresh)
        if Tag.parse(trunk.tag)
        and calls_over(trunk.props["address"], props["witness"], str(props.get("trunkSid", "")))
        and trunk.props["authUsername"] == props["username"]
    )
