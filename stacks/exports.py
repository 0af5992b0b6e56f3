"""The stack's outputs, in the shape that `trunkline.outputs` defines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.output import Unknown

from stacks.joining import together
from stacks.skipped import known_or
from stacks.wiring import Declared, judged
from trunkline import outputs
from trunkline.inventory import Inventory
from trunkline.model.spec import CallersFacts, Key
from trunkline.plan import LineFacts, Plan

_ONLY_WHERE_SAID = frozenset(
    {
        "waitingFor",
        "furtherAgents",
        "asksPin",
        "fallback",
        "fallbackAfter",
        "onlyCallers",
        "onlyNumbers",
        "callsLost",
        "callerRules",
        "callers",
        "numbers",
    }
)


_CALLER_RULE = "caller rule "


def outputs_of(inventory: Inventory, plan: Plan, declared: Declared, digest: str) -> dict[str, pulumi.Output[Any]]:
    """Give every output by name; a line that is still to be made has unknown outputs in a preview, the others do not.

    An update that the Fleet refuses leaves the outputs as they were: each waits for the Fleet's word, and with one that
    never comes the engine keeps them all. One without the Fleet removes no line: those that the file lacks stay.
    """
    now = together({name: _line(facts, declared) for name, facts in sorted(plan.lines.items())})
    lines = _with_those_that_stay(now, declared)
    exported: dict[str, Any] = {
        "schemaVersion": outputs.SCHEMA_VERSION,
        "inventoryDigest": digest,
        "agents": _agents(inventory, plan),
        "lines": lines,
        # None is no output: a fleet beside which nothing stands has none.
        "neighbours": _known(declared.fleet.neighbours).apply(_neighbours),
        "summary": lines.apply(_summary),
    }
    return {name: _once_let_through(declared, value) for name, value in exported.items()}


def _with_those_that_stay(lines: pulumi.Output[Any], declared: Declared) -> pulumi.Output[Any]:
    """Give the lines that the Fleet has judged, and of the last outputs those that it would not know had it judged now.

    What a line's removal needs of the outputs, that it was finished and its mark, would be lost otherwise.
    """

    def joined(known: Any) -> dict[str, Any]:
        last, recorded = known["last"], known["recorded"]
        there = {name: line for name, line in known["now"].items() if line is not None}
        return {**{name: last[name] for name in sorted(last.keys() & recorded.keys() - there.keys())}, **there}

    return together({"recorded": declared.fleet.lines, "last": declared.last, "now": lines}).apply(joined)


def _once_let_through(declared: Declared, value: Any) -> pulumi.Output[Any]:
    return together({"judged": declared.fleet.lines, "value": value}).apply(lambda both: both["value"])


def _known(output: pulumi.Output[Any]) -> pulumi.Output[Any]:
    """Give an output of the Fleet's, None where it has none: in a preview Pulumi calls that unknown."""

    async def value() -> Any:
        found = await output.future(with_unknowns=True)
        return None if isinstance(found, Unknown) else found

    return pulumi.Output.from_input(value())


def _neighbours(found: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    every = (outputs.to_json(outputs.Neighbour.model_validate(one)) for one in found or ())
    return [{key: value for key, value in one.items() if value or key not in _ONLY_WHERE_SAID} for one in every] or None


def _agents(inventory: Inventory, plan: Plan) -> dict[str, Any]:
    """Give the agents of the stack: those of its lines, and those that no line of the whole file calls."""
    lines_of: dict[str, list[str]] = {}
    for name, facts in sorted(plan.lines.items()):
        for agent_id in dict.fromkeys(_keys(facts)):
            lines_of.setdefault(agent_id, []).append(name)
    elsewhere = {agent_id for line in inventory.elsewhere.values() for agent_id in line.agents}
    return {
        agent_id: outputs.to_json(
            outputs.Agent(
                id=agent_id,
                agent_name=agent.agent_name,
                lines=tuple(lines_of.get(agent_id, ())),
            )
        )
        for agent_id, agent in sorted(inventory.agents.items())
        if agent_id in lines_of or agent_id not in elsewhere
    }


def _keys(facts: LineFacts) -> tuple[str, ...]:
    beside = (agent.id for one in facts.callers for agent in one.agents)
    return facts.agent, *(agent.id for agent in facts.further_agents), *beside


def _line(facts: LineFacts, declared: Declared) -> pulumi.Output[dict[str, Any] | None]:
    """Give a line, None where the Fleet has not judged it, or something of it was left out before it was made."""

    def vendor_id(key: Key | None) -> Any:
        return declared.resources[key].object_id if key else ""

    number = declared.resources[facts.number] if facts.number else None
    waiting = number.status.apply(lambda status: number.waitingFor if status == "pending" else "") if number else ""
    composed: pulumi.Output[dict[str, Any] | None] = together(
        {
            "found": declared.fleet.lines.apply(lambda lines: judged(lines, facts.line.name)),
            "inbound_trunk_id": vendor_id(facts.inbound_trunk),
            "outbound_trunk_id": vendor_id(facts.outbound_trunk),
            "dispatch_rule_id": vendor_id(facts.dispatch_rule),
            # Each by itself: what is unknown within a list is not told.
            **{f"{_CALLER_RULE}{one.name}": vendor_id(one.rule) for one in facts.callers},
            "number_id": vendor_id(facts.number),
            "status": number.status if number else "owned",
            "waiting": waiting,
            "live": _live(facts, declared),
        }
    ).apply(lambda known: _compose(facts, **known) if known["found"] else None)
    return known_or(None, composed)


def _caller_rule(one: CallersFacts, id: str) -> outputs.CallerRule:
    first, *others = one.agents
    return outputs.CallerRule(
        name=one.name,
        callers=one.numbers,
        agent=first.id,
        agent_name=first.agent_name,
        further_agents=tuple(agent.agent_name for agent in others),
        asks_pin=bool(first.options.get("pin")),
        dispatch_rule_id=id,
    )


def _live(facts: LineFacts, declared: Declared) -> pulumi.Output[dict[str, Any]]:
    """Give what the line's inbound trunk has, where the file does not say it all."""
    if not facts.adopts or facts.inbound_trunk is None:
        return pulumi.Output.from_input({})
    trunk = declared.resources[facts.inbound_trunk]
    shown = {
        "krisp_enabled": "krispEnabled",
        "allowed_callers": "allowedNumbers",
        "allowed_addresses": "allowedAddresses",
    }
    return together({name: getattr(trunk, of_trunk) for name, of_trunk in shown.items()})


def _compose(
    facts: LineFacts, found: Mapping[str, Any], status: str, waiting: str, live: Mapping[str, Any], **ids: str
) -> dict[str, Any]:
    line = facts.line
    cost = found.get("monthlyCost")
    rules = [ids.pop(f"{_CALLER_RULE}{one.name}") for one in facts.callers]
    says: dict[str, Any] = {
        "krisp_enabled": line.krisp_enabled,
        "allowed_callers": line.allowed_callers,
        "allowed_addresses": facts.allowed_addresses,
    }
    composed = outputs.to_json(
        outputs.Line(
            id=line.name,
            phone_number=found["phoneNumber"],
            provider=line.provider,
            country=line.country,
            label=line.label,
            tags=dict(line.tags),
            agent=facts.agent,
            agent_name=facts.agent_name,
            asks_pin=facts.asks_pin and line.inbound,
            fallback=found.get("fallback", {}).get("to", ""),
            fallback_after=found.get("fallback", {}).get("after", 0),
            further_agents=tuple(agent.agent_name for agent in facts.further_agents),
            inbound=line.inbound,
            outbound=line.outbound,
            sip_address=facts.sip_address,
            sip_provider=facts.sip_provider,
            monthly_cost=outputs.Cost(**cost) if cost else None,
            acquired=_acquired(line.provider, line.adopt, found["acquisition"]),
            status=outputs.status_of(status),
            waiting_for=waiting or "",
            removal=line.removal,
            caller_rules=tuple(_caller_rule(one, rule) for one, rule in zip(facts.callers, rules, strict=True)),
            **{**says, **live, **ids},
        )
    )
    # A field that says nothing would show in the preview of every stack that was made before there was one.
    return {key: value for key, value in composed.items() if value or key not in _ONLY_WHERE_SAID}


def _acquired(provider: str, adopt: bool, acquisition: str) -> Any:
    if provider == "custom":
        return "custom"
    return "adopted" if adopt or acquisition == "adopt" else "purchased"


def _summary(lines: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return outputs.to_json(outputs.Summary.of(outputs.Line.model_validate(line) for line in lines.values()))
