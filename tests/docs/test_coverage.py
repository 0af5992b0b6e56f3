"""docs/coverage.md has every field of the installed livekit-protocol, and what it calls writable is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from google.protobuf.message import Message
from livekit.protocol.room import RoomEgress
from livekit.protocol.sip import SIPDispatchRuleInfo, SIPInboundTrunkInfo, SIPOutboundTrunkInfo, SIPStatusCode
from pydantic import ValidationError

from providers.kinds import KINDS
from providers.livekit import egress
from providers.livekit.convert import INBOUND, OUTBOUND, RULE, Fields, overlay
from providers.livekit.options import INBOUND_OPTIONS, OUTBOUND_OPTIONS, RULE_OPTIONS
from tests.docs.coverage import DESCRIPTORS, FATES, PAGE, WRITTEN, fields, page, unknown_keys
from trunkline.inventory.shapes.egress import EgressShape
from trunkline.inventory.shapes.sip import STATUSES
from trunkline.model.egress import HIDDEN, filled

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
    "egress": {},
    "egressSecrets": {},
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
    assert {one.name: sorted(FATES[one.name]) for one in DESCRIPTORS} == {
        one.name: sorted(fields(one)) for one in DESCRIPTORS
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
        | recorded()
    )
    ours = {
        (message, field) for message, fates in FATES.items() for field, (fate, _) in fates.items() if fate == WRITTEN
    }
    assert {one for one in found if not one[0].endswith("Entry") and one[0] != "Duration"} == ours


def recorded() -> set[tuple[str, str]]:
    """Give (message, field) of all that can be written of a recording; each sample has one field more than none."""
    write = RULE_OPTIONS["egress"].write
    found: set[tuple[str, str]] = set()
    for sample in samples(RoomEgress.DESCRIPTOR):
        rule = SIPDispatchRuleInfo()
        write(rule, sample)
        secrets = rule_secrets(sample)
        RULE_OPTIONS["egressSecrets"].write(rule, secrets)
        assert (RULE_OPTIONS["egress"].read(rule), RULE_OPTIONS["egressSecrets"].read(rule)) == (sample, secrets)
        found |= set(_set_in(rule.room_config.egress)) | {("RoomConfiguration", "egress")}
    return found


def samples(message: Any) -> Iterator[dict[str, Any]]:
    """Give a value for each field of a message, and for each of the messages in it."""
    for field in message.fields:
        if name := egress.key(field):
            yield from ({name: [value] if many(field) else value} for value in values(field))


def many(field: Any) -> bool:
    return bool(field.is_repeated and not is_map(field))


def is_map(field: Any) -> bool:
    return bool(field.message_type and field.message_type.GetOptions().map_entry)


def values(field: Any) -> Iterator[Any]:
    if is_map(field):
        yield {"a": "b"}
    elif field.message_type:
        yield from ({}, *samples(field.message_type))
    elif egress.is_secret(field):
        yield HIDDEN
    elif field.enum_type:
        yield from (word for word, number in egress.words(field).items() if number)
    else:
        yield {field.TYPE_STRING: "x", field.TYPE_BOOL: True, field.TYPE_DOUBLE: 2.5}.get(field.type, 7)


def rule_secrets(shown: Any, path: tuple[str, ...] = ()) -> dict[str, str]:
    if shown == HIDDEN:
        return {".".join(path): "canary"}
    items = shown.items() if isinstance(shown, dict) else enumerate(shown) if isinstance(shown, list) else ()
    return {at: one for key, item in items for at, one in rule_secrets(item, (*path, str(key))).items()}


def test_every_word_and_key_of_a_recording_is_one_of_the_file() -> None:
    found = set()
    for sample in samples(RoomEgress.DESCRIPTOR):
        found |= refusals(filled(sample, {place: {"secret": "a"} for place in rule_secrets(sample)}))
    # A sample has one field, so it may lack an output.
    assert found == {"egress"}


def refusals(given: dict[str, Any]) -> set[str]:
    try:
        EgressShape.model_validate(given)
    except ValidationError as error:
        return {str(each.get("ctx", {}).get("rule", each["type"])) for each in error.errors()}
    return set()


def test_every_key_of_the_page_exists() -> None:
    assert unknown_keys(FATES) == set()


def test_every_status_of_the_protocol_that_refuses_a_call_can_be_written() -> None:
    assert {number for number in SIPStatusCode.values() if number >= 400} == STATUSES


def test_every_property_that_is_written_only_where_named_has_its_field() -> None:
    tables = {"InboundTrunk": INBOUND_OPTIONS, "OutboundTrunk": OUTBOUND_OPTIONS, "DispatchRule": RULE_OPTIONS}
    assert {kind: sorted(table) for kind, table in tables.items()} == {
        kind: sorted(KINDS[kind].optional) for kind in tables
    }
