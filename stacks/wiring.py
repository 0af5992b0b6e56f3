"""From specs to Pulumi resources: what is deferred becomes an output, and nothing else happens here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import pulumi

from providers.dynamic import left_out
from providers.dynamic.resources import RESOURCES, Fleet
from stacks.skipped import known_or
from trunkline.model.spec import Key
from trunkline.plan import Borrowed, FromFleet, FromSecret, Joined, Plan, Ref, ResourceSpec, Speaking
from trunkline.secret import Secret
from trunkline.settings import Settings

Lines: TypeAlias = pulumi.Output[Mapping[str, Mapping[str, Any]]]
"""The lines of the last outputs, by name."""


class PhoneLine(pulumi.ComponentResource):
    """What belongs to one line."""

    def __init__(self, line: str, fleet: Fleet) -> None:
        # No alias after a rename: the engine ends in a panic where a refresh that runs the program meets a component
        # under another name than the state has (3.259.0, RefreshStep.Apply). What it holds finds its own way.
        # After the Fleet, whose refusal would else stand in the log below a line or two for each line of the file.
        super().__init__("trunkline:PhoneLine", line, opts=pulumi.ResourceOptions(depends_on=[fleet]))


@dataclass(frozen=True, slots=True)
class Secrets:
    """Gives config secrets as secret outputs; those that are settings may come from the environment."""

    config: pulumi.Config
    settings: Settings

    def output(self, name: str) -> pulumi.Output[str]:
        """Raises pulumi's ConfigMissingError where the secret is not set, which the plan has checked before."""
        for account in self.settings.carriers.values():
            if name == account.secret:
                return pulumi.Output.secret(account.password.reveal())
        return pulumi.Output.secret(Secret(self.config.require(name)).reveal())


@dataclass(frozen=True, slots=True)
class Declared:
    """The Fleet, the resources by key, and the lines of the stack's last outputs."""

    fleet: Fleet
    resources: Mapping[Key, Any]
    last: Lines


def declare(plan: Plan, secrets: Secrets, last: Lines, after: Sequence[pulumi.Resource] = ()) -> Declared:
    """Register the Fleet, after what it depends on, the components and the resources, in the plan's order."""
    known = {
        "settled": last.apply(_numbers),
        "known": last.apply(_ids),
        "marks": last.apply(_marks),
        "active": last.apply(_active),
    }
    bound = {"approved": plan.approved} if plan.approved else {}
    props = {**plan.fleet, **known, **bound, "facts": plan.facts, "adoption": plan.adoption}
    fleet = Fleet("fleet", props, pulumi.ResourceOptions(depends_on=after))
    components: dict[str, PhoneLine] = {}
    resources: dict[Key, Any] = {}
    for spec in plan.resources:
        parent = components.get(spec.line)
        if spec.line and parent is None:
            parent = components[spec.line] = PhoneLine(spec.line, fleet)
        resources[spec.key] = _resource(spec, parent, fleet, resources, secrets)
    return Declared(fleet, resources, last)


def last_lines() -> Lines:
    """Give the lines of the stack's outputs, as the last complete update wrote them.

    By an invoke and no StackReference: that would stand in the state under the stack's name, and after `pulumi stack
    rename` the refresh would ask for a stack that there is no more.
    """
    stack = f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}"
    read = pulumi.runtime.invoke_output("pulumi:pulumi:readStackOutputs", {"name": stack})
    return read.apply(lambda found: found["outputs"].get("lines") or {})


def _numbers(lines: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Give the number of each line; one that was on order may never have been in the account, and is given as ""."""
    return {name: "" if line.get("status") == "ordered" else line["phoneNumber"] for name, line in lines.items()}


def _marks(lines: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {name: line["removal"] for name, line in lines.items() if "removal" in line}


def _active(lines: Mapping[str, Mapping[str, Any]]) -> str:
    """Give the numbers that were in their accounts."""
    there = (line for line in lines.values() if line.get("status") in ("active", "pending"))
    return " ".join(sorted(line["phoneNumber"] for line in there))


def _ids(lines: Mapping[str, Mapping[str, Any]]) -> str:
    """Give the ids of the lines' objects at LiveKit: one text, since Pulumi walks every leaf of an input."""
    names = ("inboundTrunkId", "outboundTrunkId", "dispatchRuleId")
    found = {id_ for line in lines.values() for name in names if (id_ := line.get(name))}
    found |= {id_ for line in lines.values() for rule in line.get("callerRules", ()) if (id_ := rule[names[-1]])}
    return " ".join(sorted(found))


def _resource(
    spec: ResourceSpec, parent: PhoneLine | None, fleet: Fleet, resources: Mapping[Key, Any], secrets: Secrets
) -> Any:
    options = pulumi.ResourceOptions(
        parent=parent,
        protect=spec.protect,
        aliases=_aliases(spec),
        depends_on=[fleet, *(resources[key] for key in spec.depends_on)],
    )
    props = {name: _resolve(value, fleet, resources, secrets) for name, value in spec.props.items()}
    return RESOURCES[spec.kind](spec.name, props, options)


def _component(line: str) -> Any:
    """Give the parent that a resource had: a line's component, which may be declared no more, or none."""
    if not line:
        return pulumi.ROOT_STACK_RESOURCE
    return f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::trunkline:PhoneLine::{line}"


def _aliases(spec: ResourceSpec) -> list[pulumi.Alias]:
    """Give where a resource may be in the state: under its line's former name, and where it was before it moved."""
    former = [*((name, name) for name in spec.aliases), *spec.moved_from]
    return [pulumi.Alias(name=name, parent=_component(line)) for line, name in former]


def _resolve(value: Any, fleet: Fleet, resources: Mapping[Key, Any], secrets: Secrets) -> Any:
    """Put outputs in the place of what is deferred, at any depth."""
    match value:
        case Ref(key):
            return known_or(left_out.resource(*key), resources[key].object_id)
        case FromFleet(line, output):
            return known_or({}, fleet.lines).apply(lambda lines: _fact(lines, line, output))
        case Joined(parts):
            return pulumi.Output.concat(*(_resolve(part, fleet, resources, secrets) for part in parts))
        case Borrowed(trunk):
            sid = fleet.borrowedSids.apply(lambda sids: sids.get(trunk))
            return known_or(left_out.resource("SipTrunk", trunk), sid)
        case Speaking(trunk, plain, secure):
            return fleet.secureTrunks.apply(lambda names: secure if trunk in (names or ()) else plain)
        case FromSecret(name):
            return secrets.output(name)
        case dict():
            return {name: _resolve(item, fleet, resources, secrets) for name, item in value.items()}
        case list():
            return [_resolve(item, fleet, resources, secrets) for item in value]
    return value


def judged(lines: Mapping[str, Mapping[str, Any]], line: str) -> Mapping[str, Any] | None:
    """Give a line as the Fleet judged it, None where it did not: it was left out, or this is a `destroy`."""
    found = lines.get(line)
    return found if found and "phoneNumber" in found else None


def _fact(lines: Mapping[str, Mapping[str, Any]], line: str, output: str) -> Any:
    """Give what the Fleet says of a line, or the mark of a new one that it did not judge."""
    found = judged(lines, line)
    if found is None:
        return left_out.line(line)
    return str(found["phoneNumber"])[1:] if output == "digits" else found.get(output)
