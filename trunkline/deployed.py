"""Agents that lines call by name, held against those that LiveKit Cloud runs for the project. Pure.

LiveKit Cloud lists what was deployed to it. Workers that somebody runs elsewhere are not listed, so that a name which
is missing there is worth a word, and no more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

# The deployment of an agent that names none (LiveKit, "Agent deployments", read 2026-11).
USUAL = "production"
_SHOWN = 3
Deployed = Mapping[str, frozenset[str]]
"""Agent -> the names of its deployments."""

NONE_LISTED = "LiveKit Cloud lists none of this project, and workers that you run yourself are never listed"
OWN_SERVER = "this LiveKit is a server of your own, and LiveKit Cloud alone lists agents"
NOT_KNOWN = f"Whether the lines' agents are there was not checked: {NONE_LISTED}."
NOT_ASKED = f"It was not checked whether the agents that are to answer are there: {OWN_SERVER}."
_CLOUD = ".livekit.cloud"


def is_cloud(host: str) -> bool:
    """Whether host[:port] is a project of LiveKit Cloud."""
    return host.partition(":")[0].endswith(_CLOUD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """An agent as lines call it: `deployment` "" means the usual one."""

    agent_name: str
    deployment: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """What LiveKit Cloud does not run of what is `called`: `what` it is, and what is `near` among what it runs."""

    called: Called
    what: str
    near: str

    @property
    def told(self) -> str:
        """The sentence of a preview."""
        return (
            f"{_named(self.called.lines)}: LiveKit Cloud runs no {self.what}; {self.near}. Until one is there its"
            " callers wait in vain; with a worker that you run yourself, which is not listed there, nothing is amiss."
        )


def to_text(called: Iterable[Called]) -> str:
    """Give them as one text, since Pulumi walks every leaf of an input."""
    return json.dumps([[one.agent_name, one.deployment, list(one.lines)] for one in called], separators=(",", ":"))


def from_text(text: str) -> tuple[Called, ...]:
    """Read what `to_text` wrote."""
    rows = json.loads(text)
    return tuple(Called(agent_name=name, deployment=where, lines=tuple(lines)) for name, where, lines in rows)


def lacking(called: Iterable[Called], deployed: Deployed) -> Iterator[Lacking]:
    """Give each agent or deployment that is not listed, with the listed name that is nearest."""
    for one in called:
        where, there = one.deployment or USUAL, deployed.get(one.agent_name)
        if there is None:
            what, names = f'agent "{one.agent_name}"', sorted(deployed)
            near = _nearest(one.agent_name, names)
        elif one.deployment and where not in there:
            what, names = f'deployment "{where}" of agent "{one.agent_name}"', sorted(there)
            near = _nearest(where, names)
        else:
            continue
        yield Lacking(called=one, what=what, near=near)


def _nearest(name: str, names: list[str]) -> str:
    near = get_close_matches(name, names, n=1)
    shown = ", ".join(f'"{each}"' for each in names[:_SHOWN])
    return f'the nearest name is "{near[0]}"' if near else f"it runs {shown or 'none'}"


def _named(lines: tuple[str, ...]) -> str:
    more = f" and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    return f"line {', '.join(lines[:_SHOWN])}{more}"
