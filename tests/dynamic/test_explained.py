"""What is explained by the file holds once it is applied: LiveKit's own lists, as they stand then, say the same."""

from __future__ import annotations

from itertools import product

from providers.switchboard import of_listings
from tests.support.world import Stack, World
from trunkline.calls import Call
from trunkline.explain import explain, of_inventory
from trunkline.inventory import parse

FILE = """\
version: 1
agents: {a: {agent_name: agent-a}, b: {agent_name: agent-b}}
trunks:
  pool:
    provider: custom
    sip_address: sip.example.com
    shared: true
    allowed_addresses: [203.0.113.0/28, 198.51.100.1]
  desk: {provider: custom, sip_address: sip2.example.com, allowed_addresses: [198.51.100.0/24]}
numbers:
  open: {provider: twilio, phone_number: "+16505550101", agent: a}
  guarded: {provider: twilio, phone_number: "+16505550102", agent: b, allowed_callers: ["+13035550100"]}
  deaf: {provider: twilio, phone_number: "+16505550103", inbound: false}
  pool-1: {phone_number: "+442071234567", trunk: pool, agent: a}
  pool-2: {phone_number: "+442071234568", trunk: pool, agent: a}
  desk-1: {phone_number: "+442071234569", trunk: desk, agent: b}
  desk-2: {phone_number: "+442071234560", trunk: desk, agent: a, allowed_addresses: [203.0.113.7]}
"""
NUMBERS = [line.phone_number for line in parse(FILE, "numbers.yaml").lines.values()]
CALLERS = ["", "+13035550100", "13035550100", "+1999"]
SOURCES = ["", "203.0.113.7", "198.51.100.1", "192.0.2.1"]


def test_what_the_file_says_of_every_call_livekit_s_lists_say_when_it_is_applied() -> None:
    world = World()
    Stack(world).up(FILE)
    by_file = of_inventory(parse(FILE, "numbers.yaml"))
    live = of_listings(world.process().vendors.adapters, trunkless=False)

    calls = [
        Call(called=str(number), caller=caller, source=source)
        for number, caller, source in product([*NUMBERS, "+1999"], CALLERS, SOURCES)
    ]
    told = [(explain(by_file, call), explain(live, call)) for call in calls]

    assert [(one.answered, one.agents) for one, _ in told] == [(two.answered, two.agents) for _, two in told]
    assert {agents for one, _ in told for agents in [one.agents]} == {(), ("agent-a",), ("agent-b",)}
    assert len(calls) == 8 * 4 * 4
