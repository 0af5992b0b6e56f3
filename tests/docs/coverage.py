"""docs/coverage.md: what each field of LiveKit's telephony, and of the carriers', is here.

`python -m tests.docs.coverage` writes it anew. The fields are those of the installed livekit-protocol; `FATES` says
of each what we do with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from livekit.protocol.agent_dispatch import RoomAgentDispatch
from livekit.protocol.room import RoomConfiguration
from livekit.protocol.sip import (
    SIPCodec,
    SIPDispatchRule,
    SIPDispatchRuleCallee,
    SIPDispatchRuleDirect,
    SIPDispatchRuleIndividual,
    SIPDispatchRuleInfo,
    SIPInboundTrunkInfo,
    SIPMediaConfig,
    SIPOutboundTrunkInfo,
)

from tests.docs import egress_coverage
from tests.docs.carrier_coverage import sections
from trunkline.inventory.shapes.schema import json_schema

PAGE = Path(__file__).parents[2] / "docs" / "coverage.md"
MESSAGES: tuple[Any, ...] = (
    SIPInboundTrunkInfo,
    SIPOutboundTrunkInfo,
    SIPDispatchRuleInfo,
    SIPDispatchRule,
    SIPDispatchRuleDirect,
    SIPDispatchRuleIndividual,
    SIPDispatchRuleCallee,
    RoomConfiguration,
    RoomAgentDispatch,
    SIPMediaConfig,
    SIPCodec,
)
# Those of the telephony, and of what a call's room records.
DESCRIPTORS: tuple[Any, ...] = (*(one.DESCRIPTOR for one in MESSAGES), *egress_coverage.DESCRIPTORS.values())
WRITTEN, KEPT = "✔", "kept"
_ID = (KEPT, "LiveKit gives it, and takes none on create (livekit/protocol `livekit/sip.go`, 2026-08-22)")
_MADE = (KEPT, "LiveKit Cloud sets it, the open server does not (livekit-server 1.13.5)")
_OLD = (WRITTEN, "`media_encryption`; deprecated by LiveKit, written for servers that read this field alone")
_TAG = (WRITTEN, "the tag that says whose the trunk is")
_MESSAGE = (WRITTEN, "see below")


def _key(text: str) -> tuple[str, str]:
    return WRITTEN, text


_TRUNK: Mapping[str, tuple[str, str]] = {
    "sip_trunk_id": _ID,
    "name": _key("`label`"),
    "metadata": _TAG,
    "numbers": _key("`phone_number`, `search`"),
    "headers": _key("`headers`"),
    "headers_to_attributes": _key("`headers_to_attributes`"),
    "attributes_to_headers": _key("`attributes_to_headers`"),
    "include_headers": _key("`include_headers`"),
    "media_encryption": _OLD,
    "media": _MESSAGE,
    "created_at": _MADE,
    "updated_at": _MADE,
}
# Message -> field -> what becomes of it, and the key or the reason.
FATES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "SIPInboundTrunkInfo": {
        **_TRUNK,
        "allowed_addresses": _key("`allowed_addresses`"),
        "allowed_numbers": _key("`allowed_callers`"),
        "auth_username": _key("`auth_username` with `inbound_auth`"),
        "auth_password": _key("`auth_password` with `inbound_auth`"),
        "auth_realm": _key("`auth_realm`"),
        "ringing_timeout": _key("`ringing_timeout`; 15 with a [`fallback`](numbers-yaml.md#fallback)"),
        "ringing_timeout_status": _key("`ringing_timeout_status`; 503 with a [`fallback`](numbers-yaml.md#fallback)"),
        "max_call_duration": _key("`max_call_duration`"),
        "krisp_enabled": _key("`krisp_enabled`"),
    },
    "SIPOutboundTrunkInfo": {
        **_TRUNK,
        "address": _key("`sip_address`, or the carrier's"),
        "destination_country": _key("`destination_country`"),
        "transport": _key("`transport`"),
        "auth_username": _key("`auth_username`"),
        "auth_password": _key("`auth_password`"),
        "from_host": _key("`from_host`"),
    },
    "SIPDispatchRuleInfo": {
        "sip_dispatch_rule_id": _ID,
        "rule": _MESSAGE,
        "trunk_ids": _key("the line's inbound trunk"),
        "hide_phone_number": _key("`hide_phone_number`"),
        "inbound_numbers": (
            WRITTEN,
            "`callers`, for the rules of its entries; emptied in a line's own rule, since LiveKit drops those whom no"
            " rule takes with 486 (livekit/protocol sip/sip.go, 2026-08-22). Left to a line that adopts",
        ),
        "numbers": (
            WRITTEN,
            "emptied: rules compare it letter by letter, so a carrier that sends no plus misses it (livekit/protocol"
            " sip/sip.go, 2026-08-22), and a rule of ours names its trunk. Left to a line that adopts",
        ),
        "name": (WRITTEN, "the tag that says whose the rule is"),
        "metadata": _key("a line's `metadata`"),
        "attributes": _key("a line's `attributes`"),
        "room_preset": _key("`room_preset`"),
        "room_config": _MESSAGE,
        "media": _MESSAGE,
        "krisp_enabled": _key("an agent's `krisp_enabled`"),
        "media_encryption": _OLD,
        "created_at": _MADE,
        "updated_at": _MADE,
    },
    "SIPDispatchRule": {
        "dispatch_rule_direct": _key("`room`"),
        "dispatch_rule_individual": _key("without `room`"),
        "dispatch_rule_callee": _key("`dispatch_rule: callee`"),
    },
    "SIPDispatchRuleDirect": {"room_name": _key("`room`"), "pin": _key("`pin`")},
    "SIPDispatchRuleIndividual": {
        "room_prefix": _key("`room_prefix`"),
        "pin": _key("`pin`"),
        "no_randomness": _key("`no_randomness`"),
    },
    "SIPDispatchRuleCallee": {
        "room_prefix": _key("`room_prefix`"),
        "pin": _key("`pin`"),
        "randomize": _key("`randomize`"),
    },
    "RoomConfiguration": {
        **{
            name: _key(f"`room_config.{name}`")
            for name in (
                "name", "empty_timeout", "departure_timeout", "max_participants", "metadata", "min_playout_delay",
                "max_playout_delay", "sync_streams", "tags",
            )
        },
        "egress": _MESSAGE,
        "agents": _MESSAGE,
    },
    "RoomAgentDispatch": {
        "agent_name": _key("`agent_name`"),
        "metadata": _key("an agent's `metadata`"),
        "restart_policy": _key("`restart_policy`"),
        "deployment": _key("`deployment`"),
        "attributes": _key("an agent's `attributes`"),
    },
    "SIPMediaConfig": {
        "only_listed_codecs": _key("`media.only_listed_codecs`"),
        "codecs": _MESSAGE,
        "encryption": _key("`media_encryption`"),
        "media_timeout": _key("`media.media_timeout`"),
    },
    "SIPCodec": {"name": _key("`media.codecs`"), "rate": _key("`media.codecs`")},
    **egress_coverage.FATES,
}  # fmt: skip
HEAD = """\
# Coverage

What each field of LiveKit's telephony is here, and [of the carriers'](#the-carriers). The fields are those of
livekit-protocol {version}; a test fails for
one that this page lacks. ✔: it has a key in [numbers.yaml](numbers-yaml.md). Kept: no key is for it, and every update
leaves it as it stands, as it does with fields that the installed protocol does not know.
"""


def unknown_keys(fates: Mapping[str, Mapping[str, tuple[str, str]]]) -> set[str]:
    """Give the keys that a part of the page names for what is written, and that the file does not have."""
    known = {key for shape in json_schema()["$defs"].values() for key in shape["properties"]}
    texts = (text for fields in fates.values() for fate, text in fields.values() if fate == WRITTEN)
    return {part for text in texts for key in re.findall(r"`([a-z_0-9.]+)", text) for part in key.split(".")} - known


def fields(message: Any) -> list[str]:
    return [field.name for field in message.fields]


def page() -> str:
    """Give the page."""
    parts = [HEAD.format(version=version("livekit-protocol"))]
    for message in DESCRIPTORS:
        fates = FATES[message.name]
        rows = (f"| `{name}` | {fates[name][0]} | {fates[name][1]} |" for name in fields(message))
        parts.append("\n".join((f"## {message.name}\n", "| field | | |", "|---|---|---|", *rows)) + "\n")
    return "\n".join((*parts, *sections()))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
