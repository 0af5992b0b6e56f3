"""Pulumi's import file of a stack: every resource with inputs and outputs, so that a lost state is written anew.

The provider classes say themselves what an update would record of what stands at the vendors, over connections that
write nothing. `pulumi import` takes resources with their outputs without asking a provider since 3.254, and skips its
Read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pulumi.runtime.settings as settings_of_pulumi
from pulumi.dynamic import dynamic

from providers.calls import Policy
from providers.dynamic import runtime
from providers.dynamic.fleet import FleetProvider
from providers.dynamic.provider import TrunklineProvider
from providers.dynamic.resources import RESOURCES
from providers.dynamic.runtime import Runtime
from providers.registry import Vendors, connect
from stacks import program, registration
from trunkline.errors import Refusal, TrunklineError
from trunkline.model.spec import Key, secrets_of
from trunkline.plan import Borrowed, FromFleet, FromSecret, Joined, Plan, Ref, ResourceSpec, Speaking
from trunkline.redaction import Redaction
from trunkline.settings import secret_values

Outputs = Mapping[Key, Mapping[str, Any]]
_FLEET: Key = ("Fleet", "fleet")
_COMPONENT = "trunkline:PhoneLine"
_WRITES = frozenset({"create", "update", "delete", "buy", "route", "detach", "unroute", "unblock", "release"})
# What the program tells the Fleet beside its inputs; nothing is known of a state that is lost.
_UNKNOWN: Mapping[str, Any] = {"settled": {}, "known": "", "marks": {}, "active": ""}


def of_stack(
    project: str, stack: str, folder: str, config: Mapping[str, str], seal: Callable[[Any], Any]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Read file and settings as the program does, and give what `resources` gives.

    `config`: the stack's configuration, opened, by full name. Raises InputError, Refusal and the vendors' errors.
    """
    settings_of_pulumi.configure(settings_of_pulumi.Settings(project=project, stack=stack, root_directory=folder))
    inventory, settings, plan = program.read(lambda name: config.get(f"trunkline:{name}"))
    if any(line.verify for line in inventory.lines.values()):
        raise Refusal("lines with `verify` run a command, which no import file can have. Nothing was written.")
    secrets = {name.removeprefix("trunkline:"): value for name, value in config.items()}
    secrets |= {one.secret: one.password.reveal() for one in settings.carriers.values() if one.secret}
    policy = Policy(redaction=Redaction.of(secret_values(os.environ, config)))
    run = Runtime(vendors=connect(settings, policy), policy=policy, at_once=1)
    return resources(run, plan, secrets, seal)


def resources(
    run: Runtime, plan: Plan, secrets: Mapping[str, str], seal: Callable[[Any], Any]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Give the entries of the import file, and why resources are left out, which the next update then makes.

    `secrets`: config secret -> its value. `seal` gives a secret as the state holds it. Raises the vendors' errors, and
    Refusal where the Fleet would refuse the update.
    """
    registration.bound_pickling()
    runtime.install(replace(run, vendors=_reading(run.vendors)))
    fleet = {**plan.fleet, **_UNKNOWN, "facts": plan.facts, "adoption": plan.adoption, "approved": ""}
    inputs = _checked(FleetProvider(), fleet)
    found: dict[Key, Mapping[str, Any]] = {_FLEET: inputs}
    entries = [_entry("Fleet", "fleet", inputs["fleet"], FleetProvider(), inputs, inputs)]
    entries += [
        {"type": _COMPONENT, "name": f"line {line}", "logicalName": line, "component": True}
        for line in dict.fromkeys(spec.line for spec in plan.resources if spec.line)
    ]
    left: list[str] = []
    for spec in plan.resources:
        try:
            entry, found[spec.key] = _recorded(spec, found, secrets, seal)
        except (_Missing, Refusal) as why:
            left.append(f"{spec.kind} {spec.name}: {why}")
            continue
        entries.append(entry)
    return entries, left


class _Missing(TrunklineError):
    """What a resource refers to is left out."""


def _recorded(
    spec: ResourceSpec, found: Outputs, secrets: Mapping[str, str], seal: Callable[[Any], Any]
) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """Give a resource's entry, and its outputs in clear for what refers to it."""
    provider = RESOURCES[spec.kind].provider_class()
    inputs = _checked(provider, {name: _resolve(value, found, secrets) for name, value in spec.props.items()})
    made = provider.create(dict(inputs))
    outputs = {**inputs, **(made.outs or {})}
    secret = {name for name, value in spec.props.items() if any(secrets_of(value))}

    def sealed(props: Mapping[str, Any]) -> dict[str, Any]:
        return {name: seal(value) if name in secret and value else value for name, value in props.items()}

    entry = _entry(spec.kind, spec.name, str(made.id), provider, sealed(inputs), sealed(outputs))
    return {**entry, **({"parent": f"line {spec.line}"} if spec.line else {})}, outputs


def _checked(provider: TrunklineProvider, props: Mapping[str, Any]) -> dict[str, Any]:
    result = provider.check({}, {name: value for name, value in props.items() if value is not None})
    if result.failures:
        raise Refusal("; ".join(failure.reason for failure in result.failures))
    return dict(result.inputs)


def _entry(
    kind: str,
    name: str,
    id: str,
    provider: TrunklineProvider,
    inputs: Mapping[str, Any],
    outputs: Mapping[str, Any],
) -> dict[str, Any]:
    pickled = {"__provider": dynamic.serialize_provider(provider)}
    return {
        "type": f"pulumi-python:dynamic/trunkline:{kind}",
        "name": f"{kind} {name}",
        "logicalName": name,
        "id": id,
        "inputs": {**inputs, **pickled},
        "outputs": {**outputs, **pickled},
    }


def _resolve(value: Any, found: Outputs, secrets: Mapping[str, str]) -> Any:
    """Put what is known of the other resources in the place of what is deferred, as `wiring` does with outputs."""
    match value:
        case Ref(key):
            if key not in found:
                raise _Missing(f"{key[0]} {key[1]}, which it refers to, is left out")
            return found[key]["vendorId"]
        case FromFleet(line, output):
            fact = found[_FLEET]["lines"][line]
            return str(fact["phoneNumber"])[1:] if output == "digits" else fact.get(output)
        case Joined(parts):
            return "".join(str(_resolve(part, found, secrets)) for part in parts)
        case Borrowed(trunk):
            return found[_FLEET]["borrowedSids"].get(trunk)
        case Speaking(trunk, plain, secure):
            return secure if trunk in found[_FLEET].get("secureTrunks", ()) else plain
        case FromSecret(name):
            return secrets[name]
        case dict():
            every = ((name, _resolve(item, found, secrets)) for name, item in value.items())
            return {name: item for name, item in every if item is not None}
        case list():
            return [_resolve(item, found, secrets) for item in value]
    return value


def _reading(vendors: Vendors) -> Vendors:
    """Give the same connections without their writes."""
    return replace(
        vendors,
        adapters={kind: _Reading(adapter) for kind, adapter in vendors.adapters.items()},
        carriers={name: _Reading(carrier) for name, carrier in vendors.carriers.items()},
    )


class _Reading:
    """An adapter or a carrier that refuses to write."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        if name in _WRITES:
            return _refused
        return getattr(self._inner, name)


def _refused(*_arguments: Any, **_named: Any) -> Any:
    raise Refusal("it is not as the file has it, or not there at all, and an update would write it")
