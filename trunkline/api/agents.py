"""`/agents`, `/agents/{id}/numbers` and `/summary`."""

from __future__ import annotations

import json

from trunkline.api.endpoint import Call
from trunkline.api.problem import ApiProblem
from trunkline.api.reply import Reply
from trunkline.outputs import to_json

_COSTS = ("monthlyCost", "unknownCost")


def many(call: Call) -> Reply:
    """Give every agent with the names of its lines."""
    agents = call.snapshot.publication.agents
    unused = [agent.id for agent in agents if not agent.lines]
    return Reply.json({"agents": [to_json(agent) for agent in agents], "unused": unused})


def numbers(call: Call) -> Reply:
    """Give one agent's lines."""
    id, snapshot = call.path["id"], call.snapshot
    agent = next((agent for agent in snapshot.publication.agents if agent.id == id), None)
    if agent is None:
        raise ApiProblem("not-found", "the inventory has no agent of this key; see /agents")
    lines = b",".join(row.json(priced=call.principal.sees_costs) for row in snapshot.index.answered_by(id))
    head = json.dumps({"agent": to_json(agent)}, ensure_ascii=False)[:-1].encode()
    return Reply(body=head + b',"lines":[' + lines + b"]}")


def summary(call: Call) -> Reply:
    """Give the counts of the fleet, and its cost to those who may see it."""
    counts = call.snapshot.publication.summary
    return Reply.json(
        {name: value for name, value in counts.items() if call.principal.sees_costs or name not in _COSTS}
    )
