"""The keys of numbers.yaml that are fields of LiveKit's trunks, dispatch rules and agents' dispatch.

They have LiveKit's names in snake case. One that is named nowhere is not written (`trunkline.model.options`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import ConfigDict, Field, ValidationError, WithJsonSchema, WrapValidator, create_model

from trunkline.inventory.shapes import fields as f
from trunkline.inventory.shapes import sip
from trunkline.inventory.shapes.egress import EgressShape
from trunkline.inventory.shapes.fields import ABSENT, SecretShape, Shape, refused
from trunkline.model.entries import DispatchForm, IncludedHeaders, MediaEncryption, RestartPolicy

_MOST_AGENTS, _MOST_CALLERS = 16, 1000
Next = Callable[[Any], Any]


def _one_or_more(value: Any, text: Next) -> Any:
    """An agent's key, or a list of several, each once."""
    if not isinstance(value, list):
        return text(value)
    if not 1 <= len(value) <= _MOST_AGENTS or len(set(map(str, value))) < len(value):
        message = f"this is no list of 1 to {_MOST_AGENTS} agents, each once"
        raise refused("agents", message, "write keys of `agents`, such as [desk, scribe]")
    for key in value:
        text(key)
    return value


def _text_or_object(value: Any, mapping: Next) -> Any:
    return value if isinstance(value, str) else mapping(value)


def _pin(value: Any, text: Next) -> Any:
    if not isinstance(value, dict):
        return text(value)
    try:
        return SecretShape.model_validate(value)
    except ValidationError:
        raise refused(
            "pin", "this names no config secret", "write {secret: somePin}, or the digits in quotes"
        ) from None


def _known_status(value: Any, number: Next) -> Any:
    status = number(value)
    if status not in sip.STATUSES:
        raise refused("status", f"{status} is no SIP status that LiveKit knows", "write 480, 486 or 503, say")
    return status


_TEXT_OR_OBJECT = {"anyOf": [{"type": "object", "additionalProperties": True}, {"type": "string"}]}
_AGENT_SCHEMA = {"type": "string", "pattern": f"^{f.AGENT_ID.pattern}$"}
_SECRET_SCHEMA = {"type": "object", "required": ["secret"], "properties": {"secret": {"type": "string"}}}

AgentIds = Annotated[
    str,
    f.AGENT_ID,
    WrapValidator(_one_or_more),
    WithJsonSchema(
        {"anyOf": [_AGENT_SCHEMA, {"type": "array", "items": _AGENT_SCHEMA, "minItems": 1, "maxItems": _MOST_AGENTS}]}
    ),
]
AgentMetadata = Annotated[dict[str, Any], WrapValidator(_text_or_object), WithJsonSchema(_TEXT_OR_OBJECT)]
Pin = Annotated[
    str,
    f.Text("pin", r"[0-9]{1,32}", "a PIN", "write 1 to 32 digits in quotes, which callers can dial", quiet=True),
    WrapValidator(_pin),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": "^[0-9]{1,32}$"}, _SECRET_SCHEMA]}),
]
Status = Annotated[
    int, Field(ge=400, le=699), WrapValidator(_known_status), WithJsonSchema({"enum": sorted(sip.STATUSES)})
]
Realm = Annotated[str, f.Text("text", r"[ -~]{1,255}", "printable ASCII", "write at most 255 characters of it")]
Host = Annotated[
    str,
    f.Text("address", r"[A-Za-z0-9.-]{1,253}", "a host", "write the host alone, such as sip.example.com", f.host),
]
HeaderName = Annotated[
    str,
    f.Text("header", r"[A-Za-z0-9.!%*_+`'~-]{1,255}", "a header's name", "use letters, digits and hyphens: X-Account"),
]
AttributeName = Annotated[
    str,
    f.Text("attribute", r"(?!sip\.)[^\x00-\x1f\x7f]{1,128}", "an attribute of yours", "choose one that is not sip.…"),
]
RoomName = Annotated[
    str, f.Text("room", r"[A-Za-z0-9_.-]{1,128}", "a room's name", "use letters, digits, _, . and -: open-room")
]
Deployment = Annotated[
    str,
    f.Text("deployment", r"[A-Za-z0-9_.-]{1,63}", "a deployment's name", "use letters, digits, _, . and -: staging"),
]
CodecName = Annotated[
    str, f.Text("codec", r"[A-Za-z0-9_.-]{1,32}", "a codec's name", "write the name alone: PCMU, PCMA, G722")
]
LongText = Annotated[str, Field(max_length=65_536)]
Seconds = Annotated[int, Field(ge=1, le=86_400)]
Milliseconds = Annotated[int, Field(ge=0, le=60_000)]


class CodecShape(Shape):
    """A codec of calls."""

    name: CodecName = Field(description="Name, as in SDP: PCMU.")
    rate: Annotated[int, Field(ge=0, le=192_000)] = Field(default=0, description="Clock rate; 0 means the codec's own.")


class MediaShape(Shape):
    """How calls are heard; their encryption is `media_encryption`."""

    codecs: list[CodecShape] = Field(default_factory=list, max_length=32, description="Codecs, the preferred first.")
    only_listed_codecs: bool = Field(default=False, description="Take no other codec than those.")
    media_timeout: Annotated[int, Field(ge=1, le=600)] = Field(
        default=ABSENT, description="Seconds without media after which a call ends."
    )


class LiveKitShape(Shape):
    """Fields of LiveKit's trunks and rules, of a line, of `defaults` or of a trunk; a line's counts before others."""

    headers_to_attributes: dict[HeaderName, AttributeName] = Field(
        default_factory=dict, description="SIP header of a call -> attribute of its participant."
    )
    attributes_to_headers: dict[f.Label, HeaderName] = Field(
        default_factory=dict, description="Attribute of a participant -> SIP header."
    )
    include_headers: IncludedHeaders = Field(
        default="none", description="Which SIP headers of a call become attributes: none, those with X-, or all."
    )
    media: MediaShape = Field(default=ABSENT, description="Codecs and timeout of media.")
    ringing_timeout_status: Status = Field(
        default=ABSENT, description="SIP status that a call in gets once `ringing_timeout` has passed."
    )
    auth_realm: Realm = Field(default="", description="Realm of the challenge of `inbound_auth`.")
    destination_country: f.Country = Field(default="", description="Country that calls out go to.")
    from_host: Host = Field(default="", description="Host in the From header of calls out.")
    hide_phone_number: bool = Field(default=False, description="Leave the caller's number out of the room.")
    metadata: LongText = Field(default="", description="Metadata of the caller's LiveKit participant.")


class RoomConfigShape(Shape):
    """Settings of the room that a call makes."""

    name: RoomName = Field(default="", description="Name of the configuration.")
    empty_timeout: Seconds = Field(default=ABSENT, description="Seconds until a room that nobody joined ends.")
    departure_timeout: Seconds = Field(default=ABSENT, description="Seconds until a room that all left ends.")
    max_participants: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        default=ABSENT, description="Participants, agents among them."
    )
    metadata: LongText = Field(default="", description="Metadata of the room.")
    min_playout_delay: Milliseconds = Field(default=ABSENT, description="Least delay of playing, in milliseconds.")
    max_playout_delay: Milliseconds = Field(default=ABSENT, description="Most delay of playing, in milliseconds.")
    sync_streams: bool = Field(default=False, description="Keep sound and picture together.")
    tags: dict[f.Label, f.Value] = Field(default_factory=dict, description="Tags of the room.")
    egress: EgressShape = Field(default=ABSENT, description="What is recorded of the room, and where to.")


class AgentShape(Shape):
    """An agent that can answer, and the room that it is called into."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["agent_name"]}, {"required": ["automatic_dispatch"]}]}
    )

    agent_name: f.AgentName = Field(default="", description="Name under which the agent registers with LiveKit.")
    automatic_dispatch: bool = Field(
        default=False, description="Call nobody by name: agents that registered without one come by themselves."
    )
    metadata: AgentMetadata = Field(
        default_factory=dict, description="What the agent's job receives: a JSON object, or a text as it is."
    )
    attributes: dict[f.Label, f.Value] = Field(
        default_factory=dict, description="Attributes of the agent's own participant."
    )
    deployment: Deployment = Field(default="", description="Deployment of the agent, of LiveKit Cloud: staging.")
    restart_policy: RestartPolicy = Field(
        default="on_failure", description="Whether the agent is called again when its job fails."
    )
    room_prefix: f.RoomPrefix = Field(default="call-", description="Begin of the name of each call's room.")
    room: RoomName = Field(default="", description="The one room that all callers come into, in place of their own.")
    dispatch_rule: DispatchForm = Field(
        default="individual", description="A room for each caller, or one for the number called."
    )
    no_randomness: bool = Field(default=False, description="A caller's room has no random end.")
    randomize: bool = Field(default=False, description="The room of a number called has a random end.")
    pin: Pin = Field(default="", description="Digits that callers enter first.")
    krisp_enabled: bool = Field(default=False, description="Noise cancellation, by the rule.")
    media_encryption: MediaEncryption = Field(default="disable", description="SRTP, by the rule.")
    media: MediaShape = Field(default=ABSENT, description="Codecs and timeout of media, by the rule.")
    room_preset: f.Label = Field(default="", description="Preset of the room, of the LiveKit project.")
    room_config: RoomConfigShape = Field(default=ABSENT, description="Settings of the room.")


if TYPE_CHECKING:
    CallersShape = Shape
else:
    # Made so, since `from` is no name that a class can give a field.
    CallersShape = create_model(
        "CallersShape",
        __base__=Shape,
        __doc__="Some callers of a line, whom others answer.",
        __module__=__name__,
        **{
            "from": (
                list[f.PhoneNumber],
                Field(
                    max_length=_MOST_CALLERS,
                    description="Numbers of the callers; LiveKit compares them letter by letter.",
                ),
            ),
            "agent": (
                AgentIds,
                Field(description="Key under `agents` of who answers them; a list of several as on the line."),
            ),
        },
    )
