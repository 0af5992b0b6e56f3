"""`/agents`, `/agents/{id}/numbers`, `/summary` and `/carriers`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from trunkline.api.endpoint import Call
from trunkline.api.endpoints import moment
from trunkline.api.endpoints.moment import View
from trunkline.api.problem import ApiProblem
from trunkline.api.reply import Reply
from trunkline.api.served.past import Past
from trunkline.carriers import CARRIERS
from trunkline.outputs import Agent, to_json

_COSTS = ("monthlyCost", "unknownCost")


async def many(call: Call) -> Reply:
    """Give every agent with the names of its lines."""
    view = await moment.view(call)
    agents = _agents(call, view)
    unused = [agent.id for agent in agents if not agent.lines]  # all of the inventory: others are known by their lines
    return view.told({"agents": [to_json(agent) for agent in agents], "unused": unused})


async def numbers(call: Call) -> Reply:
    """Give one agent's lines."""
    id, view = call.path["id"], await moment.view(call)
    agent = next((agent for agent in _agents(call, view) if id == (agent.id or agent.agent_name)), None)
    if agent is None:
        raise ApiProblem(
            "not-found", "the inventory has no agent of this key, and no line one of this name beside; see /agents"
        )
    answered = (row for line in agent.lines for row in view.lines.find(line)[:1])
    lines = b",".join(row.json(priced=call.principal.sees_costs) for row in answered)
    head = json.dumps({"agent": to_json(agent)}, ensure_ascii=False)[:-1].encode()
    return view.headed(Reply(body=head + b',"lines":[' + lines + b"]" + view.shown + b"}"))


async def summary(call: Call) -> Reply:
    """Give the counts of the fleet, and its cost to those who may see it."""
    view = await moment.view(call)
    past = view.lines
    counts: Mapping[str, Any] = past.summary() if isinstance(past, Past) else call.snapshot.publication.summary
    return view.told({name: value for name, value in counts.items() if call.principal.sees_costs or name not in _COSTS})


def carriers(call: Call) -> Reply:
    """Give what a line's `provider` can be, and what people call it."""
    return Reply.json({"carriers": [{"name": each.name, "label": each.label} for each in CARRIERS.values()]})


def _agents(call: Call, view: View) -> Sequence[Agent]:
    past = view.lines
    return past.agents() if isinstance(past, Past) else call.snapshot.publication.agents
