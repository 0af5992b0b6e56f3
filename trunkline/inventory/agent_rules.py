"""Rules about the keys of one agent that depend on one another, and about the agents of one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trunkline.errors import Problem
from trunkline.inventory.inventory import Inventory
from trunkline.model import options
from trunkline.model.entries import Agent, Line

# (key where the problem stands, rule, message, fix)
Finding = tuple[str, str, str, str]


def agent_problems(inventory: Inventory, agent: Agent) -> Iterator[Problem]:
    """Give every problem of one agent whose own keys are sound."""
    for key, rule, message, fix in (*_called(inventory, agent), *_room(inventory, agent)):
        yield inventory.problem(("agents", agent.id, key), rule, f'agent "{agent.id}": {message}', fix)


def _called(inventory: Inventory, agent: Agent) -> Iterator[Finding]:
    if not agent.agent_name and not agent.automatic_dispatch:
        fix = "add `agent_name:`; or `automatic_dispatch: true` where the agent registers without a name"
        yield "agent_name", "missing-key", "nothing says whom LiveKit calls", fix
    if agent.agent_name and agent.automatic_dispatch:
        message = "it has an agent_name, and automatic_dispatch calls nobody by name"
        yield "automatic_dispatch", "automatic-dispatch", message, "keep one of the two"
    if agent.automatic_dispatch:
        for key in ("metadata", *options.OF_CALLED):
            if inventory.has("agents", agent.id, key):
                message = f"{key} goes with a call by name, and automatic_dispatch calls nobody by name"
                yield key, "automatic-dispatch", message, f"delete `{key}`, or write the `agent_name`"


def _room(inventory: Inventory, agent: Agent) -> Iterator[Finding]:
    form = "the one room of `room`" if agent.room else f"`dispatch_rule: {agent.dispatch_rule or 'individual'}`"
    idle = {
        "room_prefix": bool(agent.room),
        "dispatch_rule": bool(agent.room),
        "no_randomness": bool(agent.room) or agent.dispatch_rule == "callee",
        "randomize": bool(agent.room) or agent.dispatch_rule != "callee",
    }
    for key, without_effect in idle.items():
        if without_effect and inventory.has("agents", agent.id, key):
            yield key, "idle-key", f"{key} says nothing about {form}", f"delete `{key}`"


def line_findings(inventory: Inventory, line: Line) -> Iterator[Finding]:
    """Give what is wrong with the agents of a line that has several."""
    yield from several(inventory, (line.agent, *line.further_agents))


def several(inventory: Inventory, names: Iterable[str]) -> Iterator[Finding]:
    """Give what is wrong with agents that one rule calls, as findings of the key `agent`."""
    agents = [inventory.agents[name] for name in names if name in inventory.agents]
    if len(agents) < 2:
        return
    for agent in agents:
        if agent.automatic_dispatch:
            message = f'"{agent.id}" has automatic_dispatch, and a rule that calls anybody by name calls no other'
            yield "agent", "automatic-dispatch", message, "delete it from `agent`, or give it an `agent_name`"
    named = [agent.agent_name for agent in agents]
    for index, agent in enumerate(agents):
        if agent.agent_name and agent.agent_name in named[:index]:
            message = f'"{agent.id}" is "{agent.agent_name}", which it calls already'
            yield "agent", "agent-twice", message, "keep one of the two"
