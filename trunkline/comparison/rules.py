"""Dispatch rules that answer every trunk or none, and agents whom no call reaches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trunkline.calls import Call, Rule, Trunk, canonical, match
from trunkline.calls.live import rule_of, trunk_of
from trunkline.comparison.finding import LiveFinding, place
from trunkline.comparison.sides import LIVEKIT, Sides, named
from trunkline.model import livekit_numbers

# Callers and addresses that no list names: of the reserved numbers, and of a documentation's network (RFC 5737).
_ANYBODY, _ELSEWHERE = "+15005550000", "192.0.2.99"


def catch_all(sides: Sides) -> Iterator[LiveFinding]:
    for one in sides.live.rules:
        if not one.props["trunkIds"]:
            yield sides.finding(
                "rule-catch-all",
                one.id,
                f"{named('DispatchRule', one)} names no trunk, so that it answers every trunk without a rule of its"
                " own, also one that is made later",
                "name its trunks, or remove it",
            )


def dangling(sides: Sides) -> Iterator[LiveFinding]:
    """Trunk ids that do not exist; those of LiveKit's own numbers are no trunk's."""
    there = {one.id for one in sides.live.inbound}
    for one in sides.live.rules:
        lost = sorted({id for id in one.props["trunkIds"] if id not in there and not livekit_numbers.is_number(id)})
        if lost:
            only = len(lost) == len(set(one.props["trunkIds"]))
            yield sides.finding(
                "rule-dangling-id",
                one.id,
                f"{named('DispatchRule', one)} names {', '.join(lost)}, which LiveKit does not have"
                + (", and no trunk besides" if only else ""),
                "run `pulumi up`"
                if one.id in sides.held
                else "remove the rule"
                if only
                else "take the id out of the rule",
                lines=sides.lines_of(one),
            )


def unreached(sides: Sides) -> Iterator[LiveFinding]:
    """Agents of the file and of live rules whom no call reaches, put to the call model number by number."""
    if LIVEKIT in sides.unread:
        return
    reached = reached_agents(sides)
    keys = {
        agent.agent_name: key
        for key, agent in sorted((sides.file.agents if sides.file else {}).items())
        if agent.agent_name
    }
    rules_of: dict[str, list[str]] = {name: [] for name in sides.lines_calling if name}
    for one in sides.live.rules:
        for agent in one.props["agents"]:
            if agent["agentName"]:
                rules_of.setdefault(str(agent["agentName"]), []).append(one.id)
    for name in sorted(rules_of.keys() - reached):
        rules = ", ".join(dict.fromkeys(rules_of[name]))
        lines = sides.lines_calling.get(name, ())
        yield sides.finding(
            "agent-unreached",
            name,
            f'no call reaches the agent "{name}"' + (f", whom {rules} would call" if rules else ", whom no rule calls"),
            "run `pulumi up`, or see with `trunkline explain --on live` where its calls end"
            if lines
            else "give it a number, or remove the rule",
            lines=lines,
            place=(place(sides.file, "agents", keys[name]) if name in keys else "") or sides.place_of(lines),
        )


def reached_agents(sides: Sides) -> frozenset[str]:
    """Give the agents whom some call reaches: by any number that a trunk has, from any caller and address that counts.

    A rule with a number of LiveKit's own is reached by that. One for all trunks is asked by every number there is.
    """
    board = _Board(map(trunk_of, sides.live.inbound), [rule_of(one) for one in sides.live.rules], sides)
    return frozenset(agent for rule in board.answering() for agent in rule.agents)


class _Board:
    """LiveKit's trunks and rules, found by what a call meets them by, so that a large project stays quick."""

    def __init__(self, trunks: Iterable[Trunk], rules: list[Rule], sides: Sides) -> None:
        self._sides = sides
        self._rules = rules
        self._at: dict[str, list[Rule]] = {}
        self._trunks: dict[str, list[Trunk]] = {}
        for rule in rules:
            for id in dict.fromkeys(rule.trunk_ids or ("",)):
                self._at.setdefault(id, []).append(rule)
        for trunk in trunks:
            for number in dict.fromkeys(map(canonical, trunk.numbers or ("",))):
                self._trunks.setdefault(number, []).append(trunk)

    def answering(self) -> Iterator[Rule]:
        yield from (rule for rule in self._rules if any(map(livekit_numbers.is_number, rule.trunk_ids)))
        carried = {one.number for one in self._sides.live.numbers} | {n for rule in self._rules for n in rule.numbers}
        for number in sorted((self._trunks.keys() - {""}) | {canonical(n) for n in carried}):
            yield from self._answering(number)

    def _answering(self, number: str) -> Iterator[Rule]:
        trunks = [*self._trunks.get(number, ()), *self._trunks.get("", ())]
        ids = dict.fromkeys((*(trunk.id for trunk in trunks), ""))
        rules = list({rule.id: rule for id in ids for rule in self._at.get(id, ())}.values())
        rules.sort(key=lambda rule: rule.id)
        callers = {_ANYBODY, *(c for t in trunks for c in t.allowed_numbers), *(c for r in rules for c in r.callers)}
        sources = {_ELSEWHERE, *(entry.partition("/")[0] for trunk in trunks for entry in trunk.allowed_addresses)}
        pins = {"", *(rule.pin for rule in rules)}
        for called in (number, number.removeprefix("+")):
            for caller in sorted(callers):
                for source in sorted(sources):
                    for pin in sorted(pins):
                        call = Call(called=called, caller=caller, source=source, host=source, pin=pin)
                        met = match(call, trunks, rules, trunkless=self._sides.trunkless)
                        if met.rule is not None:
                            yield met.rule
