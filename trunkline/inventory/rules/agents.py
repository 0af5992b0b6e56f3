"""Rules about who answers: the keys of one agent, several agents of one line, and callers who have agents of their own.

LiveKit compares a rule's callers letter by letter, and refuses two rules of a trunk that name one caller
(livekit/protocol `sip/sip.go`, 2026-07-28).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trunkline.carriers import CARRIERS
from trunkline.carriers.declaration import Finding
from trunkline.errors import Problem
from trunkline.inventory.inventory import Inventory, Path
from trunkline.model import options
from trunkline.model.entries import Agent, Callers, Line


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


_CALLERS = "callers"
# (keys below the line, rule, message, fix)
_Below = tuple[Path, str, str, str]


def caller_problems(inventory: Inventory, line: Line) -> Iterator[Problem]:
    """Give every problem of the callers of one line whose own keys are sound."""
    if not line.callers or not CARRIERS[line.provider].has_trunks:
        return
    for path, code, message, fix in (*_direction(line), *_named_twice(line), *_of_entries(inventory, line)):
        yield inventory.problem(("numbers", line.name, *path), code, f'line "{line.name}": {message}', fix)


def caller_warnings(line: Line) -> Iterator[_Below]:
    """Say of a host that no carrier's declaration speaks for that the spelling counts, and what is said in vain."""
    if line.callers and CARRIERS[line.provider].caller_prefix is None:
        message = "its `callers` answer only callers whom the SIP host writes just so, with the plus"
        yield (_CALLERS,), "caller-spelling", message, "look at a call's sip.phoneNumber attribute, and compare"
    for entry in line.callers:
        if entry.agents == (line.agent, *line.further_agents):
            message = f'"{entry.name}" has the line\'s own agent, so its callers reach whom all others reach'
            yield (_CALLERS, entry.name, "agent"), "idle-key", message, f'name another agent, or delete "{entry.name}"'


def _direction(line: Line) -> Iterator[_Below]:
    if not line.inbound:
        message = f"{_CALLERS} is about calls in, which it does not have"
        yield (_CALLERS,), "idle-key", message, f"delete `{_CALLERS}`, or `inbound: false`"


def _named_twice(line: Line) -> Iterator[_Below]:
    first: dict[str, str] = {}
    for entry in line.callers:
        for index, number in enumerate(entry.numbers):
            at = (_CALLERS, entry.name, "from", str(index))
            if (other := first.setdefault(number, entry.name)) != entry.name:
                message = (
                    f'{number} of "{entry.name}" is one of "{other}" already, and LiveKit refuses two rules for it'
                )
                yield at, "caller-twice", message, "keep it in one of the two"
            elif number in entry.numbers[:index]:
                yield at, "listed-twice", f'"{entry.name}" lists {number} twice', "delete one of the two"


def _of_entries(inventory: Inventory, line: Line) -> Iterator[_Below]:
    for entry in line.callers:
        path = (_CALLERS, entry.name)
        if not entry.numbers:
            # A rule that names nobody answers everybody.
            message = f'"{entry.name}" names no caller, and such a rule would answer all of them'
            yield (*path, "from"), "no-callers", message, f'list numbers in `from`, or delete "{entry.name}"'
        yield from _unmatched(line, entry, path)
        for _, code, message, fix in several(inventory, entry.agents):
            yield (*path, "agent"), code, f'"{entry.name}": {message}', fix


def _unmatched(line: Line, entry: Callers, path: Path) -> Iterator[_Below]:
    """Give callers who never come as far as a rule."""
    for index, number in enumerate(entry.numbers):
        at = (*path, "from", str(index))
        if number == line.number:
            fix = "list the numbers of callers; the line's own number is `phone_number`"
            yield at, "unreachable", f'"{entry.name}" lists the line\'s own number, which calls nobody here', fix
        elif line.allowed_callers and number not in line.allowed_callers:
            message = f'{number} of "{entry.name}" is not among its allowed_callers, so that it cannot call in'
            yield at, "unreachable", message, "add it to `allowed_callers`, or delete it here"
