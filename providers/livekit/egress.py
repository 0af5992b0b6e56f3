"""What a rule's rooms record, as two properties: what a reader may see, and the secrets in it by their place.

Every message of LiveKit's egress is read and written by its own descriptor. What the protocol marks as secret is one,
and so is the URL of a stream, which holds its key (livekit-protocol 1.1.29).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from livekit.protocol.room import RoomEgress

from providers.livekit.convert import Field, Fields
from trunkline.model.egress import HIDDEN, SECRETS, SHOWN

_MARK, _MARKED = "logger.sensitivity", "SENSITIVITY_SECRET"
_URLS = frozenset({"StreamOutput.urls", "StreamDestination.url"})
# LiveKit puts the name of the call's room there as the recording starts (livekit-server 1.13.5, roommanager.go).
_ITS_OWN = frozenset({"RoomCompositeEgressRequest.room_name"})
# LiveKit's name of a field, where it is not snake case -> ours.
_NAMES: Mapping[str, str] = {"aliOSS": "ali_oss"}
_Path = tuple[str, ...]
# A FieldDescriptor: protobuf's own types say of each part of it that it may be missing.
_FieldOf = Any


@cache
def is_secret(field: _FieldOf) -> bool:
    """Whether nobody may read what stands in a field."""
    marks = ((mark, value) for mark, value in field.GetOptions().ListFields() if mark.full_name == _MARK)
    marked = any(mark.enum_type.values_by_number[value].name == _MARKED for mark, value in marks)
    return marked or _called(field) in _URLS


def key(field: _FieldOf) -> str:
    """Give what the file calls a field, "" where LiveKit itself fills it in."""
    return "" if _called(field) in _ITS_OWN else _NAMES.get(field.name, field.name)


def words(field: _FieldOf) -> dict[str, int]:
    """Give the words of an enum's field: LiveKit's, in small letters and without what all of them begin or end with."""
    return {_word(value.name): value.number for value in field.enum_type.values}


def _word(name: str) -> str:
    word = name.lower().removesuffix("_protocol")
    for prefix in ("ac_", "ic_", "image_suffix_"):
        word = word.removeprefix(prefix)
    return word


def _called(field: _FieldOf) -> str:
    return f"{field.containing_type.name}.{field.name}"


def _is_map(field: _FieldOf) -> bool:
    return bool(field.message_type and field.message_type.GetOptions().map_entry)


def _is_repeated(field: _FieldOf) -> bool:
    """Whether a field has items. By what it is without any, since no name for it is in protobuf 5 as in 7."""
    return isinstance(field.default_value, list)


def _shown(message: Any, path: _Path, secrets: dict[str, str]) -> dict[str, Any]:
    """Give what a message says, and put its secrets by their place into `secrets`."""
    said = {key(field): (field, value) for field, value in message.ListFields() if key(field)}
    return {name: _of_field(*said[name], (*path, name), secrets) for name in sorted(said)}


def _of_field(field: _FieldOf, value: Any, path: _Path, secrets: dict[str, str]) -> Any:
    if _is_map(field):
        return dict(sorted(value.items()))
    if _is_repeated(field):
        return [_of_value(field, item, (*path, str(index)), secrets) for index, item in enumerate(value)]
    return _of_value(field, value, path, secrets)


def _of_value(field: _FieldOf, value: Any, path: _Path, secrets: dict[str, str]) -> Any:
    if field.message_type:
        return _shown(value, path, secrets)
    if is_secret(field):
        secrets[".".join(path)] = value
        return HIDDEN
    if field.enum_type:
        known = field.enum_type.values_by_number.get(value)
        return _word(known.name) if known else str(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _say(message: Any, shown: Mapping[str, Any], path: _Path, secrets: Mapping[str, str]) -> None:
    """Make a message say it, with a secret from `secrets` in each place that has one."""
    for field in message.DESCRIPTOR.fields:
        if (name := key(field)) in shown and name:
            _say_field(message, field, shown[name], (*path, name), secrets)


def _say_field(message: Any, field: _FieldOf, value: Any, path: _Path, secrets: Mapping[str, str]) -> None:
    if _is_map(field):
        getattr(message, field.name).update(value)
    elif _is_repeated(field):
        _say_items(getattr(message, field.name), field, value, path, secrets)
    elif field.message_type:
        inner = getattr(message, field.name)
        inner.SetInParent()
        _say(inner, value, path, secrets)
    else:
        setattr(message, field.name, _scalar(field, value, path, secrets))


def _say_items(items: Any, field: _FieldOf, value: Sequence[Any], path: _Path, secrets: Mapping[str, str]) -> None:
    for index, item in enumerate(value):
        at = (*path, str(index))
        if field.message_type:
            _say(items.add(), item, at, secrets)
        else:
            items.append(_scalar(field, item, at, secrets))


def _scalar(field: _FieldOf, value: Any, path: _Path, secrets: Mapping[str, str]) -> Any:
    if is_secret(field):
        return secrets.get(".".join(path), "")
    return words(field)[value] if field.enum_type else value


def _read(room: Any) -> dict[str, Any]:
    return _shown(room.egress, (), {})


def _read_secrets(room: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    _shown(room.egress, (), found)
    return dict(sorted(found.items()))


def _write(room: Any, value: Mapping[str, Any]) -> None:
    """Secrets that stand in a place which has one still, stay."""
    _replace(room, value, _read_secrets(room))


def _write_secrets(room: Any, value: Mapping[str, str]) -> None:
    """Where what is shown changes too it is written first, so that each secret has its place."""
    if value:
        _replace(room, _read_with_places(room, value), value)


def _read_with_places(room: Any, secrets: Mapping[str, str]) -> Mapping[str, Any]:
    """Give what is shown, with a place for each of these secrets, which may be empty yet."""
    shown = _read(room)
    for place in secrets:
        *outer, last = place.split(".")
        at: Any = shown
        for part in outer:
            at = at[int(part)] if isinstance(at, list) else at[part]
        if isinstance(at, dict):
            at[last] = HIDDEN
    return shown


def _replace(room: Any, value: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
    name = room.egress.room.room_name
    room.ClearField("egress")
    if not value:
        return
    made = RoomEgress()
    _say(made, value, (), secrets)
    if name and made.HasField("room"):
        made.room.room_name = name
    room.egress.CopyFrom(made)


EGRESS: Fields = {SHOWN: Field(_read, _write), SECRETS: Field(_read_secrets, _write_secrets)}
