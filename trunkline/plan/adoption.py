"""What an adopting line or trunk says of the objects that it takes over, and what it leaves as they stand.

A property is managed where the file names the keys that it is made from. `said` are those that the line, its trunk or
its agent names itself: `defaults` speak for many lines, and open no wall of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from trunkline import walls
from trunkline.carriers import CARRIERS
from trunkline.inventory import Inventory, Line, Trunk
from trunkline.model.options import ONLY_CALLERS, ONLY_NUMBERS
from trunkline.model.spec import Deferred, FromSecret, Joined, ResourceSpec, Speaking, secrets_of
from trunkline.model.tag import Tag, former_owners
from trunkline.plan.caller_rules import entries, entry_in, owner_in, spelled
from trunkline.plan.lines import LiveKitGroup


@dataclass(frozen=True, slots=True)
class Named:
    """The free properties of one object that the file names, and those of them that `defaults` alone do not."""

    named: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys of a line, of its trunk and of its agent that one property is made from."""

    line: tuple[str, ...] = ()
    trunk: tuple[str, ...] = ()
    agent: tuple[str, ...] = ()


_LIVEKIT = frozenset({"InboundTrunk", "OutboundTrunk", "DispatchRule", "CallerRule"})
_RULES = frozenset({"DispatchRule", "CallerRule"})
_CARRIER = frozenset({"SipTrunk", "OriginationUrl", "FallbackUrl"})
_WALLS = frozenset(
    {
        "allowedAddresses",
        "allowedNumbers",
        "authUsername",
        "mediaEncryption",
        "roomPrefix",
        "secure",
        "transferMode",
        ONLY_CALLERS,
    }
)
_STEERING = frozenset({"formerTags", "adopt", "keep", "claims", "searched", "numbers", "trunkIds", "trunkSid"})


def secure_route(route: str) -> str:
    """Give an origination URL as a secure trunk takes it."""
    return f"{route.partition(';')[0]};transport=tls"


# Property -> what it must be to speak with a secure trunk.
_SECURE: Mapping[str, Callable[[str], str]] = {
    "mediaEncryption": lambda plain: "require",
    "transport": lambda plain: "tls",
    "sipUrl": secure_route,
}
_AUTH = _Keys(trunk=("auth_username", "auth_password"))
_CHALLENGE = _Keys(trunk=("inbound_auth",))
# Kind -> the properties that an object to be adopted may have of its own. `metadata` is that of a rule's agent.
_FREE: Mapping[str, Mapping[str, _Keys]] = {
    "InboundTrunk": {
        "name": _Keys(line=("label",)),
        "allowedAddresses": _Keys(line=("allowed_addresses",), trunk=("allowed_addresses",)),
        "allowedNumbers": _Keys(line=("allowed_callers",)),
        "authUsername": _CHALLENGE,
        "authPassword": _CHALLENGE,
        "headers": _Keys(line=("headers",), trunk=("headers",)),
        "krispEnabled": _Keys(line=("krisp_enabled",)),
        "mediaEncryption": _Keys(line=("media_encryption",), trunk=("media_encryption",)),
        "maxCallDuration": _Keys(line=("max_call_duration",)),
        "ringingTimeout": _Keys(line=("ringing_timeout",)),
    },
    "OutboundTrunk": {
        "name": _Keys(line=("label",)),
        "transport": _Keys(trunk=("transport",)),
        "authUsername": _AUTH,
        "authPassword": _AUTH,
        "headers": _Keys(line=("headers",), trunk=("headers",)),
        "mediaEncryption": _Keys(line=("media_encryption",), trunk=("media_encryption",)),
    },
    "DispatchRule": {
        "roomPrefix": _Keys(agent=("room_prefix",)),
        "metadata": _Keys(agent=("metadata",)),
        "attributes": _Keys(line=("attributes",)),
        ONLY_CALLERS: _Keys(),
        ONLY_NUMBERS: _Keys(),
    },
    "CallerRule": {
        "roomPrefix": _Keys(agent=("room_prefix",)),
        "metadata": _Keys(agent=("metadata",)),
        "attributes": _Keys(line=("attributes",)),
        ONLY_NUMBERS: _Keys(),
    },
    "SipTrunk": {"secure": _Keys(trunk=("media_encryption",)), "transferMode": _Keys(trunk=("transfer_mode",))},
    "OriginationUrl": {"weight": _Keys(), "priority": _Keys(), "enabled": _Keys()},
    # That it is asked at all the file says; after whom, where it stands already, need not change.
    "FallbackUrl": {"weight": _Keys(), "priority": _Keys()},
}


def taken_over(
    inventory: Inventory, trunks: Iterable[Trunk], groups: Mapping[str, LiveKitGroup], specs: Iterable[ResourceSpec]
) -> tuple[tuple[ResourceSpec, ...], tuple[Mapping[str, Any], ...]]:
    """Give the resources, of which adopting ones manage only what the file names, and what the Fleet's check is told.

    It is told of every object that is to be adopted what it would become, and of the others their walls, since a line
    may have adopted until now. `groups`: line -> the group that holds its LiveKit objects.
    """
    by_owner = {group.owner: group for group in groups.values()}
    by_name = {trunk.name: trunk for trunk in trunks}
    resources: list[ResourceSpec] = []
    told: list[Mapping[str, Any]] = []
    for spec in (_beside(inventory, one, by_owner.get(owner_in(one.name)), by_name.get(one.name)) for one in specs):
        group, trunk = by_owner.get(owner_in(spec.name)), by_name.get(spec.name)
        if spec.kind in _LIVEKIT and group is not None:
            named = _of_line(inventory, group, spec)
            lines = group.outbound if spec.kind == "OutboundTrunk" else group.inbound
            told.append(_facts(spec, named, group.adopts, group, lines))
            resources.append(_leaving_alone(spec, named) if group.adopts else spec)
        elif spec.kind in _CARRIER and trunk is not None:
            named = _of_trunk(inventory, trunk, spec)
            former = list(former_owners(trunk.renamed_from))
            told.append(_facts(spec, named, trunk.adopt) | {"at": _at(inventory, trunk), "former": former})
            resources.append(_leaving_alone(spec, named) if trunk.adopt else spec)
        else:
            if spec.kind == "PhoneNumber" and spec.props["adopt"]:
                told.append(_facts(spec, Named(), True, groups[spec.name], (inventory.lines[spec.name],)))
            resources.append(spec)
    return tuple(resources), tuple(told)


def follows(inventory: Inventory, trunk: Trunk) -> bool:
    """Whether a carrier's trunk is adopted without a word about encryption, so that what we make beside it must follow.

    A trunk that is secure takes SRTP and TLS alone.
    """
    secures = CARRIERS[trunk.provider].secures_trunks
    return trunk.adopt and secures and not inventory.has("trunks", trunk.name, "media_encryption")


def _beside(inventory: Inventory, spec: ResourceSpec, group: LiveKitGroup | None, trunk: Trunk | None) -> ResourceSpec:
    """Let an object follow its carrier's trunk as that stands, in what the file does not name."""
    if spec.kind in _LIVEKIT and group is not None and follows(inventory, group.trunk):
        return _speaking(spec, group.trunk.name, _SECURE.keys() - _of_line(inventory, group, spec).named)
    if spec.kind == "OriginationUrl" and trunk is not None and follows(inventory, trunk):
        return spec if inventory.has("trunks", trunk.name, "transport") else _speaking(spec, trunk.name, _SECURE.keys())
    return spec


def _speaking(spec: ResourceSpec, trunk: str, names: AbstractSet[str]) -> ResourceSpec:
    props = {
        name: Speaking(trunk, value, _SECURE[name](value)) if name in names else value
        for name, value in spec.props.items()
    }
    return replace(spec, props=props)


def _of_line(inventory: Inventory, group: LiveKitGroup, spec: ResourceSpec) -> Named:
    """Say what the file names of a LiveKit object of a line, or of lines that share a trunk."""
    agent = _agent_of(group, spec)
    named, said = set(), set()
    for name, keys in _FREE[spec.kind].items():
        # A name is the label of one line: lines that share a trunk have none for it.
        if name == "name" and not group.line:
            continue
        by_line = any(inventory.has("numbers", line.name, key) for line in group.lines for key in keys.line)
        by_default = any(inventory.has("defaults", key) for key in keys.line)
        by_agent = any(inventory.has("agents", agent, key) for key in keys.agent)
        by_trunk = _says(inventory, group.trunk, keys) or by_agent
        by_fallback = name == "ringingTimeout" and bool(group.trunk.fallback)
        if by_line or by_default or by_trunk or by_fallback:
            named.add(name)
        # What a line takes from `defaults` stands over its trunk's.
        if by_line or (by_trunk and not by_default):
            said.add(name)
    of_agent = spec.props.get("mediaEncryption") if spec.kind in _RULES else None
    if of_agent and _says_encryption(inventory, group, of_agent):
        said.add("mediaEncryption")
    if any(inventory.has("numbers", line.name, "allowed_callers") for line in group.lines):
        # Of the callers that the rule keeps out, the trunk then keeps out all but those whom the line names.
        said.add(ONLY_CALLERS)
    if spec.kind == "OutboundTrunk" and isinstance(spec.props["authUsername"], FromSecret):
        # The config secrets that the stack has for a trunk which the file does not write.
        named |= {"authUsername", "authPassword"}
    return Named(frozenset(named), frozenset(said))


def _agent_of(group: LiveKitGroup, spec: ResourceSpec) -> str:
    """Give the key of the agent whose room a rule's callers come into, "" for what is no rule."""
    entry = entry_in(spec.name)
    found = (one.agent for line in group.inbound[:1] for one in line.callers if one.name == entry)
    return next(found if entry else (line.agent for line in group.inbound), "")


def _of_trunk(inventory: Inventory, trunk: Trunk, spec: ResourceSpec) -> Named:
    said = frozenset(name for name, keys in _FREE[spec.kind].items() if _says(inventory, trunk, keys))
    return Named(said, said)


def _says(inventory: Inventory, trunk: Trunk, keys: _Keys) -> bool:
    """Whether the trunk names one of the keys; a custom line that brings its own address is its own trunk."""
    home = "trunks" if trunk.name in inventory.trunks else "numbers"
    return any(inventory.has(home, trunk.name, key) for key in keys.trunk)


def _says_encryption(inventory: Inventory, group: LiveKitGroup, of_agent: str) -> bool:
    """Whether a line or its trunk itself asks for no more encryption than the agent's rule, which stands over it."""
    keys = _Keys(trunk=("media_encryption",))
    words = [line.media_encryption for line in group.inbound if inventory.has("numbers", line.name, "media_encryption")]
    words += [group.trunk.media_encryption] if _says(inventory, group.trunk, keys) else []
    return bool(words) and not walls.loosened(
        "InboundTrunk", {"mediaEncryption": words[0]}, {"mediaEncryption": of_agent}, ["mediaEncryption"]
    )


def _leaving_alone(spec: ResourceSpec, named: Named) -> ResourceSpec:
    return replace(spec, props={**spec.props, "unmanaged": sorted(set(_FREE[spec.kind]) - named.named)})


def _facts(
    spec: ResourceSpec, named: Named, adopt: bool, group: LiveKitGroup | None = None, lines: Iterable[Line] = ()
) -> dict[str, Any]:
    """`values` holds no secret, but that there is one; what is known with the number alone has "{digits}" in it."""
    kept = (name for name in spec.props if (name in _WALLS or adopt) and name not in _STEERING)
    # No key limits a line's own rule to some callers.
    all_callers: dict[str, Any] = {ONLY_CALLERS: []} if spec.kind == "DispatchRule" else {}
    entry = entry_in(spec.name) if spec.kind == "CallerRule" else ""
    named_callers = [spelled(group.trunk.provider, one) for one in entries(group)] if group and all_callers else []
    return {
        "kind": spec.kind,
        "owner": group.tag.owner if group else Tag.of_trunk("", spec.name).owner,
        "former": _former(spec),
        "adopt": adopt,
        "values": {name: _plain(spec.props[name]) for name in kept} | all_callers,
        "named": sorted(named.named),
        "said": sorted(named.said),
        "unmanaged": sorted(set(_FREE.get(spec.kind, ())) - named.named),
        "lines": [line.name for line in lines],
        **({"entry": entry} if entry else {}),
        **({"callers": named_callers} if named_callers else {}),
        **({"custom": group.is_custom, "shared": not group.line, "trunk": group.trunk.name} if group else {}),
    }


def _former(spec: ResourceSpec) -> list[str]:
    """Give the owners that may have had the object: former names, and where it stood before `shared:` changed."""
    tags = (Tag.parse(text) for text in spec.props.get("formerTags", ()))
    return list(dict.fromkeys(tag.owner for tag in tags if tag))


def _at(inventory: Inventory, trunk: Trunk) -> str:
    at = inventory.place("trunks", trunk.name)
    return f"{at.file}:{at.line}"


def _plain(value: Any) -> Any:
    if any(secrets_of(value)):
        return {"secret": True}
    if isinstance(value, Joined):
        return "".join(part if isinstance(part, str) else "{digits}" for part in value.parts)
    if isinstance(value, Speaking):
        return {"trunk": value.trunk, "plain": value.plain, "secure": value.secure}
    if isinstance(value, Deferred):
        return {"known": "later"}
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
