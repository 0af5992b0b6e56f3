"""docs/coverage.md has every field of the installed livekit-protocol, and what it calls writable is written."""

from __future__ import annotations

from typing import Any

from google.protobuf.message import Message
from livekit.protocol.sip import SIPDispatchRuleInfo, SIPInboundTrunkInfo, SIPOutboundTrunkInfo, SIPStatusCode

from providers.kinds import KINDS
from providers.livekit.convert import INBOUND, OUTBOUND, RULE, Fields, overlay
from providers.livekit.options import INBOUND_OPTIONS, OUTBOUND_OPTIONS, RULE_OPTIONS
from tests.docs.coverage import FATES, MESSAGES, PAGE, WRITTEN, fields, page, unknown_keys
from trunkline.inventory.sip import STATUSES

SAMPLES: dict[str, Any] = {
    **{name: ["a"] for name in ("numbers", "allowedAddresses", "allowedNumbers", "trunkIds")},
    **{
        name: {"desk": "x"}
        for name in ("headers", "attributes", "headersToAttributes", "attributesToHeaders", "roomTags")
    },
    **dict.fromkeys(("maxCallDuration", "ringingTimeout", "mediaTimeout", "ringingTimeoutStatus"), 480),
    **dict.fromkeys(("emptyTimeout", "departureTimeout", "maxParticipants", "minPlayoutDelay", "maxPlayoutDelay"), 3),
    **dict.fromkeys(
        ("krispEnabled", "onlyListedCodecs", "hidePhoneNumber", "noRandomness", "randomize", "syncStreams"), True
    ),
    "mediaEncryption": "require",
    "transport": "tls",
    "includeHeaders": "all",
    "codecs": [{"name": "PCMU", "rate": 8000}],
    "agents": [{"agentName": "desk", "metadata": "m"}],
    "agentAttributes": {"desk": {"a": "b"}},
    "agentDeployments": {"desk": "staging"},
    "agentRestartPolicies": {"desk": "never"},
}
FORMS = {"roomName", "calleePrefix"}


def written(fields: Fields, message: Message, *without: str) -> set[tuple[str, str]]:
    """Give (message, field) of all that a table of properties can write."""
    sample = {name: SAMPLES.get(name, "x") for name in fields if name not in without}
    return set(_set_in(overlay(fields, message, sample)))


def _set_in(message: Any) -> list[tuple[str, str]]:
    found = []
    for field, value in message.ListFields():
        found.append((message.DESCRIPTOR.name, field.name))
        inner = value if isinstance(value, Message) else next(iter(value), None) if hasattr(value, "__len__") else None
        if isinstance(inner, Message):
            found += _set_in(inner)
    return found


def test_every_field_of_the_protocol_has_its_row_and_no_other() -> None:
    assert {one.DESCRIPTOR.name: sorted(FATES[one.DESCRIPTOR.name]) for one in MESSAGES} == {
        one.DESCRIPTOR.name: sorted(fields(one)) for one in MESSAGES
    }


def test_the_page_is_the_generated_one() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_what_is_called_writable_is_written_and_nothing_else_is() -> None:
    rule = {**RULE, **RULE_OPTIONS}
    callee_first = {name: rule[name] for name in sorted(rule, key=lambda name: name not in FORMS | {"roomPrefix"})}
    found = (
        written({**INBOUND, **INBOUND_OPTIONS}, SIPInboundTrunkInfo())
        | written({**OUTBOUND, **OUTBOUND_OPTIONS}, SIPOutboundTrunkInfo())
        | written(callee_first, SIPDispatchRuleInfo(), "calleePrefix", "roomName")
        | written(callee_first, SIPDispatchRuleInfo(), "roomPrefix", "roomName")
        | written(callee_first, SIPDispatchRuleInfo(), "roomPrefix", "calleePrefix")
    )
    ours = {
        (message, field) for message, fates in FATES.items() for field, (fate, _) in fates.items() if fate == WRITTEN
    }
    assert {one for one in found if not one[0].endswith("Entry") and one[0] != "Duration"} == ours


def test_every_key_of_the_page_exists() -> None:
    assert unknown_keys(FATES) == set()


def test_every_status_of_the_protocol_that_refuses_a_call_can_be_written() -> None:
    assert {number for number in SIPStatusCode.values() if number >= 400} == STATUSES


def test_every_property_that_is_written_only_where_named_has_its_field() -> None:
    tables = {"InboundTrunk": INBOUND_OPTIONS, "OutboundTrunk": OUTBOUND_OPTIONS, "DispatchRule": RULE_OPTIONS}
    assert {kind: sorted(table) for kind, table in tables.items()} == {
        kind: sorted(KINDS[kind].optional) for kind in tables
    }
