"""The stack's outputs: the one schema that the program writes with and the API reads with.

Bump `SCHEMA_VERSION` whenever a field changes its meaning or goes away; adding a field needs no bump.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

SCHEMA_VERSION = 1


Status = Literal["active", "pending", "ordered", "vanished", "incomplete"]
UNPAID = frozenset({"vanished", "incomplete"})
"""The statuses of a line for whose number nothing is paid, as far as the state knows."""
# What a PhoneNumber says of itself -> its line's status; anything else is a number that is there.
_STATUSES: Mapping[str, Status] = {
    "pending": "pending", "ordered": "ordered", "purchase": "ordered", "vanished": "vanished", "repurchase": "vanished",
}  # fmt: skip


class _Output(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True, extra="ignore")


class Cost(_Output):
    """A monthly price; the amount is decimal text, since JSON numbers are floats."""

    amount: str
    currency: str


class CallerRule(_Output):
    """Some callers of a line, as the rule that answers them names them, and who is called; `name` is the entry's.

    `asks_pin`: they enter a PIN first.
    """

    name: str
    callers: tuple[str, ...] = ()
    agent: str = ""
    agent_name: str = ""
    further_agents: tuple[str, ...] = ()
    asks_pin: bool = False
    dispatch_rule_id: str = ""


class Line(_Output):
    """One line as it stands after an update. Ids are "" where the line has no such object.

    `status`: the number is in its account and active; there, but not active yet; asked for and not seen yet; there no
    more; not in the state (not bought yet, or released) while other objects of the line are. `waiting_for`: what a
    pending number waits for, in its carrier's words. `further_agents`: the names of those who are called beside the
    line's agent. `asks_pin`: callers enter a PIN first. `fallback`: where its carrier sends a call that no agent has
    answered within `fallback_after` seconds. `only_callers`, `only_numbers`: for whom alone the line's rule answers.
    `calls_lost`: where calls end before the rule, though the number stands; "" where they do not, or nobody knows.
    `caller_rules`: the callers whom others answer. Outputs have these nine only where they say something.
    """

    id: str
    phone_number: str
    provider: str
    country: str
    label: str = ""
    tags: dict[str, str] = Field(default_factory=dict)
    agent: str = ""
    agent_name: str = ""
    inbound: bool = True
    outbound: bool = True
    sip_address: str = ""
    sip_provider: str = ""
    krisp_enabled: bool = False
    allowed_callers: tuple[str, ...] = ()
    allowed_addresses: tuple[str, ...] = ()
    inbound_trunk_id: str = ""
    outbound_trunk_id: str = ""
    dispatch_rule_id: str = ""
    number_id: str = ""
    monthly_cost: Cost | None = None
    acquired: Literal["purchased", "adopted", "custom"]
    status: Status = "active"
    waiting_for: str = ""
    removal: Literal["protect", "release", "keep"] = "protect"
    further_agents: tuple[str, ...] = ()
    asks_pin: bool = False
    fallback: str = ""
    fallback_after: int = 0
    only_callers: tuple[str, ...] = ()
    only_numbers: tuple[str, ...] = ()
    calls_lost: str = ""
    caller_rules: tuple[CallerRule, ...] = ()

    @property
    def object_ids(self) -> tuple[str, ...]:
        """The ids of its objects at LiveKit, "" for one that it does not have."""
        rules = (self.dispatch_rule_id, *(one.dispatch_rule_id for one in self.caller_rules))
        return (self.inbound_trunk_id, self.outbound_trunk_id, *rules)

    @property
    def called(self) -> tuple[str, ...]:
        """The names of all whom its rules call, whoever calls."""
        own = (self.agent_name, *self.further_agents)
        return (*own, *(name for one in self.caller_rules for name in (one.agent_name, *one.further_agents)))

    @property
    def answers(self) -> str:
        """Who answers: the agent's key, else the name at LiveKit of one that the file does not know; "" for nobody."""
        return self.agent or self.agent_name

    @property
    def paid(self) -> Cost | None:
        """What the line costs a month: nothing where it has no number in the account, None where unknown."""
        return None if self.status in UNPAID else self.monthly_cost

    @property
    def is_of_unknown_cost(self) -> bool:
        """Whether the line's number is paid for and its carrier names no price."""
        return self.monthly_cost is None and self.acquired != "custom" and self.status not in UNPAID


class Neighbour(_Output):
    """Something foreign that changes where calls to our lines end, or who may call out as them; nothing touches it.

    `id` is the vendor's, `code` an audit's finding. `accepted` is the file's reason to leave it there, "" without one.
    `callers`, `numbers`: for whom alone a rule that a line adopts answers. Outputs have these two only where they say
    something.
    """

    code: str
    id: str
    lines: tuple[str, ...] = ()
    message: str
    accepted: str = ""
    callers: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


class Agent(_Output):
    """An agent of the inventory and the lines that it answers; `id` is "" where the inventory does not know it."""

    id: str
    agent_name: str
    lines: tuple[str, ...] = ()


class Summary(_Output):
    """Counts and monthly cost of all lines."""

    lines: int
    by_provider: dict[str, int]
    by_country: dict[str, int]
    by_agent: dict[str, int]
    monthly_cost: dict[str, str]
    unknown_cost: tuple[str, ...]

    @classmethod
    def of(cls, lines: Iterable[Line]) -> Summary:
        """Count the lines; custom lines, and numbers that vanished, cost nothing and are not of unknown cost."""
        ordered = sorted(lines, key=lambda line: line.id)
        costs: dict[str, Decimal] = {}
        for line in ordered:
            if (cost := line.paid) is not None:
                costs[cost.currency] = costs.get(cost.currency, Decimal(0)) + Decimal(cost.amount)
        return cls(
            lines=len(ordered),
            by_provider=_count(line.provider for line in ordered),
            by_country=_count(line.country for line in ordered),
            by_agent=_count(line.answers for line in ordered if line.answers),
            monthly_cost={currency: str(costs[currency]) for currency in sorted(costs)},
            unknown_cost=tuple(line.id for line in ordered if line.is_of_unknown_cost),
        )


class StackOutputs(_Output):
    """All that a stack exports."""

    schema_version: int = SCHEMA_VERSION
    inventory_digest: str
    summary: Summary
    agents: dict[str, Agent]
    lines: dict[str, Line]
    neighbours: tuple[Neighbour, ...] = ()

    @property
    def everyone(self) -> tuple[Agent, ...]:
        """The inventory's agents by key, then those who answer lines and that it does not know, by name."""
        unknown = strangers((line.id, line.agent_name) for line in self.lines.values() if not line.agent)
        return (*(self.agents[name] for name in sorted(self.agents)), *unknown)


def strangers(answered: Iterable[tuple[str, str]]) -> tuple[Agent, ...]:
    """Give the agents that no inventory knows, by name, from (line, name at LiveKit), "" for nobody."""
    lines_of: dict[str, list[str]] = {}
    for line, name in answered:
        if name:
            lines_of.setdefault(name, []).append(line)
    return tuple(Agent(id="", agent_name=name, lines=tuple(sorted(lines_of[name]))) for name in sorted(lines_of))


def status_of(number: str) -> Status:
    """Give a line's status by the status that its PhoneNumber has."""
    return _STATUSES.get(number, "active")


def to_json(model: _Output) -> dict[str, Any]:
    """Give the plain JSON object of an output, with its camelCase names."""
    return model.model_dump(mode="json", by_alias=True)


def from_json(value: Mapping[str, Any]) -> StackOutputs:
    """Read a stack's outputs.

    Raises ValueError (pydantic's) where they are not Trunkline's, or of a later schema version than this code knows.
    """
    outputs = StackOutputs.model_validate(value)
    if outputs.schema_version > SCHEMA_VERSION:
        raise ValueError(f"outputs have schema version {outputs.schema_version}, this Trunkline reads {SCHEMA_VERSION}")
    return outputs


def _count(values: Iterable[str]) -> dict[str, int]:
    counts = Counter(values)
    return {value: counts[value] for value in sorted(counts)}
