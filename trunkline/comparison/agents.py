"""Agents that our rules call and LiveKit Cloud does not run, as far as it tells."""

from __future__ import annotations

from collections.abc import Iterator

from trunkline.comparison.finding import LiveFinding
from trunkline.comparison.sides import LIVEKIT, Sides
from trunkline.deployed import NONE_LISTED, Called, lacking


def not_deployed(sides: Sides) -> Iterator[LiveFinding]:
    """Agents and deployments that the lines' rules call, as the rules stand; where none is listed nothing is known."""
    rules = _calling(sides) if sides.deployed else {}
    by_id = {rule.id: rule for rule in sides.live.rules}
    called = (Called(agent_name=name, deployment=where, lines=ids) for (name, where), ids in sorted(rules.items()))
    for one in lacking(called, sides.deployed or {}):
        ids = one.called.lines
        lines = tuple(sorted({line for id in ids for line in sides.lines_of(by_id[id])}))
        calling = f"{', '.join(ids)} {'calls' if len(ids) == 1 else 'call'}"
        yield sides.finding(
            "agent-not-deployed",
            one.called.agent_name,
            f"LiveKit Cloud runs no {one.what}, whom {calling}; {one.near}",
            "deploy it, or name another in the file; a worker that you run yourself is not listed there",
            lines=lines,
        )


def unseen(sides: Sides) -> Iterator[LiveFinding]:
    """That LiveKit Cloud does not tell, or lists nothing."""
    why = sides.unlisted or (NONE_LISTED if sides.deployed is not None and not sides.deployed else "")
    if why:
        yield sides.finding(
            "agents-unseen",
            LIVEKIT,
            f"whether the lines' agents are there cannot be seen here: {why}",
            "nothing, where you run the workers yourself; else let the key administer agents",
        )


def _calling(sides: Sides) -> dict[tuple[str, str], tuple[str, ...]]:
    """Give (agent, its deployment, "" for the usual one) -> the rules of lines that call it."""
    found: dict[tuple[str, str], list[str]] = {}
    for rule in sides.live.rules:
        where = rule.optional.get("agentDeployments", {})
        for name in (str(agent["agentName"]) for agent in rule.props["agents"]):
            if name and sides.lines_of(rule):
                found.setdefault((name, str(where.get(name, ""))), []).append(rule.id)
    return {called: tuple(dict.fromkeys(ids)) for called, ids in found.items()}
