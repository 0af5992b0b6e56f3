"""What somebody changed by hand of our own objects, as `audit --live` reads it: property by property, each once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from providers.dynamic import changed_outside
from tests.dynamic.adopted import A, B, file_of, line, seed
from tests.dynamic.test_audited import held
from tests.support.world import Stack, World
from trunkline.comparison import ChangedObject

US, GB, PBX, CALLER = "+16505551234", "+447400123456", "+442071234567", "+13035550100"
FILE = f"""\
version: 1
agents:
  desk: {{agent_name: desk-agent}}
trunks: {{us: {{provider: twilio, domain_name: acme.pstn.twilio.com}}}}
numbers:
  us: {{phone_number: "{US}", trunk: us, agent: desk, outbound: false, adopt: true}}
  us-too: {{phone_number: "+16505551235", trunk: us, agent: desk, outbound: false, adopt: true}}
  gb: {{phone_number: "{GB}", provider: vonage, country: GB, agent: desk, adopt: true}}
  pbx:
    provider: custom
    phone_number: "{PBX}"
    sip_address: sip.example.com
    auth_username: pbx
    auth_password: {{secret: ukOfficePassword}}
    agent: desk
    allowed_callers: ["{CALLER}"]
"""


def found(stack: Stack) -> list[ChangedObject]:
    return list(changed_outside.find(stack.world.process(), held(stack)))


def changed(kind: str, id: str, vendor: str, *lines: str, **fields: tuple[Any, Any]) -> ChangedObject:
    was, now = ({name: sides[at] for name, sides in fields.items()} for at in (0, 1))
    return ChangedObject(kind=kind, id=id, vendor=vendor, was=was, now=now, lines=lines)


Case = tuple[Callable[[World, Mapping[str, str]], object], Callable[[Mapping[str, str]], ChangedObject]]
DESK, NIGHT = ({"agentName": name, "metadata": ""} for name in ("desk-agent", "night-agent"))
CASES: Mapping[str, Case] = {
    "the agent of a rule": (
        lambda world, ids: world.sandbox.livekit.edit_rule(
            ids["DispatchRule pbx"], room_config={"agents": [{"agent_name": "night-agent"}]}
        ),
        lambda ids: changed("DispatchRule", ids["DispatchRule pbx"], "livekit", agents=([DESK], [NIGHT])),
    ),
    "the callers of a rule": (
        lambda world, ids: world.sandbox.livekit.edit_rule(ids["DispatchRule pbx"], inbound_numbers=[CALLER]),
        lambda ids: changed("DispatchRule", ids["DispatchRule pbx"], "livekit", onlyCallers=([], [CALLER])),
    ),
    "the trunks of a rule": (
        lambda world, ids: world.sandbox.livekit.edit_rule(ids["DispatchRule pbx"], trunk_ids=[]),
        lambda ids: changed(
            "DispatchRule", ids["DispatchRule pbx"], "livekit", trunkIds=([ids["InboundTrunk pbx"]], [])
        ),
    ),
    "whom a trunk lets in, and what it is called": (
        lambda world, ids: world.sandbox.livekit.edit_trunk(ids["InboundTrunk pbx"], allowed_numbers=[], name="other"),
        lambda ids: changed(
            "InboundTrunk", ids["InboundTrunk pbx"], "livekit", allowedNumbers=([CALLER], []), name=("pbx", "other")
        ),
    ),
    "the numbers of a trunk": (
        lambda world, ids: world.sandbox.livekit.edit_trunk(ids["InboundTrunk pbx"], numbers=["+442071234568"]),
        lambda ids: changed(
            "InboundTrunk", ids["InboundTrunk pbx"], "livekit", numbers=([PBX], ["+442071234568"])
        ),
    ),
    "where a trunk calls out": (
        lambda world, ids: world.sandbox.livekit.edit_trunk(ids["OutboundTrunk pbx"], address="sip.other.example"),
        lambda ids: changed(
            "OutboundTrunk", ids["OutboundTrunk pbx"], "livekit", address=("sip.example.com", "sip.other.example")
        ),
    ),
    "the trunk of a number": (
        lambda world, ids: world.sandbox.twilio.edit_number(US, trunk_sid=None),
        lambda ids: changed("PhoneNumber", US, "twilio", "us", trunkSid=(ids["SipTrunk us"], "")),
    ),
    "where a number is forwarded": (
        lambda world, ids: world.sandbox.vonage.edit_number(GB, voiceCallbackValue="sip:x@other.example"),
        lambda ids: changed(
            "PhoneNumber", GB, "vonage", "gb",
            sipUri=(ids["uri"], "sip:x@other.example"),
        ),
    ),
    "an origination URL that is off": (
        lambda world, ids: world.sandbox.twilio.edit_record(
            "origination_url", ids["OriginationUrl us"], enabled=False
        ),
        lambda ids: changed(
            "OriginationUrl", ids["OriginationUrl us"], "twilio", "us", "us-too", enabled=(True, False)
        ),
    ),
    "an origination URL that is gone": (
        lambda world, ids: world.sandbox.twilio.delete_record("origination_url", ids["OriginationUrl us"]),
        lambda ids: ChangedObject(
            kind="OriginationUrl", id=ids["OriginationUrl us"], vendor="twilio", was={}, now=None,
            lines=("us", "us-too"),
        ),
    ),
}  # fmt: skip


def fresh() -> Stack:
    world = World()
    world.sandbox.twilio.add_number(US)
    world.sandbox.twilio.add_number("+16505551235")
    world.sandbox.vonage.add_number(GB)
    stack = Stack(world)
    stack.up(FILE)
    return stack


def test_a_stack_as_its_update_left_it_has_nothing_that_was_changed() -> None:
    applied = fresh()
    mark = applied.world.sandbox.journal.mark()
    assert found(applied) == []
    assert applied.world.sandbox.journal.writes(mark) == []


@pytest.mark.parametrize("name", CASES)
def test_what_somebody_changed_by_hand_is_found_with_both_values(name: str) -> None:
    stack = fresh()
    by_hand, expected = CASES[name]
    uri = stack.engine.state.resources["PhoneNumber", "gb"].outputs["sipUri"]
    ids = {**stack.ids(), "uri": uri}
    by_hand(stack.world, ids)

    assert found(stack) == [expected(ids)]


def test_what_a_refresh_recorded_or_an_update_put_back_is_found_no_more() -> None:
    stack = fresh()
    stack.world.sandbox.livekit.edit_rule(stack.ids()["DispatchRule pbx"], trunk_ids=[])
    assert len(found(stack)) == 1
    stack.up(FILE)
    assert found(stack) == []


def test_what_others_have_in_an_object_that_a_line_adopts_is_no_change_of_ours() -> None:
    stack = Stack(World())
    trunk = seed(stack, [A], allowed_numbers=["+16505550111"])
    stack.up(file_of(line("a", A)))
    livekit = stack.world.sandbox.livekit
    livekit.edit_trunk(trunk, numbers=[A, B], allowed_numbers=["+16505550112"])
    assert found(stack) == []

    livekit.edit_trunk(trunk, numbers=[B])
    assert [(one.kind, one.was, one.now) for one in found(stack)] == [
        ("InboundTrunk", {"numbers": [A, B]}, {"numbers": [B]})
    ]
