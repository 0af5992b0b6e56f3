"""Live trunks and rules as the call model knows them, fields that no line manages too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from trunkline.calls.matching import Rule, Trunk


class Seen(Protocol):
    """A trunk or rule as LiveKit's adapter reads it: its managed fields in `props`, what else it says in `also`."""

    @property
    def id(self) -> str: ...
    @property
    def tag(self) -> str: ...
    @property
    def props(self) -> Mapping[str, Any]: ...
    @property
    def also(self) -> Mapping[str, Any]: ...


def trunk_of(observed: Seen) -> Trunk:
    """Give an inbound trunk as a call meets it."""
    props = observed.props
    return Trunk(
        id=observed.id,
        numbers=tuple(props["numbers"]),
        allowed_numbers=tuple(props["allowedNumbers"]),
        allowed_addresses=tuple(props["allowedAddresses"]),
    )


def rule_of(observed: Seen) -> Rule:
    """Give a dispatch rule as a call meets it."""
    also = observed.also
    return Rule(
        id=observed.id,
        name=observed.tag,
        trunk_ids=tuple(observed.props["trunkIds"]),
        callers=tuple(also["callers"]),
        numbers=tuple(also["numbers"]),
        form=also["form"],
        room=also["room"],
        pin=also["pin"],
        agents=tuple(agent["agentName"] for agent in observed.props["agents"]),
    )
