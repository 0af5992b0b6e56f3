"""A Twilio trunk is called at an edge, or by its id, in place of its domain alone, and stays the same trunk."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dynamic.fleets import ONE, TWO, file, two
from tests.dynamic.test_rotation import Watched, can_call_out
from tests.support.model_engine import Failed
from tests.support.world import SECRETS, Stack, World
from trunkline.carriers import calls_over
from trunkline.errors import InventoryError
from trunkline.inventory import parse

DOMAIN, EDGE = "acme-us.pstn.twilio.com", "acme-us.pstn.dublin.twilio.com"
FILE = """\
version: 1
agents: {{desk: {{agent_name: desk-agent}}}}
trunks:
  us:
    provider: twilio
    auth_username: livekit
    auth_password: {{secret: twilioTermination}}
{trunk}
numbers:
  desk: {{provider: twilio, phone_number: "+16505551234", agent: desk}}
"""
PLAIN = FILE.format(trunk=f"    domain_name: {DOMAIN}")
AT_EDGE = FILE.format(trunk=f"    domain_name: {DOMAIN}\n    sip_address: {EDGE}")
TRUNK = "TK" + "0a" * 16


def by_id(sid: str) -> str:
    return FILE.format(trunk=f"    domain_name: {DOMAIN}\n    sip_address: {sid}.pstn.twilio.com")


def addresses(stack: Stack) -> list[str]:
    return [one["address"] for one in stack.world.sandbox.livekit.outbound_trunks()]


def test_calls_go_out_by_the_edge_and_a_second_update_is_silent() -> None:
    stack = Stack(World())
    stack.up(AT_EDGE)
    stack.world.sandbox.journal.clear()
    assert (addresses(stack), can_call_out(stack.world)) == ([EDGE], True)
    assert (stack.preview(AT_EDGE), stack.up(AT_EDGE), stack.world.writes()) == ([], [], [])


def test_another_edge_or_the_trunk_s_id_is_one_write_at_livekit() -> None:
    stack = Stack(World())
    stack.up(PLAIN)
    (sid,) = stack.world.sandbox.twilio.store.table("trunks")
    ids, found = stack.ids(), []
    stack.world.sandbox.journal.clear()
    for text in (AT_EDGE, by_id(sid), PLAIN):
        stack.up(text)
        found.append((*addresses(stack), can_call_out(stack.world)))
    assert found == [(EDGE, True), (f"{sid}.pstn.twilio.com", True), (DOMAIN, True)]
    assert (stack.ids(), stack.world.writes()) == (ids, ["livekit POST /twirp/livekit.SIP/UpdateSIPOutboundTrunk"] * 3)


@pytest.mark.parametrize("by", ["edge", "id"])
def test_a_password_is_rotated_and_every_call_by_that_way_authenticates_after_every_write(by: str) -> None:
    world = World()
    stack = Stack(world)
    stack.up(PLAIN)
    (sid,) = world.sandbox.twilio.store.table("trunks")
    text = AT_EDGE if by == "edge" else by_id(sid)
    stack.up(text)
    watched = Watched(world)
    stack.engine.secrets = {**SECRETS, "twilioTermination": "Second-Password-2"}
    stack.up(text, handle=watched)
    assert (watched.failed, stack.up(text)) == ([], [])


def test_a_trunk_that_another_stack_calls_by_an_edge_stays() -> None:
    world = World()
    a, b = two(world, "acme/fleet")
    both = file(one=f"a: {ONE}", two=f"b: {TWO}").replace(
        f"    domain_name: {DOMAIN}\n", f"    domain_name: {DOMAIN}\n    sip_address: {EDGE}\n"
    )
    assert EDGE in both
    for stack, text in ((a, both), (b, both), (a, both.replace("one: {", "one: {removal: release, "))):
        stack.up(text)
    with pytest.raises(Failed, match=r"still carries \+16505551235"):
        a.destroy()


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        (DOMAIN, True),
        (DOMAIN.upper(), True),
        (EDGE, True),
        ("acme-us.pstn.ie1.twilio.com", True),
        (f"{TRUNK}.pstn.twilio.com", True),
        (f"{TRUNK.lower()}.pstn.dublin.twilio.com", True),
        ("acme-eu.pstn.dublin.twilio.com", False),
        (f"TK{'0b' * 16}.pstn.twilio.com", False),
        ("sip.example.com", False),
    ],
)
def test_calls_to_a_host_go_over_the_trunk_that_it_names(address: str, wanted: bool) -> None:
    assert calls_over(address, DOMAIN, TRUNK) is wanted


def test_a_host_that_is_its_domain_alone_is_that_of_other_carriers() -> None:
    assert [calls_over(host, "sip.example.com", "x") for host in ("SIP.example.com", "x.example.com")] == [True, False]


def problems(trunk: str) -> list[tuple[str, str]]:
    with pytest.raises(InventoryError) as raised:
        parse(FILE.format(trunk=trunk), "numbers.yaml")
    return [(problem.rule, problem.message) for problem in raised.value.problems]


def test_a_host_of_another_trunk_or_of_nobody_is_refused() -> None:
    found: list[Any] = [
        problems(f"    domain_name: {DOMAIN}\n    sip_address: acme-eu.pstn.dublin.twilio.com"),
        problems(f"    sip_address: {EDGE}"),
        problems(f"    domain_name: {DOMAIN}\n    sip_address: sip.example.com"),
    ]
    assert found == [
        [
            (
                "address",
                'trunk "us": its sip_address acme-eu.pstn.dublin.twilio.com names another trunk than its domain_name'
                f" {DOMAIN}",
            )
        ],
        [("address", f'trunk "us": its sip_address {EDGE} names a domain, and it has no domain_name')],
        [("address", 'trunk "us": its sip_address sip.example.com is no host of an Elastic SIP Trunk')],
    ]
