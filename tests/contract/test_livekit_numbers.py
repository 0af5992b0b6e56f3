"""The numbers that LiveKit itself sells, over its phone number service: what is sent, and what its answers mean."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any, cast

import jwt
import pytest

from providers import livekit_numbers
from providers.calls import Policy
from providers.livekit_numbers.numbering import LiveKitNumbers
from providers.port import Candidate, NumberSearch
from sandbox.credentials import LIVEKIT, LIVEKIT_SIP_URI
from sandbox.faults import Fault
from sandbox.request import Request, Response
from sandbox.world import Sandbox
from tests.contract.carriers import Clock
from tests.support.sandbox_transport import SandboxTransport
from trunkline.e164 import E164
from trunkline.errors import MalformedReply, Reason, Rejected, Throttled, Unavailable, UnknownOutcome
from trunkline.secret import Secret
from trunkline.settings import LiveKitSettings

NUMBER, OTHER = E164.parse("+14155550123"), E164.parse("+14155550124")
AREA = NumberSearch(country="US", area_code="415")
TAG = "trunkline:demo/support"
SERVICE = "/twirp/livekit.PhoneNumberService/"


class World:
    """A sandbox and the project's numbers in it."""

    def __init__(self, url: str = "ws://livekit.test", secret: str = LIVEKIT.api_secret) -> None:
        self.clock = Clock()
        self.sandbox = Sandbox(now=self.clock.time, sleep=self.clock.pass_by)
        self.requests: list[Request] = []
        settings = LiveKitSettings(
            url=url, api_key=LIVEKIT.api_key, api_secret=Secret(secret), sip_host=LIVEKIT_SIP_URI.partition(":")[2]
        )
        policy = Policy(monotonic=self.clock.time, sleep=self.clock.sleep, jitter=Random(0))
        carrier = livekit_numbers.connect(
            settings, policy, SandboxTransport(cast(Sandbox, self), self.clock.time)
        ).carrier
        assert isinstance(carrier, LiveKitNumbers)
        self.carrier = carrier
        individual = {"dispatch_rule_individual": {"room_prefix": "call-"}}
        rule = self.sandbox.livekit.add_dispatch_rule(trunk_ids=["trunkline-number:+1"], rule=individual)
        self.rule = rule["sip_dispatch_rule_id"]
        self.desired = {"tag": TAG, "dispatchRuleId": self.rule, "country": "US"}

    def handle(self, request: Request) -> Any:
        self.requests.append(request)
        return self.sandbox.handle(request)

    def sent(self) -> list[tuple[str, Any]]:
        """Give RPC and body of each request."""
        return [(one.path.removeprefix(SERVICE), json.loads(one.body)) for one in self.requests]

    def fault(self, action: Any, **fields: Any) -> None:
        self.sandbox.faults.add(Fault(action, **fields))


@pytest.fixture
def world() -> Iterator[World]:
    yield World()


def test_a_number_walks_from_offer_to_release(world: World) -> None:
    carrier = world.carrier
    (offer,) = carrier.search(AREA, 1)
    assert offer == Candidate(number=offer.number, country="US", type="local", monthly=None)
    assert carrier.offered(offer.number) == offer
    bought = carrier.buy(offer.number, world.desired)
    assert (bought.number, bought.tag, bought.props) == (
        offer.number,
        "",
        {"tag": "", "dispatchRuleId": world.rule},
    )
    assert (carrier.find(offer.number), carrier.owned(), carrier.offered(offer.number)) == (bought, (bought,), None)
    assert carrier.price(bought) is None
    routed = carrier.route(bought, world.desired)
    assert routed.props == {"tag": TAG, "dispatchRuleId": world.rule}
    assert carrier.find(offer.number) == routed
    carrier.detach(routed, "Front desk")
    detached = carrier.find(offer.number)
    assert detached is not None and detached.props == {"tag": "Front desk", "dispatchRuleId": ""}
    assert (carrier.release(detached), carrier.release(detached)) == (True, False)
    assert (carrier.find(offer.number), carrier.owned()) == (None, ())
    assert [type(each).__name__ for each in world.sandbox.ledger.entries] == ["Charge", "Release"]


def test_a_purchase_names_its_number_and_its_rule_and_the_name_comes_after(world: World) -> None:
    world.carrier.route(world.carrier.buy(NUMBER, world.desired), world.desired)
    bought = world.sandbox.livekit.numbers.get(NUMBER)
    assert bought is not None
    assert world.sent() == [
        ("PurchasePhoneNumber", {"phone_numbers": [NUMBER], "sip_dispatch_rule_id": world.rule}),
        ("UpdatePhoneNumber", {"id": bought["id"], "name": TAG}),
    ]


def test_a_token_has_the_one_grant_and_is_good_for_minutes(world: World) -> None:
    world.carrier.owned()
    token = world.requests[0].headers["authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, LIVEKIT.api_secret, algorithms=["HS256"])
    assert (claims["iss"], claims["sip"], claims["exp"] - claims["nbf"]) == (LIVEKIT.api_key, {"admin": True}, 900)
    assert claims.keys() == {"iss", "nbf", "exp", "sip"}


@pytest.mark.parametrize("url", ["ws://livekit.test", "http://livekit.test/"])
def test_the_service_is_asked_at_the_url_of_the_project(url: str) -> None:
    world = World(url)
    assert world.carrier.account == "livekit.test"
    world.carrier.owned()
    assert [one.path for one in world.requests] == [f"{SERVICE}ListPhoneNumbers"]


@pytest.mark.parametrize("amount", [0, 1, 50, 51, 120])
def test_all_pages_of_a_list_are_read(world: World, amount: int) -> None:
    numbers = [E164.parse(f"+1415555{index:04}") for index in range(amount)]
    for number in numbers:
        world.sandbox.livekit.numbers.add(number)
    assert [one.number for one in world.carrier.owned()] == numbers
    assert len(world.requests) == max(1, -(-amount // 50))


def test_a_number_that_was_given_back_is_not_owned_though_it_is_listed(world: World) -> None:
    bought = world.carrier.buy(NUMBER, world.desired)
    world.carrier.release(bought)
    assert world.carrier.owned() == ()
    answered = cast(Response, world.sandbox.handle(world.requests[-1]))
    assert [one["status"] for one in answered.json()["items"]] == ["PHONE_NUMBER_STATUS_RELEASED"]


@pytest.mark.parametrize("action", ["short_page", "duplicate"])
def test_a_list_that_is_not_whole_is_read_again_and_then_an_error(world: World, action: str) -> None:
    for number in (NUMBER, OTHER):
        world.sandbox.livekit.numbers.add(number)
    world.fault(action)
    assert [one.number for one in world.carrier.owned()] == [NUMBER, OTHER]
    world.fault(action, times=None)
    with pytest.raises(MalformedReply, match="ListPhoneNumbers"):
        world.carrier.owned()


@pytest.mark.parametrize(
    "body",
    [{}, {"items": None}, {"items": ["+1"]}, {"items": [{"id": "PN_1"}]}, {"items": [{"e164_format": NUMBER}]}],
    ids=json.dumps,
)
def test_a_list_in_a_form_that_is_not_documented_is_an_error(world: World, body: Any) -> None:
    world.fault("status", status=200, body=json.dumps(body), times=None)
    with pytest.raises(MalformedReply):
        world.carrier.owned()


def test_fields_in_camel_case_and_an_older_service_s_single_rule_are_understood(world: World) -> None:
    row = {"id": "PN_1", "e164Format": NUMBER, "countryCode": "US", "numberType": "PHONE_NUMBER_TYPE_TOLL_FREE"}
    row |= {"status": "PHONE_NUMBER_STATUS_PENDING", "sipDispatchRuleId": "SDR_1", "name": "Desk"}
    world.fault("status", status=200, body=json.dumps({"phoneNumber": row}))
    found = world.carrier.find(NUMBER)
    assert found is not None
    assert (found.id, found.type, found.pending, found.props) == (
        "PN_1",
        "toll_free",
        "its provisioning",
        {"tag": "Desk", "dispatchRuleId": "SDR_1"},
    )


def test_an_answer_about_another_number_does_not_mean_that_the_number_is_gone(world: World) -> None:
    world.sandbox.livekit.numbers.add(NUMBER)
    world.fault("wrong_number", times=None)
    with pytest.raises(MalformedReply, match=re.escape(f"about {OTHER}, not {NUMBER}")):
        world.carrier.find(NUMBER)


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        (replace(AREA, contains="77"), lambda digits: digits.startswith("1415") and "77" in digits),
        (NumberSearch(country="US", type="toll_free"), lambda digits: digits.startswith("18")),
        (NumberSearch(country="US", contains="4*5"), lambda digits: len(digits) == 11),
    ],
    ids=["digits", "toll-free", "a gap"],
)
def test_a_search_finds_only_what_fits(world: World, query: NumberSearch, fits: Any) -> None:
    found = world.carrier.search(query, 3)
    assert found and all(fits(one.number.digits) and one.type == query.type for one in found)


def test_nothing_is_found_where_livekit_sells_nothing(world: World) -> None:
    assert world.carrier.search(NumberSearch(country="GB"), 3) == ()
    assert world.carrier.search(NumberSearch(country="US", type="mobile"), 3) == ()
    assert world.carrier.offered(E164.parse("+442079460123")) is None


def test_a_number_that_is_not_to_be_had_is_not_available(world: World) -> None:
    world.sandbox.livekit.numbers.sell(NUMBER)
    with pytest.raises(Rejected) as refused:
        world.carrier.buy(NUMBER, world.desired)
    assert (refused.value.reason, refused.value.code) == (Reason.NOT_AVAILABLE, "not_found")
    assert world.sandbox.ledger.entries == []


@pytest.mark.parametrize("action", ["drop", "reset", "truncate", "wrong_number", "html"])
def test_a_purchase_without_a_usable_answer_has_an_unknown_outcome_and_is_sent_once(world: World, action: str) -> None:
    falsifies = {"reset", "truncate", "wrong_number"}
    world.fault(action, when="before" if action in falsifies else "after", status=502, times=None)
    with pytest.raises(UnknownOutcome):
        world.carrier.buy(NUMBER, world.desired)
    assert len(world.requests) == 1
    world.sandbox.faults.clear()
    found = world.carrier.find(NUMBER)
    assert found is not None and found.props == {"tag": "", "dispatchRuleId": world.rule}


def test_a_read_is_repeated_and_a_write_only_after_429(world: World) -> None:
    world.fault("status", status=503)
    assert world.carrier.owned() == ()
    assert len(world.requests) == 2
    world.fault("status", status=503, write=True)
    with pytest.raises(UnknownOutcome):
        world.carrier.buy(NUMBER, world.desired)
    assert len(world.requests) == 3
    world.fault("status", status=429, write=True)
    assert world.carrier.buy(NUMBER, world.desired).number == NUMBER
    world.fault("status", status=429, write=True, times=None)
    with pytest.raises(Throttled):
        world.carrier.buy(OTHER, world.desired)


def test_an_outage_is_no_empty_account(world: World) -> None:
    world.fault("drop", times=None)
    with pytest.raises(Unavailable):
        world.carrier.owned()


def test_a_wrong_secret_is_told_by_its_settings_and_shown_nowhere() -> None:
    world = World(secret="Canary-wrong-secret-000000000000")
    with pytest.raises(Rejected) as refused:
        world.carrier.owned()
    assert refused.value.reason is Reason.CREDENTIALS
    assert "LIVEKIT_API_SECRET" in str(refused.value)
    assert "Canary" not in str(refused.value) and "eyJ" not in str(refused.value)


def test_a_server_without_the_service_says_who_sells_numbers(world: World) -> None:
    error = {"code": "bad_route", "msg": "no handler for path"}
    world.fault("status", status=404, body=json.dumps(error), times=None)
    with pytest.raises(Rejected, match="LiveKit Cloud alone sells phone numbers"):
        world.carrier.owned()


def test_routing_moves_a_number_from_the_rule_that_it_had(world: World) -> None:
    individual = {"dispatch_rule_individual": {"room_prefix": "old-"}}
    theirs = world.sandbox.livekit.add_dispatch_rule(trunk_ids=["ST_a"], rule=individual)["sip_dispatch_rule_id"]
    world.sandbox.livekit.numbers.add(NUMBER, theirs, name="Desk")
    found = world.carrier.find(NUMBER)
    assert found is not None and found.props == {"tag": "Desk", "dispatchRuleId": theirs}
    routed = world.carrier.route(found, world.desired)
    assert (routed, routed.props) == (world.carrier.find(NUMBER), {"tag": TAG, "dispatchRuleId": world.rule})


def test_a_number_that_livekit_leaves_with_another_rule_too_is_told(world: World) -> None:
    world.sandbox.livekit.numbers.add(NUMBER, "")
    found = world.carrier.find(NUMBER)
    assert found is not None
    row = {**found.raw, "sip_dispatch_rule_ids": [world.rule, "SDR_other"]}
    world.fault("status", status=200, body=json.dumps({"phone_number": row}), write=True)
    with pytest.raises(UnknownOutcome, match=re.escape(f"ties {NUMBER} to {world.rule} SDR_other still")):
        world.carrier.route(found, world.desired)


def test_nothing_blocks_lacks_or_takes_a_number_off_a_route_alone(world: World) -> None:
    (offer,) = world.carrier.search(AREA, 1)
    bought = world.carrier.buy(offer.number, world.desired)
    sent = len(world.requests)
    world.carrier.unblock(bought)
    assert (world.carrier.unroute(bought), world.carrier.lacks(offer, {}), len(world.requests)) == (False, (), sent)
