"""The parts of the inventory as values: what numbers.yaml means, after defaults, checks and conversions.

Names are those of the file. An absent text is "", an absent list `()`, an absent duration 0. Mappings are sorted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from trunkline.e164 import E164

NumberType = Literal["local", "mobile", "toll_free"]
Transport = Literal["auto", "udp", "tcp", "tls"]
MediaEncryption = Literal["disable", "allow", "require"]
Removal = Literal["protect", "release", "keep"]
# Where a call may be handed over to by SIP REFER.
TransferMode = Literal["disable-all", "sip-only", "enable-all"]
# Which SIP headers of a call LiveKit makes attributes of: none, those that begin with X-, or all.
IncludedHeaders = Literal["none", "x", "all"]
# Whose room a call comes into: each caller's own, or that of the number called.
DispatchForm = Literal["individual", "callee"]
# Whose number a call that is handed over shows: that of the caller, or ours.
TransferCallerId = Literal["from-transferee", "from-transferor"]
# From when on the carrier's trunk records its calls, in one channel or in two, and what it cuts out.
RecordingMode = Literal[
    "do-not-record",
    "record-from-ringing",
    "record-from-answer",
    "record-from-ringing-dual",
    "record-from-answer-dual",
]
RecordingTrim = Literal["do-not-trim", "trim-silence"]
HttpMethod = Literal["POST", "GET"]
RestartPolicy = Literal["on_failure", "never"]
# Metadata of a field that came after digests of inventories were first recorded: its default is left out of them, so
# that a file that does not use it keeps its digest.
LATER: Mapping[str, Any] = {"later": True}
# The SIP side of a trunk, which a custom line may bring itself.
SIP_KEYS = ("sip_address", "sip_provider", "transport", "auth_username", "auth_password", "inbound_auth")


@dataclass(frozen=True, slots=True)
class SecretRef:
    """The name of a Pulumi config secret; the inventory never holds a secret's value."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Limits of one update. `max_monthly_increase`: currency -> amount; empty means no limit.

    `monthly_price`: carrier -> currency -> what one of its numbers costs, where its API does not say.
    """

    max_purchases: int = 10
    max_releases: int = 1
    max_monthly_increase: Mapping[str, Decimal] = field(default_factory=dict)
    monthly_price: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict, metadata=LATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Who answers. `metadata` is a JSON object, or a text, that the agent's job receives.

    `agent_name` is "" with `automatic_dispatch`. `room` is the one room of all callers, "" where each has one. `called`
    is what the agent is called with beside its metadata, `options` what the file names of the rule (`model.options`).
    """

    id: str
    agent_name: str = ""
    metadata: Mapping[str, Any] | str = field(default_factory=dict)
    room_prefix: str = "call-"
    automatic_dispatch: bool = field(default=False, metadata=LATER)
    room: str = field(default="", metadata=LATER)
    dispatch_rule: DispatchForm | Literal[""] = field(default="", metadata=LATER)
    called: Mapping[str, Any] = field(default_factory=dict, metadata=LATER)
    options: Mapping[str, Any] = field(default_factory=dict, metadata=LATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What to look for where no number is written; it picks once."""

    country: str
    area_code: str = ""
    type: NumberType = "local"
    contains: str = ""
    region: str = field(default="", metadata=LATER)
    locality: str = field(default="", metadata=LATER)
    postal_code: str = field(default="", metadata=LATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A foreign object that may stand beside our lines, by its id at the vendor. `stacks` empty means all."""

    id: str
    reason: str
    stacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trunk:
    """A connection between LiveKit and a carrier or a SIP host. `owner` is a stack; "" means the only one.

    `sip_address` is host[:port]; `allowed_addresses` are IP addresses and networks. `transfer_mode` "" means
    that of the trunks that we make. `fallback` is its own, or that of `defaults`, "" for none. `options` are fields of
    LiveKit's that the file names (`model.options`).
    """

    name: str
    provider: str
    domain_name: str = ""
    sip_address: str = ""
    sip_provider: str = ""
    transport: Transport = "auto"
    auth_username: str = ""
    auth_password: SecretRef | None = None
    inbound_auth: bool = False
    allowed_addresses: tuple[str, ...] = ()
    media_encryption: MediaEncryption = "disable"
    headers: Mapping[str, str] = field(default_factory=dict)
    shared: bool = False
    owner: str = ""
    adopt: bool = False
    renamed_from: str = field(default="", metadata=LATER)
    transfer_mode: TransferMode | Literal[""] = field(default="", metadata=LATER)
    fallback: str = field(default="", metadata=LATER)
    ip_access_control_lists: tuple[str, ...] = field(default=(), metadata=LATER)
    options: Mapping[str, Any] = field(default_factory=dict, metadata=LATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Callers:
    """Some callers of a line, whom others answer than the line's own agents: `further_agents` beside `agent`."""

    name: str
    numbers: tuple[E164, ...]
    agent: str
    further_agents: tuple[str, ...] = ()

    @property
    def agents(self) -> tuple[str, ...]:
        return (self.agent, *self.further_agents)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One phone number and the way of its calls.

    Exactly one of `phone_number`, `called_number` (as the caller's SIP host writes it) and `search` is there.
    `country` is that of the number ("" for numbers of no country) or of the search. `trunk` and `agent` are names as
    written, "" where none is. Durations in seconds, 0 means LiveKit's default. `further_agents` are called beside
    `agent`, whose room it is; `callers` have agents of their own. `options` are fields of LiveKit's that the line or
    `defaults` name (`model.options`).
    `media_encryption` "" means the trunk's. The fields from `sip_address` on are those of a custom line that names no
    trunk.
    """

    name: str
    provider: str
    country: str
    phone_number: E164 | None = None
    called_number: str = field(default="", metadata=LATER)
    search: Search | None = None
    trunk: str = ""
    agent: str = ""
    label: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    inbound: bool = True
    outbound: bool = True
    krisp_enabled: bool = False
    allowed_callers: tuple[E164, ...] = ()
    allowed_addresses: tuple[str, ...] = ()
    media_encryption: MediaEncryption | Literal[""] = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    max_call_duration: int = 0
    ringing_timeout: int = 0
    address_sid: str = ""
    bundle_sid: str = ""
    adopt: bool = False
    removal: Removal = "protect"
    repurchase: bool = False
    emergency_address_sid: str = field(default="", metadata=LATER)
    clear_emergency_address: bool = field(default=False, metadata=LATER)
    status_callback: str = field(default="", metadata=LATER)
    status_callback_method: HttpMethod | Literal[""] = field(default="", metadata=LATER)
    give_up: E164 | None = field(default=None, metadata=LATER)
    ported_from: str = field(default="", metadata=LATER)
    renamed_from: str = ""
    further_agents: tuple[str, ...] = field(default=(), metadata=LATER)
    callers: tuple[Callers, ...] = field(default=(), metadata=LATER)
    options: Mapping[str, Any] = field(default_factory=dict, metadata=LATER)
    stacks: tuple[str, ...] = ()
    verify: str = ""
    sip_address: str = ""
    sip_provider: str = ""
    transport: Transport = "auto"
    auth_username: str = ""
    auth_password: SecretRef | None = None
    inbound_auth: bool = False

    @property
    def number(self) -> str:
        """The number that the file writes, "" where it searches one."""
        return self.phone_number or self.called_number

    @property
    def agents(self) -> tuple[str, ...]:
        """The keys of all who answer its calls, whoever calls; "" where the line names nobody."""
        return (self.agent, *self.further_agents, *(agent for one in self.callers for agent in one.agents))
