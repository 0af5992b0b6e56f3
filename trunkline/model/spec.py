"""What the program declares, as plain values: resources, and what is known only while they are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from trunkline.errors import Problem
from trunkline.model.entries import Agent, Line
from trunkline.secret import Secret

Key = tuple[str, str]
"""(kind, name) of a resource; unique in a plan."""


@dataclass(frozen=True, slots=True)
class Ref:
    """The vendor's id of the object of another resource of the plan."""

    key: Key


@dataclass(frozen=True, slots=True)
class FromFleet:
    """What the Fleet found out for a line: `phoneNumber`, `digits` (the number without its plus), `monthlyCost` …"""

    line: str
    output: str


@dataclass(frozen=True, slots=True)
class Borrowed:
    """The vendor's id of a trunk that another stack of the fleet owns; the Fleet looks it up."""

    trunk: str


@dataclass(frozen=True, slots=True)
class Speaking:
    """What an object must be to speak with an adopted carrier's trunk whose encryption the file does not name.

    `secure` where the Fleet finds that trunk secure, else `plain`.
    """

    trunk: str
    plain: str
    secure: str


@dataclass(frozen=True, slots=True)
class FromSecret:
    """A config secret of the stack, by its name in namespace `trunkline`."""

    name: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Text put together once its parts are known."""

    parts: tuple[str | FromFleet, ...]


def secrets_of(value: Any) -> Iterator[FromSecret]:
    """Give the config secrets that a property is made of: one that has any is a secret as a whole."""
    if isinstance(value, FromSecret):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from secrets_of(item)


Deferred = Ref | FromFleet | FromSecret | Borrowed | Joined | Speaking


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceSpec:
    """One resource. `props` are JSON values in which any value, also in a list, may be Deferred.

    `line` is the line whose component holds it, "" for what lines share. `aliases` are former names, `moved_from`
    former places: line (as for `line`) and name. `protect` makes
    the engine refuse to delete it.
    """

    kind: str
    name: str
    props: Mapping[str, Any]
    line: str = ""
    depends_on: tuple[Key, ...] = ()
    aliases: tuple[str, ...] = ()
    moved_from: tuple[tuple[str, str], ...] = ()
    protect: bool = False

    @property
    def key(self) -> Key:
        return (self.kind, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The facts of a stack that no inventory holds.

    `accounts`: provider -> what its account is called ("livekit" -> host), `base_urls`
    likewise.
    `sip_host`: host[:port] of LiveKit's SIP service. `config_secrets`: the names of the config secrets that are set,
    `secrets`: their values, which are held against a vendor's rules and go no further.
    `retag`: what carries the name of the fleet alone gets the stack's name into its tag, in this update.
    """

    fleet: str
    stack: str
    accounts: Mapping[str, str]
    sip_host: str
    base_urls: Mapping[str, str] = field(default_factory=dict)
    config_secrets: frozenset[str] = frozenset()
    secrets: Mapping[str, Secret] = field(default_factory=dict, repr=False)
    allow_account_change: bool = False
    project: str = ""
    retag: bool = False

    @property
    def scope(self) -> str:
        """What this stack's tags name, and no other stack's: the fleet, with the stack's name as its last part."""
        return self.fleet if self.fleet.rpartition("/")[2] == self.stack else f"{self.fleet}/{self.stack}"

    @property
    def shared(self) -> str:
        """The fleet's name where it names no stack, so that others may have it too; "" where it does.

        Versions up to 0.1 tagged with it.
        """
        return "" if self.scope == self.fleet else self.fleet

    def scopes_of(self, stack: str) -> tuple[str, ...]:
        """Give what the tags of a sibling stack may name, under a fleet's name like ours or under the default one."""
        beside = f"{self.fleet.rpartition('/')[0]}/{stack}".removeprefix("/") if not self.shared else ""
        default = f"{self.project}/{stack}" if self.project else ""
        scopes = (beside, f"{self.fleet}/{stack}", self.fleet, default)
        return tuple(dict.fromkeys(scope for scope in scopes if scope))


@dataclass(frozen=True, slots=True, kw_only=True)
class CallersFacts:
    """Some callers of a line, as its carrier writes them: who is called into their room, and the key of their rule."""

    name: str
    numbers: tuple[str, ...]
    agents: tuple[Agent, ...]
    rule: Key


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """What a line's outputs are made from: the line, and the keys of its resources (None where it has none).

    `further_agents` are called beside `agent`. `asks_pin`: its callers enter a PIN. `adopts`: its LiveKit objects have
    what the file does not name as they stand, so that they must be asked. `callers`: those whom others answer.
    """

    line: Line
    agent: str
    agent_name: str
    sip_address: str
    sip_provider: str
    inbound_trunk: Key | None
    outbound_trunk: Key | None
    dispatch_rule: Key | None
    number: Key | None
    allowed_addresses: tuple[str, ...]
    adopts: bool = False
    further_agents: tuple[Agent, ...] = ()
    asks_pin: bool = False
    callers: tuple[CallersFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The Fleet's inputs, and the resources in an order in which each stands after what it refers to.

    `facts`: line or `trunk.<name>` -> what the Fleet's check is told beside its inputs, and forgets. `adoption` is such
    too: JSON text, since Pulumi walks every leaf of an input, of what `plan.adoption` tells of each object. `approved`
    is the saved plan that the update is bound to, likewise, "" for none. `warnings`: what is odd about file and site
    together.
    """

    fleet: Mapping[str, Any]
    resources: tuple[ResourceSpec, ...]
    lines: Mapping[str, LineFacts]
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, compare=False)
    adoption: str = field(default="[]", compare=False)
    approved: str = field(default="", compare=False)
    warnings: tuple[Problem, ...] = field(default=(), compare=False)
