"""What `audit --live` reads: each listing once, and what a vendor does not say hides nothing of the others."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from providers.dynamic import audited
from sandbox.request import Response
from tests.support.world import Stack, World
from trunkline.deployed import OWN_SERVER, Deployed
from trunkline.errors import Reason, Rejected
from trunkline.outputs import Line, Neighbour

NUMBER, OTHER = "+16505551234", "+16505550199"
FILE = f"""\
version: 1
agents: {{desk: {{agent_name: desk-agent}}}}
trunks: {{us: {{provider: twilio, domain_name: acme.pstn.twilio.com}}}}
numbers:
  us: {{phone_number: "{NUMBER}", trunk: us, agent: desk, outbound: false, adopt: true}}
"""
SOLD = """\
version: 1
agents: {desk: {agent_name: desk-agent}}
numbers: {lk: {provider: livekit, search: {country: US, area_code: 415}, agent: desk}}
"""


LOGIN = f"""\
version: 1
agents: {{desk: {{agent_name: desk-agent}}}}
trunks:
  us:
    provider: twilio
    domain_name: acme.pstn.twilio.com
    auth_username: livekit
    auth_password: {{secret: twilioTermination}}
numbers:
  us: {{phone_number: "{NUMBER}", trunk: us, agent: desk, adopt: true}}
"""


def applied(text: str = FILE) -> tuple[World, Stack]:
    world = World()
    world.sandbox.twilio.add_number(NUMBER)
    world.sandbox.twilio.add_number(OTHER)
    stack = Stack(world)
    stack.up(text)
    return world, stack


def held(stack: Stack) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """What the state has of the objects, as `trunkline.state.held` gives it."""
    resources = stack.engine.state.resources
    every = {(kind, one.outputs.get("vendorId") or one.id): one.outputs for (kind, _), one in resources.items()}
    return {key: outputs for key, outputs in every.items() if key[0] != "Fleet"}


def read(
    world: World, stack: Stack, handle: Any = None, ask: Any = None, agent: str = "", at_once: int = 1
) -> audited.Audited:
    ids = stack.ids()
    line = Line(
        id="us", phone_number=NUMBER, provider="twilio", country="US", acquired="adopted",
        inbound_trunk_id=ids["InboundTrunk us"], dispatch_rule_id=ids["DispatchRule us"], agent_name=agent,
    )  # fmt: skip
    record: Mapping[str, Any] = stack.engine.state.resources["Fleet", "fleet"].outputs
    process = world.process(handle=handle, at_once=at_once)
    process = replace(process, vendors=replace(process.vendors, deployed=ask))
    ahead = audited.begin(process)
    return audited.read(process, "sandbox.example.com", record, {"us": line}, held(stack), {}, lambda what: None, ahead)


@pytest.mark.parametrize("at_once", [1, 16])
def test_each_listing_is_asked_for_once_and_nothing_is_written(at_once: int) -> None:
    world, stack = applied()
    mark = world.sandbox.journal.mark()

    seen = read(world, stack, at_once=at_once)

    # LiveKit's lists end with a page that brings nothing new, which is asked for with the last id.
    asked = Counter(
        (one.method, one.path, str(sorted(one.params.items()))) for one in world.sandbox.journal.entries(mark)
    )
    assert [asked_for for asked_for, count in asked.items() if count > 1] == []
    assert world.sandbox.journal.writes(mark) == []
    assert (seen.unread, seen.neighbours) == ({}, ())
    assert {one.number for one in seen.holdings.numbers} == {NUMBER, OTHER}


@pytest.mark.parametrize("text", [FILE, LOGIN], ids=["without a login", "with a login"])
def test_what_is_asked_for_side_by_side_is_what_is_asked_for_one_after_the_other(text: str) -> None:
    world, stack = applied(text)

    def asked(at_once: int) -> Counter[tuple[str, str]]:
        mark = world.sandbox.journal.mark()
        read(world, stack, at_once=at_once)
        return Counter((one.method, one.path) for one in world.sandbox.journal.entries(mark))

    assert asked(16) == asked(1)


def test_no_vendor_waits_for_another_nor_the_lists_of_one_for_each_other() -> None:
    world, stack = applied(LOGIN)
    firsts, vendors, lists = dict[str, str](), threading.Barrier(3), threading.Barrier(2)

    def handle(sandbox: Any, request: Any) -> Any:
        vendor = "livekit" if "/twirp/" in request.path else "vonage" if "/account/" in request.path else "twilio"
        if firsts.setdefault(vendor, request.path) == request.path and not firsts.get(f"{vendor} asked"):
            firsts[f"{vendor} asked"] = "yes"
            vendors.wait(10)
        elif request.path.endswith(("OutboundTrunk", "DispatchRule")) and request.path not in firsts:
            firsts[request.path] = "yes"
            lists.wait(10)
        return sandbox.handle(request)

    assert read(world, stack, handle, at_once=16).unread == {}
    assert not (vendors.broken or lists.broken)


def test_a_carrier_that_does_not_answer_hides_nothing_of_the_others_where_all_are_asked_at_once() -> None:
    world, stack = applied(LOGIN)

    def handle(sandbox: Any, request: Any) -> Any:
        return Response.of_json(500, {"message": "down"}) if "/v1/Trunks" in request.path else sandbox.handle(request)

    at_once, one_by_one = (read(world, stack, handle, at_once=at_once) for at_once in (16, 1))
    assert (at_once.unread, at_once.holdings) == (one_by_one.unread, one_by_one.holdings)
    assert list(at_once.unread) == ["twilio"]


def test_what_takes_our_calls_now_is_a_neighbour_though_no_update_saw_it() -> None:
    world, stack = applied()
    world.sandbox.livekit.add_dispatch_rule(
        sip_dispatch_rule_id="SDR_canary",
        name="canary",
        trunk_ids=[stack.ids()["InboundTrunk us"]],
        numbers=[NUMBER],
        rule={"dispatch_rule_individual": {"room_prefix": "canary-"}},
        room_config={"agents": [{"agent_name": "canary-agent"}]},
    )

    assert read(world, stack).neighbours == (
        Neighbour(
            code="foreign-rule",
            id="SDR_canary",
            lines=("us",),
            message=f'DispatchRule SDR_canary ("canary") answers calls to {NUMBER} (line "us") in place of ours: they'
            " reach agent canary-agent in rooms canary-….",
        ),
    )


def test_a_carrier_that_does_not_answer_is_told_and_the_others_are_read() -> None:
    world, stack = applied()

    def handle(sandbox: Any, request: Any) -> Any:
        numbers = "IncomingPhoneNumbers" in request.path
        return Response.of_json(500, {"message": "down"}) if numbers else sandbox.handle(request)

    seen = read(world, stack, handle)

    assert list(seen.unread) == ["twilio"]
    assert "HTTP 500" in seen.unread["twilio"].why
    assert (len(seen.holdings.inbound), len(seen.holdings.rules), seen.holdings.numbers) == (1, 1, ())


def test_what_a_number_costs_is_its_carriers_word() -> None:
    world, stack = applied()
    seen = read(world, stack)

    assert {one.number: str(seen.cost(one)) for one in seen.holdings.numbers} == {
        NUMBER: "1.15 USD",
        OTHER: "1.15 USD",
    }


RUNS: Deployed = {"desk-agent": frozenset({"production"})}


def refusing() -> Deployed:
    raise Rejected("livekit", "POST /x", "the key may not list agents", status=403, reason=Reason.CREDENTIALS)


def test_livekit_cloud_is_asked_for_its_agents_where_a_line_calls_one_by_name() -> None:
    world, stack = applied()
    answers = [
        read(world, stack, ask=ask, agent=agent)
        for ask, agent in ((lambda: RUNS, "desk-agent"), (refusing, "desk-agent"), (refusing, ""), (None, "desk-agent"))
    ]
    refused = "livekit: POST /x: the key may not list agents"
    assert [(seen.deployed, seen.unlisted.partition(" (")[0]) for seen in answers] == [
        (RUNS, ""),
        (None, refused),
        (None, ""),
        (None, OWN_SERVER),
    ]


def test_the_numbers_that_livekit_sells_are_read_where_a_rule_claims_one() -> None:
    world = World()
    stack = Stack(world)
    stack.up(SOLD)
    (sold,) = world.sandbox.livekit.numbers

    line = Line(id="lk", phone_number=sold["e164_format"], provider="livekit", country="US", acquired="purchased")
    record = stack.engine.state.resources["Fleet", "fleet"].outputs
    process = world.process()
    ahead = audited.begin(process)
    seen = audited.read(process, "sandbox.example.com", record, {"lk": line}, held(stack), {}, lambda what: None, ahead)

    assert [(one.provider, one.number) for one in seen.holdings.numbers] == [("livekit", sold["e164_format"])]
