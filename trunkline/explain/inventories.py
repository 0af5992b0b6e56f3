"""What a call would meet if the file were applied, and nothing else stood there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from trunkline.calls import Rule, Trunk
from trunkline.carriers import CARRIERS
from trunkline.explain.board import ASKED, Extension, Switchboard
from trunkline.inventory import Inventory, Line, trunk_of
from trunkline.inventory.inventory import fallback_of
from trunkline.model import livekit_numbers
from trunkline.model.fallback import RINGS
from trunkline.plan.caller_rules import KIND, name_of, spelled


def of_inventory(inventory: Inventory) -> Switchboard:
    """Give the trunks and rules that the file declares, named as in a plan: `InboundTrunk sales-us`."""
    groups: dict[str, list[Line]] = {}
    for name in sorted(inventory.lines):
        line = inventory.lines[name]
        trunk = trunk_of(inventory, line)
        if line.inbound:
            groups.setdefault(trunk.name if trunk and trunk.shared else name, []).append(line)
    numbered = [line for line in inventory.lines.values() if line.number]
    return Switchboard(
        trunks=tuple(_trunk(owner, lines, inventory) for owner, lines in groups.items() if _numbers(lines)),
        rules=tuple(rule for owner, lines in groups.items() for rule in _rules(owner, lines[0], inventory)),
        lines=tuple(_extension(inventory, line) for line in numbered),
        agents={agent.agent_name: key for key, agent in sorted(inventory.agents.items(), reverse=True)},
        unnumbered=tuple(name for name, line in sorted(inventory.lines.items()) if not line.number),
    )


def _extension(inventory: Inventory, line: Line) -> Extension:
    fallback = fallback_of(inventory, line)
    rings = (line.ringing_timeout or RINGS) if fallback else 0
    return Extension(line=line.name, number=line.number, absent=_absent(line), fallback=fallback, rings=rings)


def _trunk(owner: str, lines: list[Line], inventory: Inventory) -> Trunk:
    """Lines that share a trunk agree in all but their numbers."""
    first, trunk = lines[0], trunk_of(inventory, lines[0])
    return Trunk(
        id=_met(owner, first),
        numbers=_numbers(lines),
        allowed_numbers=tuple(map(str, first.allowed_callers)),
        allowed_addresses=first.allowed_addresses or (trunk.allowed_addresses if trunk else ()),
    )


def _rules(owner: str, line: Line, inventory: Inventory) -> Iterator[Rule]:
    """Give the rule that answers everybody, and those for some callers, as their carrier writes them."""
    yield _rule(f"DispatchRule {owner}", owner, line, (line.agent, *line.further_agents), inventory)
    for entry in line.callers:
        rule = _rule(f"{KIND} {name_of(owner, entry.name)}", owner, line, entry.agents, inventory)
        yield replace(rule, callers=tuple(spelled(line.provider, entry)))


def _rule(id: str, owner: str, line: Line, names: Iterable[str], inventory: Inventory) -> Rule:
    agents = [inventory.agents[name] for name in names if name]
    pin = agents[0].options.get("pin", "") if agents else ""
    return Rule(
        id=id,
        trunk_ids=(_met(owner, line),),
        agents=tuple(agent.agent_name for agent in agents if agent.agent_name),
        pin=pin if isinstance(pin, str) else ASKED,
    )


def _met(owner: str, line: Line) -> str:
    """What a call to the line meets before its rule: a trunk, or the number itself where no trunk carries it."""
    if CARRIERS[line.provider].has_trunks:
        return f"InboundTrunk {owner}"
    return livekit_numbers.claim_of(line.number or owner)


def _numbers(lines: list[Line]) -> tuple[str, ...]:
    return tuple(line.number for line in lines if line.number)


def _absent(line: Line) -> str:
    if line.inbound:
        return ""
    return f'line "{line.name}" takes no calls (inbound: false): LiveKit finds no trunk and answers 404'
