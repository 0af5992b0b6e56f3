"""What a call meets by a stack's state: its lines as their resources are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trunkline.calls import Rule, Trunk
from trunkline.calls.explain import absent
from trunkline.carriers import CARRIERS
from trunkline.explain.board import ASKED, Extension, Switchboard
from trunkline.model import livekit_numbers
from trunkline.outputs import Line, Neighbour, StackOutputs, to_json


def of_state(outputs: StackOutputs) -> Switchboard:
    """Give the trunks and rules that the lines name; what else stands at LiveKit no state says.

    For whom alone a rule answers that a line adopts stands beside the lines.
    """
    lines = [outputs.lines[name] for name in sorted(outputs.lines)]
    trunks: dict[str, list[Line]] = {}
    rules: dict[str, list[Line]] = {}
    for line in lines:
        if line.inbound and _met(line):
            trunks.setdefault(_met(line), []).append(line)
        if line.inbound and line.dispatch_rule_id:
            rules.setdefault(line.dispatch_rule_id, []).append(line)
    only = {one.id: one for one in outputs.neighbours if one.callers or one.numbers}
    return Switchboard(
        trunks=tuple(_trunk(id, trunks[id]) for id in sorted(trunks)),
        rules=tuple(sorted(_rules(rules, only), key=lambda rule: rule.id)),
        lines=tuple(
            Extension(
                line=line.id,
                number=line.phone_number,
                absent=absent(to_json(line), line.phone_number),
                fallback=line.fallback,
                rings=line.fallback_after,
            )
            for line in lines
        ),
        agents=_keys(outputs),
    )


def _trunk(id: str, lines: list[Line]) -> Trunk:
    """Lines that share a trunk agree in all but their numbers."""
    return Trunk(
        id=id,
        numbers=tuple(line.phone_number for line in lines if line.phone_number),
        allowed_numbers=lines[0].allowed_callers,
        allowed_addresses=lines[0].allowed_addresses,
    )


def _rules(lines: Mapping[str, list[Line]], only: Mapping[str, Neighbour]) -> Iterator[Rule]:
    """Give the rules by their lines, and beside each those for some callers."""
    for id, served in lines.items():
        yield (rule := _rule(id, served, only.get(id)))
        for one in served[0].caller_rules:
            agents = tuple(name for name in (one.agent_name, *one.further_agents) if name)
            pin = ASKED if one.asks_pin else ""
            if one.dispatch_rule_id and one.callers:
                yield Rule(
                    id=one.dispatch_rule_id, trunk_ids=rule.trunk_ids, agents=agents, pin=pin, callers=one.callers
                )


def _rule(id: str, lines: list[Line], only: Neighbour | None) -> Rule:
    trunks = tuple(dict.fromkeys(_met(line) for line in lines if _met(line)))
    agents = tuple(name for name in (lines[0].agent_name, *lines[0].further_agents) if name)
    return Rule(
        id=id,
        trunk_ids=trunks,
        agents=agents,
        pin=ASKED if lines[0].asks_pin else "",
        callers=only.callers if only else lines[0].only_callers,
        numbers=only.numbers if only else lines[0].only_numbers,
    )


def _met(line: Line) -> str:
    """What a call to the line meets before its rule: a trunk, or the number itself where no trunk carries it."""
    carried = line.provider not in CARRIERS or CARRIERS[line.provider].has_trunks
    return line.inbound_trunk_id if carried else livekit_numbers.claim_of(line.phone_number)


def _keys(outputs: StackOutputs) -> Mapping[str, str]:
    return {agent.agent_name: key for key, agent in sorted(outputs.agents.items(), reverse=True)}
