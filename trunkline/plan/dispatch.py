"""What a dispatch rule is to be: the room, who is called into it, and what the file names beside that."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from trunkline.inventory import Agent, Inventory, Line, Trunk
from trunkline.model import egress, options
from trunkline.model.entries import SecretRef
from trunkline.model.spec import FromSecret


def agents_of(inventory: Inventory, line: Line) -> tuple[Agent, ...]:
    """Give those who are called into the room of a line's calls, the one whose room it is first."""
    return tuple(inventory.agents[name] for name in (line.agent, *line.further_agents) if name)


def properties(inventory: Inventory, line: Line, trunk: Trunk) -> dict[str, Any]:
    """Give a rule's properties, but for its trunks and what tells whose it is."""
    agents = agents_of(inventory, line)
    named = options.of_agent(agents[0].options)
    if isinstance(named.get("pin"), SecretRef):
        named["pin"] = FromSecret(named["pin"].name)
    if egress.SHOWN in named:
        named[egress.SHOWN], secrets = egress.split(named[egress.SHOWN])
        named[egress.SECRETS] = {place: FromSecret(secrets[place].name) for place in sorted(secrets)}
    return {
        **_room(agents[0]),
        "agents": sorted(
            ({"agentName": agent.agent_name, "metadata": metadata_text(agent)} for agent in agents if agent.agent_name),
            key=lambda agent: (agent["agentName"], agent["metadata"]),
        ),
        "attributes": dict(line.attributes),
        **named,
        **options.of_line("DispatchRule", trunk.options, line.options),
        **_called(agents),
    }


def _room(agent: Agent) -> dict[str, Any]:
    if agent.room:
        return {options.ROOM_NAME: agent.room}
    if agent.dispatch_rule == "callee":
        return {options.CALLEE_PREFIX: agent.room_prefix}
    return {"roomPrefix": agent.room_prefix}


def _called(agents: Sequence[Agent]) -> dict[str, Any]:
    """What agents are called with; a key that none of them names is written for none."""
    found: dict[str, Any] = {}
    for key, prop in options.OF_CALLED.items():
        if any(key in agent.called for agent in agents):
            given = {agent.agent_name: agent.called.get(key) for agent in agents}
            found[prop] = {name: given[name] for name in sorted(given) if given[name] not in (None, "", {}, _USUAL)}
    return found


# What LiveKit does by itself, and so tells of no agent.
_USUAL = "on_failure"


def metadata_text(agent: Agent) -> str:
    """Give an agent's metadata as LiveKit gets it."""
    if isinstance(agent.metadata, Mapping):
        return json.dumps(agent.metadata, **_AS_JSON) if agent.metadata else ""
    return agent.metadata


_AS_JSON: Mapping[str, Any] = {"sort_keys": True, "separators": (",", ":"), "ensure_ascii": False}
