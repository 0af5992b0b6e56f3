"""The egress's part of docs/coverage.md: what each field of what rooms record is here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from livekit.protocol.room import RoomEgress

from providers.livekit import egress

_FILLED = (
    "kept",
    "LiveKit puts the name of the call's room there as the recording starts (livekit-server 1.13.5, roommanager.go)",
)


def _collect(message: Any, found: dict[str, Any]) -> dict[str, Any]:
    found[message.name] = message
    for field in message.fields:
        inner = field.message_type
        if inner is not None and not inner.GetOptions().map_entry and inner.name not in found:
            _collect(inner, found)
    return found


# Message of LiveKit's -> its descriptor, of all that a rule's egress holds.
DESCRIPTORS: Mapping[str, Any] = _collect(RoomEgress.DESCRIPTOR, {})


def _fate(field: Any) -> tuple[str, str]:
    if not egress.key(field):
        return _FILLED
    key = f"`{'room_config.egress.' if field.containing_type is RoomEgress.DESCRIPTOR else ''}{egress.key(field)}`"
    if field.message_type and not field.message_type.GetOptions().map_entry:
        return "✔", f"{key}, see below"
    return "✔", f"{key}, a config secret" if egress.is_secret(field) else key


FATES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    name: {field.name: _fate(field) for field in message.fields} for name, message in DESCRIPTORS.items()
}
