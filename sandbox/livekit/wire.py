"""Messages to and from the two encodings of Twirp.

JSON in: protobuf's JSON, with field names in snake or camel case, unknown fields ignored. JSON out: as the real server
writes it, that is snake case with zero values, null for an absent message, and nothing for an unset `oneof` or
`optional` field (twirp v8.1.3, protojson with `UseProtoNames` and `EmitUnpopulated`).
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import DecodeError, Message

from sandbox.livekit.twirp import TwirpError

PROTOBUF = "application/protobuf"
AS_TEXT = frozenset({"google.protobuf.Duration", "google.protobuf.Timestamp"})
LONG = frozenset(
    {
        FieldDescriptor.TYPE_INT64,
        FieldDescriptor.TYPE_UINT64,
        FieldDescriptor.TYPE_SINT64,
        FieldDescriptor.TYPE_FIXED64,
        FieldDescriptor.TYPE_SFIXED64,
    }
)

M = TypeVar("M", bound=Message)


def decode(content_type: str, body: bytes, kind: type[M]) -> M:
    """Read a request; raises `TwirpError` with code `malformed`. Any other content type than `PROTOBUF` is JSON."""
    message = kind()
    try:
        if content_type == PROTOBUF:
            message.ParseFromString(body)
        else:
            document = json.loads(body.decode(), object_pairs_hook=_unique, parse_constant=_no_constant)
            _check_shape(document, message.DESCRIPTOR)
            json_format.ParseDict(document, message, ignore_unknown_fields=True)
    except (DecodeError, json_format.ParseError, ValueError, RecursionError) as error:
        encoding = "protobuf" if content_type == PROTOBUF else "json"
        raise TwirpError("malformed", f"the {encoding} request could not be decoded") from error
    return message


def encode(content_type: str, message: Message) -> bytes:
    """Write a response in the encoding that the request had."""
    if content_type == PROTOBUF:
        return message.SerializeToString()
    return json.dumps(to_json(message, zeros=True), separators=(",", ":"), ensure_ascii=False).encode()


def to_json(message: Message, *, zeros: bool) -> Any:
    """The JSON value of a message. Without `zeros`, what is not set is left out and `json_format` reads it back."""
    document: dict[str, Any] = {}
    for field in _fields(message.DESCRIPTOR):
        if field.presence and not message.HasField(field.name):
            if zeros and not field.optional:
                document[field.name] = None
            continue
        value = getattr(message, field.name)
        if zeros or field.presence or value:
            document[field.name] = field.write(value, zeros)
    return document


def from_json(document: Any, kind: type[M]) -> M:
    """The message of a JSON value; raises ValueError for an unknown field or a value of the wrong type."""
    message = kind()
    try:
        json_format.ParseDict(document, message)
    except json_format.ParseError as error:
        raise ValueError(str(error)) from error
    return message


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError("a key occurs twice")
    return document


def _no_constant(text: str) -> None:
    raise ValueError(f"{text} is not JSON")


def _check_shape(document: Any, descriptor: Any) -> None:
    """Refuse what `json_format` takes and protobuf for Go does not; raises ValueError.

    That is another value than an object for a message, and one field in both spellings.
    """
    if not isinstance(document, dict):
        raise ValueError(f"{descriptor.name} is an object")  # noqa: TRY004 - the caller's one error
    for field in _messages(descriptor):
        value = document.get(field.name, document.get(field.camelcase_name))
        if value is not None:
            _check_shape(value, field.message_type)
    if any(field.name in document and field.camelcase_name in document for field in _two_spellings(descriptor)):
        raise ValueError("a field occurs in both spellings")


@cache
def _messages(descriptor: Descriptor) -> tuple[FieldDescriptor, ...]:
    return tuple(
        field
        for field in descriptor.fields
        if field.message_type is not None and field.default_value != [] and field.message_type.full_name not in AS_TEXT
    )


@cache
def _two_spellings(descriptor: Descriptor) -> tuple[FieldDescriptor, ...]:
    return tuple(field for field in descriptor.fields if field.name != field.camelcase_name)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    presence: bool
    optional: bool
    write: Callable[[Any, bool], Any]


@cache
def _fields(descriptor: Descriptor) -> tuple[_Field, ...]:
    return tuple(
        _Field(
            name=field.name,
            presence=field.has_presence,
            optional=field.containing_oneof is not None,
            write=_writer(field),
        )
        for field in descriptor.fields
    )


def _writer(field: FieldDescriptor) -> Callable[[Any, bool], Any]:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        value = _one(field.message_type.fields_by_name["value"])
        return lambda values, zeros: {str(key): value(values[key], zeros) for key in sorted(values)}
    one = _one(field)
    if field.default_value == []:  # a repeated field, in every version of protobuf for Python
        return lambda values, zeros: [one(item, zeros) for item in values]
    return one


def _one(field: FieldDescriptor) -> Callable[[Any, bool], Any]:
    if field.message_type is not None:
        if field.message_type.full_name in AS_TEXT:
            return lambda value, zeros: value.ToJsonString()
        return lambda value, zeros: to_json(value, zeros=zeros)
    if field.enum_type is not None:
        names = field.enum_type.values_by_number
        return lambda value, zeros: names[value].name if value in names else value
    if field.type in LONG:
        return lambda value, zeros: str(value)
    if field.type == FieldDescriptor.TYPE_BYTES:
        return lambda value, zeros: base64.b64encode(value).decode()
    return lambda value, zeros: value
