"""The shape of numbers.yaml, as pydantic models: which keys there are and what each takes.

The JSON Schema for editors (docs/numbers.schema.json) is generated here, and here the messages for unknown and missing
keys find what there is. What spans several keys is in `rules`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ConfigDict, Field
from pydantic.json_schema import GenerateJsonSchema

from trunkline.carriers import CARRIERS
from trunkline.inventory import by_stack
from trunkline.inventory.shapes import fields as f
from trunkline.inventory.shapes.fields import ABSENT, SecretShape, Shape
from trunkline.inventory.shapes.livekit import AgentIds, AgentShape, CallersShape, LiveKitShape
from trunkline.model.entries import (
    HttpMethod,
    MediaEncryption,
    NumberType,
    RecordingMode,
    RecordingTrim,
    Removal,
    TransferCallerId,
    TransferMode,
    Transport,
)

_MANY, _LISTS = 1000, 100
# The names of the carriers that are declared; to the type checker a text, since it cannot read a table.
if TYPE_CHECKING:
    Provider = str
    Seller = str
    Unpriced = str
else:
    Provider = Literal[tuple(CARRIERS)]
    Unpriced = Literal[tuple(name for name, one in CARRIERS.items() if not one.tells_prices)]
    Seller = Literal[tuple(name for name, one in CARRIERS.items() if one.access)]
# A default, ABSENT or "", stands for absence and is no value that the file may give. Conversion looks at the keys set.


def _owned(key: str, text: str) -> str:
    """Say of a key whose it is."""
    labels = (one.label for one in CARRIERS.values() if key in {**one.own_line_keys, **one.own_trunk_keys})
    return f"{text} {' and '.join(labels)} alone."


def _of_search(key: str, text: str) -> str:
    """Say of a key of a search whose it is."""
    labels = (one.label for one in CARRIERS.values() if one.access and key not in one.lacking_search_keys)
    return f"{text} {' and '.join(labels)} alone."


class GuardShape(Shape):
    """Limits of one update, held by preview and up before the first write."""

    max_purchases: f.Count = Field(default=10, description="Numbers that one update may buy; adoption does not count.")
    max_releases: f.Count = Field(default=1, description="Numbers that one update may release.")
    max_monthly_increase: dict[f.Currency, f.Amount] = Field(
        default_factory=dict,
        description="Monthly cost that one update may add by purchases, by currency; none means no limit.",
    )
    monthly_price: dict[Unpriced, f.Price] = Field(
        default_factory=dict,
        description="What a number costs a month, in one currency, at a carrier whose API does not say.",
    )


class SearchShape(Shape):
    """What to look for where no number is written; editing it later never replaces the number."""

    country: f.Country = Field(default=ABSENT, description="Country; default the line's.")
    area_code: f.AreaCode = Field(default="", description="Area code, digits only.")
    type: NumberType = Field(default="local", description="Kind of number.")
    contains: f.Contains = Field(default="", description="Digits that the number has; * stands for any digit.")
    region: f.Place = Field(default="", description=_of_search("region", "State or province, as two letters."))
    locality: f.Place = Field(default="", description=_of_search("locality", "Town."))
    postal_code: f.PostalCode = Field(default="", description=_of_search("postal_code", "Postal code."))


class _SipShape(Shape):
    """The SIP side of a trunk, or of a custom line that brings its own."""

    sip_address: f.SipAddress = Field(default="", description="Where calls out are sent: host or host:port.")
    sip_provider: f.Label = Field(default="", description="Who runs that address; informative.")
    transport: Transport = Field(default="auto", description="SIP transport; needed where the address has a port.")
    auth_username: f.Username = Field(default="", description="User for calls out.")
    auth_password: SecretShape = Field(default=ABSENT, description="Password for calls out; never a literal.")
    inbound_auth: bool = Field(default=False, description="Challenge callers for the same user and password.")


class RecordingShape(Shape):
    """What the carrier's trunk records; both directions, for it knows no other choice."""

    mode: RecordingMode = Field(default="do-not-record", description="From when on, in one channel or in two (dual).")
    trim: RecordingTrim = Field(default="do-not-trim", description="Whether silence is cut out.")


class TrunkShape(_SipShape, LiveKitShape):
    """A connection shared by lines, or brought along."""

    provider: Provider = Field(description="Who runs it.")
    domain_name: f.DomainName = Field(default="", description=_owned("domain_name", "Termination domain."))
    allowed_addresses: list[f.Network] = Field(
        default_factory=list,
        max_length=_MANY,
        description="IP addresses and networks that may call in; none means all.",
    )
    media_encryption: MediaEncryption = Field(default="disable", description="SRTP.")
    headers: dict[str, f.Value] = Field(default_factory=dict, description="SIP headers that LiveKit adds.")
    shared: bool = Field(default=False, description="Its lines share one LiveKit trunk per direction and one rule.")
    owner: f.StackName = Field(default="", description="Stack that makes it; needed once the fleet has two stacks.")
    adopt: bool = Field(default=False, description="Take over an existing trunk that carries no tag of ours.")
    renamed_from: f.TrunkName = Field(default="", description="The trunk's former name.")
    transfer_mode: TransferMode = Field(
        default="enable-all", description=_owned("transfer_mode", "Where a call may be handed over to, by SIP REFER.")
    )
    transfer_caller_id: TransferCallerId = Field(
        default="from-transferee",
        description=_owned("transfer_caller_id", "Whose number a call that is handed over shows."),
    )
    fallback: f.Fallback = Field(
        default="",
        description="Where calls go that LiveKit, or the agent, does not take: a SIP URI, or a URL that gives TwiML.",
    )
    ip_access_control_lists: list[f.AddressListSid] = Field(
        default_factory=list,
        max_length=_LISTS,
        description=_owned("ip_access_control_lists", "Lists of the addresses that may call out over it."),
    )
    disaster_recovery_url: f.HttpsUrl = Field(
        default="",
        description=_owned("disaster_recovery_url", "TwiML for calls that no origination URL takes."),
    )
    disaster_recovery_method: HttpMethod = Field("POST", description=_owned("disaster_recovery_method", "Its verb."))
    cnam_lookup_enabled: bool = Field(
        default=False, description=_owned("cnam_lookup_enabled", "Look up the caller's name; charged for each call.")
    )
    recording: RecordingShape = Field(
        default=ABSENT, description=_owned("recording", "Record its calls, which is charged; the law may ask consent.")
    )


class CommonShape(LiveKitShape):
    """The keys that a line has, and `defaults` too."""

    provider: Provider = Field(
        default=ABSENT, description="Carrier, or custom for a SIP trunk that no carrier API manages."
    )
    country: f.Country = Field(default=ABSENT, description="Country of searches; a number's own country is known.")
    agent: AgentIds = Field(
        default="", description="Key under `agents` of who answers; a list of several, the first of whom says the room."
    )
    label: f.Label = Field(default="", description="Name for people.")
    tags: dict[f.Label, f.Value] = Field(default_factory=dict, description="Free texts for reports.")
    inbound: bool = Field(default=True, description="Calls come in.")
    outbound: bool = Field(default=True, description="Calls go out.")
    krisp_enabled: bool = Field(default=False, description="Noise cancellation of callers.")
    allowed_callers: list[f.PhoneNumber] = Field(
        default_factory=list, max_length=_MANY, description="Numbers that may call in; none means all."
    )
    allowed_addresses: list[f.Network] = Field(
        default_factory=list, max_length=_MANY, description="Replaces the trunk's list of who may call in."
    )
    media_encryption: MediaEncryption = Field(default=ABSENT, description="SRTP; default the trunk's.")
    headers: dict[str, f.Value] = Field(default_factory=dict, description="SIP headers, over those of the trunk.")
    attributes: dict[f.Label, f.Value] = Field(
        default_factory=dict, description="Attributes of the caller's LiveKit participant."
    )
    max_call_duration: f.CallSeconds = Field(default=ABSENT, description="Seconds; default LiveKit's.")
    ringing_timeout: f.RingSeconds = Field(default=ABSENT, description="Seconds; default LiveKit's.")
    stacks: list[f.StackName] = Field(
        default_factory=list, max_length=_MANY, description="Stacks that hold the line; needed once there are two."
    )


class DefaultsShape(CommonShape):
    """Values of lines that do not give their own; a line's value replaces the default as a whole."""

    fallback: f.Fallback = Field(default="", description="That of the trunks that give none.")


class LineShape(CommonShape, _SipShape):
    """One phone number and the way of its calls."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["phone_number"]}, {"required": ["called_number"]}, {"required": ["search"]}]
        },
    )

    phone_number: f.PhoneNumber = Field(default=ABSENT, description='E.164, quoted: "+16505551234".')
    called_number: f.CalledNumber = Field(
        default="", description="An extension, or a number as its SIP host writes it; of custom lines alone."
    )
    search: SearchShape = Field(default=ABSENT, description="What to look for, instead of a number.")
    trunk: f.TrunkName = Field(default="", description="Key under `trunks`; needed where the provider has several.")
    callers: dict[f.CallersName, CallersShape] = Field(default_factory=dict, description="Callers whom others answer.")
    address_sid: f.AddressSid = Field(default="", description=_owned("address_sid", "Address that the purchase names."))
    bundle_sid: f.BundleSid = Field(
        default="", description=_owned("bundle_sid", "Regulatory bundle that the purchase names.")
    )
    emergency_address_sid: f.AddressSid = Field(
        default="", description=_owned("emergency_address_sid", "Address that emergency services are told.")
    )
    status_callback: f.CallbackUrl = Field(default="", description=_owned("status_callback", "URL told of its calls."))
    status_callback_method: HttpMethod = Field("POST", description=_owned("status_callback_method", "Its verb."))
    adopt: bool = Field(default=False, description="Take over a number that the account has already; never buys.")
    removal: Removal = Field(default="protect", description="What an applied removal of the line does with the number.")
    repurchase: bool = Field(default=False, description="Buy the same number again after it vanished at the carrier.")
    clear_emergency_address: bool = Field(
        default=False,
        description=_owned("clear_emergency_address", "Take a number's emergency address off before its release."),
    )
    give_up: f.PhoneNumber = Field(
        default=ABSENT, description="A number that was ordered and never came; the line may have another."
    )
    ported_from: Seller = Field(default=ABSENT, description="The carrier from which its number was ported.")
    renamed_from: f.LineName = Field(default="", description="The line's former name.")
    verify: f.Command = Field(default="", description="Command that runs after the line is wired.")


class AcceptedShape(Shape):
    """Something foreign beside our lines that is meant to be there."""

    id: f.VendorId = Field(description="Id of the foreign object, as previews name it.")
    reason: f.Reason = Field(description="Why it may stand there; the audit lists it.")
    stacks: list[f.StackName] = Field(
        default_factory=list, max_length=_MANY, description="Stacks beside whose lines it stands; none means all."
    )


class InventoryShape(Shape):
    """The phone numbers of LiveKit voice agents, as code."""

    version: f.Version = Field(description="Version of this format.")
    guard: GuardShape = Field(default=GuardShape(), description="Limits of one update.")
    defaults: DefaultsShape = Field(default=DefaultsShape(), description="Values of lines that give none.")
    agents: dict[f.AgentId, AgentShape] = Field(default_factory=dict, description="Who can answer, by key.")
    trunks: dict[f.TrunkName, TrunkShape] = Field(default_factory=dict, description="Connections, by name.")
    accepted: list[AcceptedShape] = Field(
        default_factory=list,
        max_length=_MANY,
        description="What stands beside our lines on purpose, so that previews do not name it.",
    )
    numbers: dict[f.LineName, LineShape] = Field(description="Lines, by name.")


class PartShape(Shape):
    """A part of the inventory: a file of the folder `numbers.d` beside `numbers.yaml`."""

    agents: dict[f.AgentId, AgentShape] = Field(default_factory=dict, description="Who can answer, by key.")
    trunks: dict[f.TrunkName, TrunkShape] = Field(default_factory=dict, description="Connections, by name.")
    numbers: dict[f.LineName, LineShape] = Field(default_factory=dict, description="Lines, by name.")


_NOT_SAID: tuple[object, ...] = (None, "", [])


def json_schema(kind: type[Shape] = InventoryShape) -> dict[str, Any]:
    """Give the schema of an inventory, or of a part, JSON Schema draft 2020-12."""
    title = "Trunkline inventory" if kind is InventoryShape else "Part of a Trunkline inventory"
    schema = _tidy(kind.model_json_schema())
    for entry in (AgentShape, TrunkShape, LineShape):
        properties = schema["$defs"][entry.__name__]["properties"]
        same = {key: {"$ref": f"#/$defs/{entry.__name__}/properties/{key}"} for key in properties}
        properties[by_stack.KEY] = {
            "description": "Values that one stack has otherwise, by stack.",
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "properties": {key: value for key, value in same.items() if key not in by_stack.NOT_BY_STACK},
            },
        }
    return {"$schema": GenerateJsonSchema.schema_dialect, "title": title, **schema}


def schema_text(kind: type[Shape] = InventoryShape) -> str:
    """Give the file's content."""
    return json.dumps(json_schema(kind), indent=2, sort_keys=True) + "\n"


def _tidy(node: Any) -> Any:
    """Drop what says nothing (titles made of key names, defaults that stand for absence) and close keyed mappings."""
    if isinstance(node, list):
        return [_tidy(item) for item in node]
    if not isinstance(node, dict):
        return node
    tidy = {
        key: {name: _tidy(item) for name, item in value.items()} if key in ("properties", "$defs") else _tidy(value)
        for key, value in node.items()
        if not (key == "title" and isinstance(value, str))
        and not (key == "default" and (value in _NOT_SAID or isinstance(value, dict)))
    }
    return tidy | ({"additionalProperties": False} if "patternProperties" in tidy else {})
