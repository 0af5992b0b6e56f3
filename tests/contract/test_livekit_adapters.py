"""The walk of each kind of object through its states, against every LiveKit that this machine has."""

from __future__ import annotations

import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from google.protobuf.message import Message
from livekit.api.sip_service import SipService
from livekit.protocol.sip import SIPDispatchRuleInfo, SIPInboundTrunkInfo, SIPOutboundTrunkInfo

from providers.livekit.client import LiveKitVendor
from providers.livekit.refusals import Conflict
from providers.port import Adapter, Observed
from sandbox.server import SandboxServer
from sandbox.world import Sandbox
from tests.support.livekit_target import DESIRED, Target, empty, in_process, sandbox_settings
from trunkline.errors import Reason, Rejected
from trunkline.secret import Secret

KINDS = tuple(DESIRED)

CHANGES: Mapping[str, Mapping[str, Any]] = {
    "InboundTrunk": {
        "numbers": ["+16505550101", "+16505550102"],
        "allowedNumbers": [],
        "authUsername": "",
        "authPassword": "",
        "headers": {},
        "krispEnabled": False,
        "mediaEncryption": "require",
        "maxCallDuration": 0,
    },
    "OutboundTrunk": {"address": "eu.pstn.twilio.com", "transport": "auto", "authPassword": "new", "numbers": ["+2"]},
    "DispatchRule": {"roomPrefix": "", "agents": [{"agentName": "sales", "metadata": ""}], "attributes": {}},
    "CallerRule": {"onlyCallers": ["+13035550101"], "agents": [{"agentName": "sales", "metadata": "{}"}]},
}


def _set_inbound(info: SIPInboundTrunkInfo) -> None:
    info.headers_to_attributes["X-Caller"] = "caller"
    info.auth_realm = "pbx.example.com"
    info.media.only_listed_codecs = True


def _set_outbound(info: SIPOutboundTrunkInfo) -> None:
    info.destination_country = "de"
    info.from_host = "calls.example.com"


def _set_rule(info: SIPDispatchRuleInfo) -> None:
    info.hide_phone_number = True
    info.room_config.max_participants = 3
    info.rule.dispatch_rule_individual.pin = "4711"


UNMANAGED: Mapping[str, tuple[Callable[[Any], None], Callable[[SipService, str, Any], Coroutine[Any, Any, Any]]]] = {
    "InboundTrunk": (_set_inbound, SipService.update_inbound_trunk),
    "OutboundTrunk": (_set_outbound, SipService.update_outbound_trunk),
    "DispatchRule": (_set_rule, SipService.update_dispatch_rule),
    "CallerRule": (_set_rule, SipService.update_dispatch_rule),
}


@pytest.fixture(params=["in process", "over a socket", "livekit-server"])
def target(request: pytest.FixtureRequest) -> Iterator[Target]:
    if request.param == "livekit-server":
        real = Target(sandbox_settings(request.getfixturevalue("server_url")))
        empty(real)
        yield real
    elif request.param == "in process":
        yield in_process(Sandbox())
    else:
        with SandboxServer(Sandbox()) as server:
            yield Target(sandbox_settings(server.url))


@pytest.fixture
def vendor(target: Target) -> Iterator[LiveKitVendor]:
    vendor = target.connect()
    yield vendor
    vendor.close()


@pytest.fixture(params=KINDS)
def adapter(vendor: LiveKitVendor, request: pytest.FixtureRequest) -> Adapter:
    return vendor.adapters[request.param]


def test_nothing_made_is_nothing_listed(adapter: Adapter) -> None:
    assert (list(adapter.list()), adapter.get("ST_unknownxxxxx")) == ([], None)


def test_an_object_is_found_as_it_was_created(adapter: Adapter) -> None:
    desired = DESIRED[adapter.kind]
    created = adapter.create(desired)
    assert created == Observed(id=created.id, tag=desired["tag"], props=desired)
    assert (list(adapter.list()), adapter.get(created.id)) == ([created], created)


def test_an_update_keeps_the_id_and_takes_every_field(adapter: Adapter) -> None:
    created = adapter.create(DESIRED[adapter.kind])
    changed = {**DESIRED[adapter.kind], **CHANGES[adapter.kind]}
    updated = adapter.update(created, changed)
    assert updated == Observed(id=created.id, tag=changed["tag"], props=changed)
    assert list(adapter.list()) == [updated]


def test_an_update_leaves_what_we_do_not_manage(target: Target, adapter: Adapter) -> None:
    set_unmanaged, send = UNMANAGED[adapter.kind]
    created = adapter.create(DESIRED[adapter.kind])
    by_hand: Message = type(created.raw)()
    by_hand.CopyFrom(created.raw)
    set_unmanaged(by_hand)
    target.by_hand(lambda sip: send(sip, created.id, by_hand))

    seen = adapter.get(created.id)
    assert seen == created
    adapter.update(seen, {**DESIRED[adapter.kind], **CHANGES[adapter.kind]})
    there_and_back = adapter.update(adapter.list()[0], DESIRED[adapter.kind])
    assert there_and_back.raw == by_hand


def test_an_absent_object_is_deleted_with_success(adapter: Adapter) -> None:
    created = adapter.create(DESIRED[adapter.kind])
    for _ in range(2):
        adapter.delete(created.id)
    assert (list(adapter.list()), adapter.get(created.id)) == ([], None)


def test_an_update_of_an_absent_object_says_so(adapter: Adapter) -> None:
    created = adapter.create(DESIRED[adapter.kind])
    adapter.delete(created.id)
    with pytest.raises(Rejected) as caught:
        adapter.update(created, DESIRED[adapter.kind])
    assert (caught.value.reason, caught.value.code) == (Reason.NOT_FOUND, "not_found")
    assert list(adapter.list()) == []


@pytest.mark.parametrize("kind", ["InboundTrunk", "DispatchRule", "CallerRule"])
def test_a_conflict_names_the_object_in_the_way(vendor: LiveKitVendor, kind: str) -> None:
    adapter = vendor.adapters[kind]
    first = adapter.create(DESIRED[kind])
    with pytest.raises(Conflict) as caught:
        adapter.create({**DESIRED[kind], "tag": "another"})
    assert (caught.value.reason, caught.value.other) == (Reason.CONFLICT, first.id)
    assert list(adapter.list()) == [first]


@pytest.mark.parametrize("kind", ["InboundTrunk", "DispatchRule"])
def test_a_conflict_of_an_update_names_the_other_object(vendor: LiveKitVendor, kind: str) -> None:
    adapter = vendor.adapters[kind]
    field, shared, own = {
        "InboundTrunk": ("allowedNumbers", ["+1"], ["+2"]),
        "DispatchRule": ("trunkIds", ["ST_a"], ["ST_b"]),
    }[kind]
    first = adapter.create({**DESIRED[kind], field: shared})
    second = adapter.create({**DESIRED[kind], field: own})
    with pytest.raises(Conflict) as caught:
        adapter.update(second, {**DESIRED[kind], field: sorted([*shared, *own])})
    # LiveKit walks rules by id and names only the first of two: the updated rule itself, where its id is the smaller.
    unnamed = kind == "DispatchRule" and second.id < first.id
    assert caught.value.other == ("" if unnamed else first.id)
    assert list(adapter.list()) == sorted([first, second], key=lambda seen: seen.id)


def test_a_rule_for_some_stands_beside_that_for_all_and_no_caller_in_two(vendor: LiveKitVendor) -> None:
    rules, callers = vendor.adapters["DispatchRule"], vendor.adapters["CallerRule"]
    everybody, first = rules.create(DESIRED["DispatchRule"]), callers.create(DESIRED["CallerRule"])
    second = callers.create({**DESIRED["CallerRule"], "onlyCallers": ["+13035550102"]})
    with pytest.raises(Conflict):
        callers.update(second, {**second.props, "onlyCallers": ["+13035550101", "+13035550102"]})
    # Off the one, then to the other, as the provider does it.
    callers.update(first, {**first.props, "onlyCallers": ["+13035550100"]})
    moved = callers.update(second, {**second.props, "onlyCallers": ["+13035550101", "+13035550102"]})
    assert moved.props["onlyCallers"] == ["+13035550101", "+13035550102"]
    assert {one.id: one.every["onlyCallers"] for one in rules.list()} == {
        everybody.id: [],
        first.id: ["+13035550100"],
        second.id: ["+13035550101", "+13035550102"],
    }


def test_what_livekit_refuses_is_told_in_its_words_without_the_password(vendor: LiveKitVendor) -> None:
    trunks = vendor.adapters["OutboundTrunk"]
    with pytest.raises(Rejected) as caught:
        trunks.create({**DESIRED["OutboundTrunk"], "address": "sip:demo.pstn.twilio.com"})
    error = caught.value
    assert (error.reason, error.code, error.status) == (Reason.INVALID, "invalid_argument", 400)
    assert "should be a hostname or IP, not SIP URI" in str(error)
    assert DESIRED["OutboundTrunk"]["authPassword"] not in str(error)


def test_a_wrong_secret_is_told_with_the_settings_to_check(target: Target) -> None:
    wrong = Target(replace(target.settings, api_secret=Secret("w" * 40)), target.transport).connect()
    with pytest.raises(Rejected) as caught:
        wrong.adapters["InboundTrunk"].list()
    wrong.close()
    assert (caught.value.reason, caught.value.status) == (Reason.CREDENTIALS, 401)
    for name in ("LIVEKIT_API_KEY", "LIVEKIT_API_SECRET", "LIVEKIT_URL"):
        assert name in str(caught.value)


def test_sixteen_threads_share_one_vendor_and_its_one_loop(vendor: LiveKitVendor) -> None:
    trunks = vendor.adapters["OutboundTrunk"]
    # Vendors of other tests of this process may be there still, each with its loop.
    before = loops()
    together = threading.Barrier(16)

    def create(number: int) -> Observed:
        together.wait()
        return trunks.create({**DESIRED["OutboundTrunk"], "numbers": [f"+{number}"]})

    with ThreadPoolExecutor(16) as pool:
        created = list(pool.map(create, range(100, 164)))
    assert list(trunks.list()) == sorted(created, key=lambda seen: seen.id)
    assert sorted(seen.props["numbers"][0] for seen in created) == [f"+{number}" for number in range(100, 164)]
    assert len(loops() - before) <= 1


def loops() -> set[threading.Thread]:
    """The threads in which vendors have their loops."""
    return {thread for thread in threading.enumerate() if thread.name == "livekit"}
