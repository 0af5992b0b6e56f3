"""What adoption leaves as it stands: properties that the file does not name, and elements that nobody named. Pure.

While a line says `adopt: true`, its resources carry `unmanaged`, the properties that neither line, trunk, agent nor
defaults name, and `named`, the elements that the file gives to properties which the object may share with others. What
is taken from the object (`live`) is no drift, is never written, and shows in inputs and outputs as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from providers.dynamic.codec import is_unknown
from trunkline.calls import canonical
from trunkline.errors import Refusal

# Properties of which an object may hold more than the line gives it.
_SHARED = ("numbers", "trunkIds")


def named(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the program's inputs name of the properties that may hold more."""
    return {name: inputs[name] for name in (*_SHARED, "agents") if name in inputs}


def before(recorded: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what the file named at the last update; all that is recorded where adoption has not told them apart yet."""
    told: Mapping[str, Any] = recorded.get("named", recorded)
    return told


def settled(
    inputs: Mapping[str, Any],
    live: Mapping[str, Any],
    former: Mapping[str, Any],
    *,
    without: Sequence[str] = (),
) -> dict[str, Any]:
    """Give the inputs with everything that is not managed as `live` has it; as they are where all is managed.

    `former`: what the file named before, which goes when it is named no more. `without`: properties that are not
    copied, so that no secret is recorded which the program did not give.
    """
    result = dict(inputs)
    if "unmanaged" not in inputs:
        return result
    result |= {name: live[name] for name in inputs["unmanaged"] if name in live and name not in without}
    wanted = inputs["named"]
    for name in _SHARED:
        if name in wanted and name in live and not is_unknown(wanted[name]):
            result[name] = _elements(wanted[name], live[name], former.get(name, ()))
    if "agents" in wanted and "agents" in live:
        result["agents"] = _agents(
            wanted["agents"],
            live["agents"],
            {agent["agentName"] for agent in former.get("agents", ())},
            metadata="metadata" not in inputs["unmanaged"],
        )
    return result


def unclear_agent(id_: str, live: Sequence[Mapping[str, str]], wanted: Sequence[Mapping[str, str]]) -> Refusal | None:
    """Give why it cannot be told which of a rule's agents is the line's, None where it can, or there is only one."""
    ours, theirs = ([agent["agentName"] for agent in agents] for agents in (wanted, live))
    if len(theirs) < 2 or set(ours) & set(theirs):
        return None
    return Refusal(
        f"rule {id_} calls {', '.join(theirs)}, none of which is the line's agent {', '.join(ours)}. Nothing was"
        " changed. Name one of them as the line's agent, which a later update may change, or leave only the one at"
        " LiveKit that it replaces"
    )


def strangers(wanted: Iterable[str], live: Iterable[str]) -> tuple[str, ...]:
    """Give the elements of an object that are not wanted of it."""
    ours = set(map(canonical, wanted))
    return tuple(sorted(element for element in live if canonical(element) not in ours))


def _elements(wanted: Sequence[str], live: Sequence[str], former: Iterable[str]) -> list[str]:
    """What is wanted, spelled as it stands (twice, where it stands so), and what nobody named.

    What the file named before and no more goes.
    """
    ours, there = set(map(canonical, wanted)), set(map(canonical, live))
    standing = {element for element in live if canonical(element) in ours}
    lacking = {element for element in wanted if canonical(element) not in there}
    return sorted({*standing, *lacking, *strangers([*wanted, *former], live)})


def _agents(
    wanted: Sequence[Mapping[str, str]], live: Sequence[Mapping[str, str]], former: set[str], *, metadata: bool
) -> list[dict[str, str]]:
    """The entries with the line's agents are ours, with their metadata only where the file names it; the others stay.

    A single agent that is not ours is replaced: it answered until now, and two would answer at once.
    """
    first = {agent["agentName"]: agent for agent in reversed(live)}
    mine = {agent["agentName"]: first[agent["agentName"]] for agent in wanted if agent["agentName"] in first}
    known = any(agent["agentName"] in former for agent in live)
    gone = former - {agent["agentName"] for agent in wanted}
    taken = {id(agent) for agent in mine.values()}
    others = [agent for agent in live if id(agent) not in taken and agent["agentName"] not in gone]
    if not mine and not known and len(others) == 1:
        others = []
    ours = [agent if metadata else mine.get(agent["agentName"], agent) for agent in wanted]
    return sorted(
        (dict(agent) for agent in (*ours, *others)), key=lambda agent: (agent["agentName"], agent["metadata"])
    )
