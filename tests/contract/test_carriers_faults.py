"""Every write and every read of the carriers' adapters, with everything that can go wrong on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from providers.port import Carrier, NumberSearch
from sandbox.vonage.settings import VonageSettings
from tests.contract.carriers import NUMBERS, World
from tests.contract.cases import SELLERS
from tests.contract.test_carriers_trunks import KINDS, make_case
from trunkline.e164 import E164
from trunkline.errors import MalformedReply, Throttled, Unavailable, UnknownOutcome, VendorError

Act = Callable[[], Any]
Prepare = Callable[[], tuple[World, Act]]


def numbers_write(name: str, method: str) -> Prepare:
    def prepare() -> tuple[World, Act]:
        world = World()
        carrier, desired = world.carrier(name), world.desired(name)
        if method == "buy":
            return world, lambda: carrier.buy(NUMBERS[name], desired)
        world.emulator(name).add_number(NUMBERS[name])
        owned = carrier.find(NUMBERS[name])
        assert owned is not None
        if method == "route":
            return world, lambda: carrier.route(owned, desired)
        if method == "release":
            return world, lambda: carrier.release(owned)
        routed = carrier.route(owned, desired)
        return world, lambda: carrier.detach(routed)

    return prepare


def trunks_write(kind: str, method: str) -> Prepare:
    def prepare() -> tuple[World, Act]:
        case = make_case(kind)
        if method == "create":
            return case.world, lambda: case.adapter.create(case.desired)
        created = case.adapter.create(case.desired)
        if method == "delete":
            return case.world, lambda: case.adapter.delete(created.id, case.scope)
        return case.world, lambda: case.adapter.update(created, {**case.desired, **case.changes[0]})

    return prepare


WRITES: Mapping[str, Prepare] = {
    **{f"{name}.{method}": numbers_write(name, method) for name in SELLERS
       for method in ("buy", "route", "detach", "release")},
    **{f"{kind}.{method}": trunks_write(kind, method) for kind in KINDS for method in ("create", "update", "delete")
       if method != "update" or kind not in ("TrunkCredentialList", "TrunkAddressList")},
}  # fmt: skip

NUMBER_READS: Mapping[str, Callable[[Carrier, E164], Any]] = {
    "owned": lambda carrier, number: carrier.owned(),
    "find": lambda carrier, number: carrier.find(number),
    "offered": lambda carrier, number: carrier.offered(number),
    # By all its digits: any wider search is answered by another sample each time.
    "search": lambda carrier, number: carrier.search(
        NumberSearch(country=number.country, contains=number.digits, type=number.likely_type), 3
    ),
}


def numbers_read(name: str, method: str) -> Callable[[World], Any]:
    return lambda world: NUMBER_READS[method](world.carrier(name), NUMBERS[name])


READS: Mapping[str, Callable[[World], Any]] = {
    **{f"{name}.{method}": numbers_read(name, method) for name in SELLERS for method in NUMBER_READS},
    "SipTrunk.list": lambda world: world.twilio.adapters["SipTrunk"].list(),
    "CredentialList.get": lambda world: world.twilio.adapters["CredentialList"].get("CL" + 32 * "0"),
}

LOST_WRITES: Mapping[str, Mapping[str, Any]] = {
    "500 before": {"action": "status", "when": "before", "status": 500},
    "503 after": {"action": "status", "when": "after", "status": 503},
    "gateway page": {"action": "html", "when": "after", "status": 502},
    "page with 200": {"action": "html", "when": "after", "status": 200},
    "page with 404": {"action": "html", "when": "before", "status": 404},
    "redirect": {"action": "html", "when": "before", "status": 307, "headers": {"location": "https://evil.example/"}},
    "dropped before": {"action": "drop", "when": "before"},
    "dropped after": {"action": "drop", "when": "after"},
    "no answer in time": {"action": "delay", "when": "after", "delay": 16.0},
    "half a body": {"action": "truncate"},
    "broken in the body": {"action": "reset"},
}


# A 204 has no body to cut.
BODILESS = {*(f"{kind}.delete" for kind in KINDS), "twilio.release", "twilio.detach"}
LOST = [(write, fault) for write in WRITES for fault in LOST_WRITES if fault != "half a body" or write not in BODILESS]


@pytest.mark.parametrize(("write", "fault"), LOST)
def test_a_write_without_a_usable_answer_is_an_unknown_outcome_and_is_sent_once(write: str, fault: str) -> None:
    world, act = WRITES[write]()
    mark = world.sandbox.journal.mark()
    world.fault(**LOST_WRITES[fault], write=True, times=None)
    with pytest.raises(UnknownOutcome):
        act()
    assert len(world.writes_since(mark)) == 1


@pytest.mark.parametrize("write", WRITES)
def test_a_write_that_twilio_or_vonage_asked_to_wait_with_is_sent_again_and_carried_out_once(write: str) -> None:
    world, act = WRITES[write]()
    mark = world.sandbox.journal.mark()
    world.fault("status", status=429, write=True, headers={"retry-after": "7"}, times=2)
    act()
    committed = [entry for entry in world.sandbox.journal.writes(mark) if entry.committed]
    assert world.clock.slept == [7.0, 7.0]
    assert len(committed) == len(world.sandbox.journal.writes(mark)) - 2


@pytest.mark.parametrize("write", WRITES)
def test_a_write_is_sent_again_where_no_connection_came_about(write: str) -> None:
    world, act = WRITES[write]()
    mark = world.sandbox.journal.mark()
    world.transport.refused = 2
    act()
    sent = world.sandbox.journal.writes(mark)
    assert len(world.clock.slept) == 2
    assert all(entry.committed for entry in sent)


@pytest.mark.parametrize("write", ["twilio.buy", "vonage.buy", "SipTrunk.create"])
def test_where_no_connection_ever_comes_about_the_error_says_that_nothing_was_sent(write: str) -> None:
    world, act = WRITES[write]()
    mark = world.sandbox.journal.mark()
    world.transport.refused = 1000
    with pytest.raises(VendorError) as raised:
        act()
    assert type(raised.value) is VendorError
    assert "Nothing was sent" in str(raised.value) and "http://carriers.test" in str(raised.value)
    assert world.requests_since(mark) == []


@pytest.mark.parametrize("name", SELLERS)
def test_a_purchase_that_was_carried_out_unseen_is_charged_once_and_found_afterwards(name: str) -> None:
    world = World()
    carrier, desired = world.carrier(name), world.desired(name)
    world.fault("drop", when="after", write=True)
    with pytest.raises(UnknownOutcome):
        carrier.buy(NUMBERS[name], desired)
    assert [each.number for each in carrier.owned()] == [NUMBERS[name]]
    assert len(world.sandbox.ledger.purchases(NUMBERS[name])) == 1


@pytest.mark.parametrize("name", SELLERS)
def test_a_purchase_that_cannot_be_read_back_or_speaks_of_another_number_is_an_unknown_outcome(name: str) -> None:
    for action in SELLERS[name].unconfirmed:
        world = World()
        desired = world.desired(name)
        world.fault(action, vendor=name, write=SELLERS[name].confirmed_by_answer, times=None)
        with pytest.raises(UnknownOutcome):
            world.carrier(name).buy(NUMBERS[name], desired)
        assert len(world.sandbox.ledger.purchases(NUMBERS[name])) == 1


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("fault", LOST_WRITES)
def test_a_read_is_repeated_until_an_answer_can_be_used(read: str, fault: str) -> None:
    expected = READS[read](World())
    world = World()
    world.fault(**LOST_WRITES[fault], write=False, times=3)
    assert READS[read](world) == expected
    assert len(world.clock.slept) == 3


@pytest.mark.parametrize("read", READS)
def test_a_read_that_never_gets_an_answer_is_unavailable(read: str) -> None:
    for action in ("drop", "status"):
        world = World()
        world.fault(action, write=False, times=None)
        with pytest.raises(Unavailable):
            READS[read](world)
        assert len(world.clock.slept) == world.policy.attempts - 1


@pytest.mark.parametrize("read", READS)
def test_a_read_whose_answers_are_never_the_vendors_is_malformed(read: str) -> None:
    for fault in ({"action": "html", "status": 200}, {"action": "truncate"}, {"action": "html", "status": 404}):
        world = World()
        if fault["action"] == "truncate" and read == "vonage.owned":
            world.sandbox.vonage.add_number(NUMBERS["vonage"])
        world.fault(**fault, write=False, times=None)
        with pytest.raises(MalformedReply):
            READS[read](world)


@pytest.mark.parametrize(
    ("headers", "pauses"),
    [
        ({"retry-after": "12"}, [12.0]),
        ({"retry-after": "0"}, [0.0]),
        ({"retry-after": "1.5"}, [1.5]),
        (
            {"retry-after": "Fri, 15 Jan 2027 08:00:30 GMT", "date": "Fri, 15 Jan 2027 08:00:00 GMT"},
            [30.0],
        ),
        (
            {"retry-after": "Fri, 15 Jan 2027 07:00:00 GMT", "date": "Fri, 15 Jan 2027 08:00:00 GMT"},
            [0.0],
        ),
    ],
    ids=["seconds", "zero", "fraction", "date", "date in the past"],
)
def test_a_request_to_wait_is_obeyed_as_it_stands(headers: Mapping[str, str], pauses: list[float]) -> None:
    world = World()
    world.fault("status", status=429, headers=headers)
    world.twilio.carrier.owned()
    assert world.clock.slept == pauses


@pytest.mark.parametrize("headers", [{}, {"retry-after": "soon"}, {"retry-after": "Fri, 15 Jan 2027 08:00:30 GMT"}])
def test_without_a_usable_time_to_wait_the_pauses_grow(headers: Mapping[str, str]) -> None:
    world = World()
    world.fault("status", status=429, headers=headers, times=3)
    world.twilio.carrier.owned()
    bounds = [(0.25, 0.5), (0.5, 1.0), (1.0, 2.0)]
    assert all(low <= pause <= high for pause, (low, high) in zip(world.clock.slept, bounds, strict=True))


def test_a_wait_beyond_the_deadline_ends_the_call_at_once_and_says_how_long() -> None:
    world = World()
    world.fault("status", status=429, headers={"retry-after": "86400"}, times=None)
    with pytest.raises(Throttled) as raised:
        world.twilio.carrier.owned()
    assert raised.value.retry_after == 86400.0
    assert world.clock.slept == []


def test_vonages_rate_limit_is_kept_by_waiting() -> None:
    world = World(rules={"vonage": VonageSettings(requests_per_second=1)})
    number, desired = NUMBERS["vonage"], world.desired("vonage")
    world.vonage.carrier.route(world.vonage.carrier.buy(number, desired), desired)
    assert len(world.sandbox.ledger.purchases(number)) == 1
    assert [entry.status for entry in world.sandbox.journal.writes() if entry.committed] == [200, 200]
