"""What the resources of a state say of each line, laid over the outputs.

Outputs are written when an update succeeds, resources one by one: after an update that failed or was stopped, and after
a refresh that saw a change by hand, only the resources tell who answers, and which lines there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from trunkline.audit.fleet import Difference
from trunkline.changes import differing
from trunkline.model import livekit_numbers
from trunkline.outputs import Agent, CallerRule, Line, StackOutputs, Summary, status_of, to_json
from trunkline.state import reaching, unlisted
from trunkline.state.resources import CALLERS, OF_LIVEKIT, TRUNKS, Resources, Said, names

_IDS = ("inbound_trunk_id", "outbound_trunk_id", "dispatch_rule_id", "number_id")
_SAYING_A_NUMBER = ("PhoneNumber", *TRUNKS)


def lay(outputs: StackOutputs, resources: Resources) -> tuple[StackOutputs, Mapping[str, tuple[Difference, ...]]]:
    """Give the outputs with what the resources say, and by line what they say otherwise.

    A line of which nothing stands in the state is gone, and said to be; one that the outputs lack is there.
    """
    written = _narrowed(outputs)
    listed = {name: line for name, line in written.items() if name in resources.held or resources.shares(line)}
    standing = {**listed, **_unlisted(outputs, resources)}
    lines = {name: _laid(line, resources, outputs.agents) for name, line in standing.items()}
    compared = ((name, tuple(_differences(line, lines.get(name), resources))) for name, line in written.items())
    differences = {name: found for name, found in compared if found}
    if lines.keys() == outputs.lines.keys() and all(line is outputs.lines[name] for name, line in lines.items()):
        return outputs, {}
    agents = {name: _answering(agent, lines.values()) for name, agent in outputs.agents.items()}
    return outputs.model_copy(
        update={"lines": lines, "agents": agents, "summary": Summary.of(lines.values())}
    ), differences


def _unlisted(outputs: StackOutputs, resources: Resources) -> Mapping[str, Line]:
    """Give the lines of which something stands in the state, and nothing in the outputs."""
    found = {}
    for name in sorted(resources.held.keys() - outputs.lines.keys()):
        number, *trunks = (resources.own(name, kind) for kind in _SAYING_A_NUMBER)
        rule = resources.own(name, "DispatchRule")
        named = (*(each for own in trunks for each in names(own)), *livekit_numbers.claimed(names(rule)))
        claimed = next(iter(named), "")
        phone_number = str(number.get("phoneNumber") or claimed)
        if phone_number:  # else no resource of its own says one, as of a line that shared a trunk
            inbound, outbound = (resources.of_number(name, phone_number, kind) for kind in TRUNKS)
            found[name] = unlisted.line(name, phone_number, number, inbound or _claiming(rule), outbound)
    return found


def _narrowed(outputs: StackOutputs) -> Mapping[str, Line]:
    """Give the lines that the outputs list, with for whom alone the rules answer that some of them adopt."""
    only = {one.id: one for one in outputs.neighbours if one.callers or one.numbers}
    found = dict(outputs.lines)
    for name, line in found.items() if only else ():
        if (one := only.get(line.dispatch_rule_id)) is not None:
            found[name] = line.model_copy(update={"only_callers": one.callers, "only_numbers": one.numbers})
    return found


def _claiming(rule: Said) -> Said:
    """Give what says of a line what its trunk for calls in would, where its rule does without one."""
    return {"claims": rule["claims"]} if rule.get("claims") else {}


def _laid(line: Line, resources: Resources, agents: Mapping[str, Agent]) -> Line:
    number = resources.find(line, "PhoneNumber")
    if number.get("phoneNumber"):
        # By its number, its shared resources are found.
        line = _with(line, {"phone_number": str(number["phoneNumber"]), **_status(number)})
    elif line.acquired != "custom":
        line = _with(line, {"status": "incomplete", "waiting_for": ""})
    inbound, outbound, rule = (resources.find(line, kind) for kind in OF_LIVEKIT)
    ids = {
        name: str(says.get("vendorId") or "")
        for name, says in zip(_IDS, (inbound, outbound, rule, number), strict=True)
    }
    comes_in = line.inbound and line.status == "active"
    lost = reaching.cut(number, inbound, rule, line.phone_number, resources.ways) if comes_in else ""
    others = _caller_rules(line, resources, agents)
    return _with(
        line,
        {
            **ids,
            **_agent(line, rule, agents),
            **_pin(rule),
            **_walls(line, inbound, rule),
            **_way_out(line, outbound),
            **others,
            "calls_lost": lost,
        },
    )


def _caller_rules(line: Line, resources: Resources, agents: Mapping[str, Agent]) -> dict[str, Any]:
    """Say whom the rules for some callers answer, and who is called; one that is not there answers nobody.

    The state of a line's own has those that its outputs lack, too.
    """
    known = {one.name: one for one in line.caller_rules}
    there = {kind.removeprefix(f"{CALLERS} ") for kind in resources.entries_of(line)}
    found = []
    for name in sorted(there):
        rule = resources.find(line, f"{CALLERS} {name}")
        said = known.get(name) or CallerRule(name=name)
        callers = rule.get("onlyCallers")
        found.append(
            said.model_copy(
                update={
                    "dispatch_rule_id": str(rule.get("vendorId") or ""),
                    "callers": tuple(map(str, callers)) if isinstance(callers, list) else (),
                    **_agent(said, rule, agents),
                    **_pin(rule),
                }
            )
        )
    return {"caller_rules": tuple(found)} if there or known else {}


def _with(line: Line, said: Mapping[str, Any]) -> Line:
    """Give the line with these values: itself where it has them, as nearly every line does, since a copy is dear."""
    for name, value in said.items():
        if getattr(line, name) != value:
            return line.model_copy(update=said)
    return line


def _walls(line: Line, inbound: Said, rule: Said) -> dict[str, Any]:
    """Say whom the line's trunk lets in and its rule answers; in whatever order, since the file's is kept."""
    said: dict[str, Any] = {}
    for name, key, says in (
        ("allowed_callers", "allowedNumbers", inbound),
        ("allowed_addresses", "allowedAddresses", inbound),
        ("only_callers", "onlyCallers", rule),
        ("only_numbers", "onlyNumbers", rule),
    ):
        listed = says.get(key)
        if isinstance(listed, list) and sorted(map(str, listed)) != sorted(getattr(line, name)):
            said[name] = tuple(map(str, listed))
    if isinstance(inbound.get("krispEnabled"), bool):
        said["krisp_enabled"] = inbound["krispEnabled"]
    return said


def _way_out(line: Line, outbound: Said) -> dict[str, Any]:
    """Say where the line's trunk sends its calls out, if otherwise than its outputs say, whatever a host's letters."""
    address = outbound.get("address")
    is_other = isinstance(address, str) and address.casefold() != line.sip_address.casefold()
    return {"sip_address": address} if is_other else {}


def _status(number: Said) -> dict[str, Any]:
    status = status_of(str(number.get("status", "")))
    return {"status": status, "waiting_for": str(number.get("waitingFor") or "") if status == "pending" else ""}


def _agent(line: Line | CallerRule, rule: Said, agents: Mapping[str, Agent]) -> dict[str, Any]:
    """Say who answers by the rule, and who is called beside; their order means nothing.

    Which agent of the file answers can be told only where one alone has the name.
    """
    listed = rule.get("agents")
    named = (str(_mapping(one).get("agentName", "")) for one in (listed if isinstance(listed, list) else ()))
    dispatched = [name for name in named if name]
    if line.agent and not line.agent_name and not dispatched:
        return {}
    name = line.agent_name if line.agent_name in dispatched else next(iter(dispatched), "")
    if name:
        dispatched.remove(name)
    same = sorted(dispatched) == sorted(line.further_agents)
    beside = {} if same else {"further_agents": tuple(dispatched)}
    if name == line.agent_name:
        return beside
    known = [agent.id for agent in agents.values() if name and agent.agent_name == name]
    return {**beside, "agent_name": name, "agent": known[0] if len(known) == 1 else ""}


def _pin(rule: Said) -> dict[str, Any]:
    """Say whether the rule asks callers for a PIN: it goes with an agent, and so comes and goes with a remap."""
    return {"asks_pin": bool(rule.get("pin"))}


def _answering(agent: Agent, lines: Iterable[Line]) -> Agent:
    answered = (
        line.id
        for line in lines
        if agent.id in (line.agent, *(one.agent for one in line.caller_rules))
        or agent.agent_name in (*line.further_agents, *(name for o in line.caller_rules for name in o.further_agents))
    )
    return agent.model_copy(update={"lines": tuple(sorted(answered))})


def _differences(listed: Line, found: Line | None, resources: Resources) -> Iterable[Difference]:
    if found is None:
        yield Difference(field="line", listed=listed.phone_number, found="")
    if found is None or found is listed:
        return
    rule = resources.find(found, "DispatchRule")
    left_alone = _left_alone(rule)
    if sorted({*listed.further_agents, *left_alone} - {found.agent_name}) == sorted(found.further_agents):
        listed = listed.model_copy(update={"further_agents": found.further_agents})
    listed = listed.model_copy(update=_pins_left_alone(listed, found, resources))
    for change in differing(to_json(listed), to_json(found)):
        yield Difference(field=change.name, listed=str(change.before), found=str(change.after))


def _pins_left_alone(listed: Line, found: Line, resources: Resources) -> dict[str, Any]:
    """Give of each rule that asks for a PIN of which the file knows nothing that it does: it stays there."""
    asking = {one.name: one.asks_pin for one in found.caller_rules}
    rules = tuple(
        one.model_copy(update={"asks_pin": asking[one.name]})
        if one.name in asking and "pin" in _unmanaged(resources.find(found, f"{CALLERS} {one.name}"))
        else one
        for one in listed.caller_rules
    )
    own = {"asks_pin": found.asks_pin} if "pin" in _unmanaged(resources.find(found, "DispatchRule")) else {}
    return {**own, "caller_rules": rules}


def _left_alone(rule: Said) -> frozenset[str]:
    """Give whom a rule that a line adopts calls without the file: they stay, and the outputs, made of it, lack them."""
    if not isinstance(rule.get("unmanaged"), list):
        return frozenset()
    return _agent_names(rule) - _agent_names(_mapping(rule.get("named")))


def _unmanaged(rule: Said) -> Sequence[Any]:
    """Give what a rule that a line adopts has and the file does not name: it stays as it is."""
    listed = rule.get("unmanaged")
    return listed if isinstance(listed, list) else ()


def _agent_names(says: Said) -> frozenset[str]:
    listed = says.get("agents")
    return frozenset(str(_mapping(one).get("agentName", "")) for one in (listed if isinstance(listed, list) else ()))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
