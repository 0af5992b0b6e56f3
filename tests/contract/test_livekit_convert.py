"""LiveKit's messages and our properties say the same, and what we do not manage is carried along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol.agent_dispatch import RoomAgentDispatch
from livekit.protocol.room import RoomConfiguration
from livekit.protocol.sip import (
    SIPDispatchRule,
    SIPDispatchRuleDirect,
    SIPDispatchRuleIndividual,
    SIPDispatchRuleInfo,
    SIPInboundTrunkInfo,
    SIPMediaConfig,
    SIPMediaEncryption,
    SIPOutboundTrunkInfo,
)

from providers.kinds import KINDS as FACTS
from providers.livekit.convert import INBOUND, OUTBOUND, RULE, RULE_ALSO, Fields, amend, overlay, to_props

text = st.text(st.characters(codec="utf-8"), max_size=12)
texts = st.lists(text, max_size=4).map(sorted)
pairs = st.dictionaries(text, text, max_size=3)
seconds = st.integers(0, 86_400)
agent = st.fixed_dictionaries({"agentName": text, "metadata": text})
agents = st.lists(agent, max_size=3).map(
    lambda found: sorted(found, key=lambda one: (one["agentName"], one["metadata"]))
)

VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("tag", "name", "authUsername", "authPassword", "address", "roomPrefix"), text),
    **dict.fromkeys(("numbers", "allowedAddresses", "allowedNumbers", "trunkIds"), texts),
    **dict.fromkeys(("headers", "attributes"), pairs),
    **dict.fromkeys(("maxCallDuration", "ringingTimeout"), seconds),
    "krispEnabled": st.booleans(),
    "mediaEncryption": st.sampled_from(("disable", "allow", "require")),
    "transport": st.sampled_from(("auto", "udp", "tcp", "tls")),
    "agents": agents,
}
KINDS = {
    "InboundTrunk": (INBOUND, SIPInboundTrunkInfo),
    "OutboundTrunk": (OUTBOUND, SIPOutboundTrunkInfo),
    "DispatchRule": (RULE, SIPDispatchRuleInfo),
}
each_kind = pytest.mark.parametrize("kind", sorted(KINDS))

# As another program would have left them: fields that we do not manage, and one (999) that this protocol does not know.
UNKNOWN = b"\xba\x3e\x03new"
FOREIGN: Mapping[str, Message] = {
    "InboundTrunk": SIPInboundTrunkInfo(
        sip_trunk_id="ST_1",
        numbers=["+4930111"],
        headers={"X-Old": "1"},
        headers_to_attributes={"X-Caller": "caller"},
        auth_realm="pbx",
        media=SIPMediaConfig(only_listed_codecs=True, encryption=SIPMediaEncryption.SIP_MEDIA_ENCRYPT_REQUIRE),
    ),
    "OutboundTrunk": SIPOutboundTrunkInfo(
        sip_trunk_id="ST_2", destination_country="de", from_host="calls.example.com", headers_to_attributes={"X-A": "a"}
    ),
    "DispatchRule": SIPDispatchRuleInfo(
        sip_dispatch_rule_id="SDR_1",
        hide_phone_number=True,
        rule=SIPDispatchRule(dispatch_rule_individual=SIPDispatchRuleIndividual(room_prefix="old", no_randomness=True)),
        room_config=RoomConfiguration(max_participants=3, agents=[RoomAgentDispatch(agent_name="old", metadata="{}")]),
    ),
}


def desired_of(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({name: VALUES[name] for name in FACTS[kind].fields})


def sent(message: Message) -> Message:
    """The message as the other side of the wire has it."""
    return type(message).FromString(message.SerializeToString(deterministic=True))


def without(fields: Fields, message: Message) -> bytes:
    """What is in a message besides the managed fields."""
    empty = {
        **dict.fromkeys(("numbers", "allowedAddresses", "allowedNumbers", "trunkIds", "agents"), ()),
        **{name: {} for name in ("headers", "attributes")},
        **dict.fromkeys(("maxCallDuration", "ringingTimeout"), 0),
        **{"krispEnabled": False, "mediaEncryption": "disable", "transport": "auto"},
    }
    cleared = overlay(fields, message, {name: empty.get(name, "") for name in fields})
    return cleared.SerializeToString(deterministic=True)


@each_kind
def test_every_managed_property_has_its_field(kind: str) -> None:
    assert sorted(KINDS[kind][0]) == sorted(FACTS[kind].fields)


@each_kind
@given(data=st.data())
def test_what_is_written_reads_back_equal(kind: str, data: st.DataObject) -> None:
    fields, message = KINDS[kind]
    desired = data.draw(desired_of(kind))
    assert to_props(fields, sent(overlay(fields, message(), desired))) == desired


@each_kind
@given(data=st.data())
def test_an_overlay_carries_unmanaged_and_unknown_fields_along(kind: str, data: st.DataObject) -> None:
    fields, _ = KINDS[kind]
    foreign = type(FOREIGN[kind]).FromString(FOREIGN[kind].SerializeToString() + UNKNOWN)
    before = foreign.SerializeToString(deterministic=True)
    desired = data.draw(desired_of(kind))
    result = sent(overlay(fields, foreign, desired))
    assert (to_props(fields, result), without(fields, result)) == (desired, without(fields, foreign))
    assert UNKNOWN in result.SerializeToString()
    assert foreign.SerializeToString(deterministic=True) == before


def test_lists_without_an_order_of_meaning_read_the_same_in_any_order() -> None:
    one = to_props(OUTBOUND, SIPOutboundTrunkInfo(numbers=["+2", "+1"]))
    other = to_props(OUTBOUND, SIPOutboundTrunkInfo(numbers=["+1", "+2"]))
    assert one == other


@pytest.mark.parametrize(
    ("trunk", "word"),
    [
        (SIPInboundTrunkInfo(), "disable"),
        (SIPInboundTrunkInfo(media_encryption=SIPMediaEncryption.SIP_MEDIA_ENCRYPT_ALLOW), "allow"),
        (SIPInboundTrunkInfo(media=SIPMediaConfig(only_listed_codecs=True)), "disable"),
        (
            SIPInboundTrunkInfo(
                media_encryption=SIPMediaEncryption.SIP_MEDIA_ENCRYPT_REQUIRE,
                media=SIPMediaConfig(encryption=SIPMediaEncryption.SIP_MEDIA_ENCRYPT_DISABLE),
            ),
            "disable",
        ),
    ],
)
def test_encryption_reads_as_what_holds_in_a_call(trunk: SIPInboundTrunkInfo, word: str) -> None:
    assert to_props(INBOUND, trunk)["mediaEncryption"] == word


def test_a_rule_of_another_form_reads_as_drift_and_becomes_individual() -> None:
    rule = SIPDispatchRuleInfo(rule=SIPDispatchRule(dispatch_rule_direct=SIPDispatchRuleDirect(room_name="lobby")))
    seen = to_props(RULE, rule)
    assert seen == {"tag": "", "trunkIds": [], "roomPrefix": "<dispatch_rule_direct>", "agents": [], "attributes": {}}
    mended = overlay(RULE, rule, {**seen, "roomPrefix": ""})
    assert mended.rule.WhichOneof("rule") == "dispatch_rule_individual"


def test_an_agent_that_stays_keeps_its_unmanaged_fields() -> None:
    kept = RoomAgentDispatch(agent_name="support", metadata="{}", attributes={"tier": "gold"})
    rule = SIPDispatchRuleInfo(room_config=RoomConfiguration(agents=[RoomAgentDispatch(agent_name="old"), kept]))
    desired = [{"agentName": "sales", "metadata": "1"}, {"agentName": "support", "metadata": "2"}]
    result = overlay(RULE, rule, {**to_props(RULE, rule), "roomPrefix": "", "agents": desired})
    assert list(result.room_config.agents) == [
        RoomAgentDispatch(agent_name="sales", metadata="1"),
        RoomAgentDispatch(agent_name="support", metadata="2", attributes={"tier": "gold"}),
    ]


def test_a_rule_without_agents_gets_no_room_configuration() -> None:
    desired = {"tag": "t", "trunkIds": [], "roomPrefix": "", "agents": [], "attributes": {}}
    assert not overlay(RULE, SIPDispatchRuleInfo(), desired).HasField("room_config")


def test_what_is_as_desired_is_left_in_the_words_in_which_it_is_said() -> None:
    rule = SIPDispatchRuleInfo(rule=SIPDispatchRule(dispatch_rule_direct=SIPDispatchRuleDirect(room_name="lobby")))
    trunk = SIPInboundTrunkInfo(media_encryption=SIPMediaEncryption.SIP_MEDIA_ENCRYPT_REQUIRE)

    named = amend(RULE, rule, {**to_props(RULE, rule), "tag": "ours"})
    krisp = amend(INBOUND, trunk, {**to_props(INBOUND, trunk), "krispEnabled": True})

    assert (named.name, named.rule) == ("ours", rule.rule)
    assert not krisp.media.HasField("encryption")


def test_a_rule_tells_its_form_its_room_its_pin_and_what_it_is_limited_to() -> None:
    direct = SIPDispatchRuleDirect(room_name="lobby", pin="4711")
    rule = SIPDispatchRuleInfo(
        rule=SIPDispatchRule(dispatch_rule_direct=direct),
        inbound_numbers=["+2", "+1"],
        numbers=["+3"],
        trunk_ids=["ST_1", "PN_PPN_1"],
    )

    assert {name: read(rule) for name, read in RULE_ALSO.items()} == {
        "form": "direct",
        "room": "lobby",
        "pin": "4711",
        "callers": ["+1", "+2"],
        "numbers": ["+3"],
        "numberIds": ["PN_PPN_1"],
    }
    assert {name: read(SIPDispatchRuleInfo()) for name, read in RULE_ALSO.items()} == {
        "form": "",
        "room": "",
        "pin": "",
        "callers": [],
        "numbers": [],
        "numberIds": [],
    }
