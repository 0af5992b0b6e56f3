"""The numbers of both carriers: search, purchase, routing, detaching and release, walked through their states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from providers.port import Candidate, NumberSearch
from sandbox.credentials import TWILIO, VONAGE
from tests.contract.carriers import NUMBERS, OTHERS, TAG, World
from tests.contract.cases import SELLERS
from trunkline.carriers import CARRIERS
from trunkline.e164 import E164
from trunkline.errors import Reason, Rejected
from trunkline.money import Money


@pytest.fixture
def world() -> World:
    return World()


each_carrier = pytest.mark.parametrize("name", SELLERS)


@each_carrier
def test_a_number_walks_from_offer_to_release(world: World, name: str) -> None:
    carrier, number, desired = world.carrier(name), NUMBERS[name], world.desired(name)
    offer = carrier.offered(number)
    assert offer is not None and (offer.number, offer.country, offer.type) == (number, number.country, "local")

    bought = carrier.buy(number, desired)
    assert (bought.number, bought.country, bought.type) == (number, number.country, "local")
    assert carrier.find(number) == bought
    assert carrier.owned() == (bought,)
    assert carrier.offered(number) is None
    assert carrier.price(bought) == offer.monthly

    routed = carrier.route(bought, desired)
    expected = {name: desired[name] for name in carrier.route_fields}
    assert routed == replace(bought, tag=TAG if "tag" in carrier.route_fields else "", props=expected)
    assert carrier.find(number) == routed

    carrier.detach(routed)
    detached = carrier.find(number)
    assert detached is not None and detached.props == SELLERS[name].left(number)

    carrier.release(detached)
    carrier.release(detached)
    assert (carrier.find(number), carrier.owned()) == (None, ())
    assert len(world.sandbox.ledger.purchases(number)) == 1


@each_carrier
def test_a_search_gives_priced_numbers_of_the_asked_kind_that_can_all_be_bought(world: World, name: str) -> None:
    case = SELLERS[name]
    query = case.search
    found = world.carrier(name).search(query, 5)
    assert [(each.country, each.type, each.monthly, each.requires) for each in found] == [
        (query.country, "local", case.monthly, ())
    ] * 5
    assert {each.number[: len("+1650")] for each in found} == {case.number[: len("+1650")]}
    assert [world.carrier(name).offered(each.number) for each in found] == list(found)


@each_carrier
@pytest.mark.parametrize(
    ("query", "fits"),
    [
        (NumberSearch(country="GB", type="mobile"), lambda digits: digits.startswith("447")),
        (NumberSearch(country="GB", type="toll_free"), lambda digits: digits.startswith("44800")),
        (NumberSearch(country="GB", area_code="161"), lambda digits: digits.startswith("44161")),
        (NumberSearch(country="US", contains="650*55"), lambda digits: "650" in digits),
        (NumberSearch(country="GB", area_code="20", contains="77"), lambda digits: "77" in digits[4:]),
    ],
    ids=lambda value: (
        "/".join(filter(None, (value.country, value.area_code, value.contains, value.type)))
        if isinstance(value, NumberSearch)
        else ""
    ),
)
def test_a_search_finds_only_what_fits(
    world: World, name: str, query: NumberSearch, fits: Callable[[str], bool]
) -> None:
    found = world.carrier(name).search(query, 3)
    if (sold := CARRIERS[name].countries) and query.country not in sold:
        assert found == ()
        return
    assert found and all(fits(each.number.digits) and each.type == query.type for each in found)


@each_carrier
def test_a_search_for_what_the_country_does_not_have_finds_nothing(world: World, name: str) -> None:
    assert world.carrier(name).search(NumberSearch(country="NZ", type="mobile"), 5) == ()


@each_carrier
def test_only_the_exact_number_is_offered_and_found(world: World, name: str) -> None:
    carrier, number = world.carrier(name), NUMBERS[name]
    world.emulator(name).sell(number)
    world.emulator(name).add_number(OTHERS[name])
    assert carrier.offered(number) is None
    assert carrier.find(number) is None


@each_carrier
def test_prices_of_a_country_are_not_asked_for_twice_where_they_are_a_list_of_their_own(
    world: World, name: str
) -> None:
    carrier = world.carrier(name)
    carrier.search(NumberSearch(country="US", area_code="650"), 2)
    mark = world.sandbox.journal.mark()
    carrier.search(NumberSearch(country="US", area_code="415"), 2)
    assert world.requests_since(mark) == [SELLERS[name].search_request]


def test_twilio_takes_a_purchase_with_tag_and_routing_in_one_request(world: World) -> None:
    desired = world.desired("twilio")
    mark = world.sandbox.journal.mark()
    bought = world.twilio.carrier.buy(NUMBERS["twilio"], desired)
    assert (bought.tag, bought.props) == (TAG, {"tag": TAG, "trunkSid": desired["trunkSid"]})
    assert [dict(entry.params) for entry in world.sandbox.journal.writes(mark)] == [
        {
            "PhoneNumber": NUMBERS["twilio"],
            "FriendlyName": TAG,
            "TrunkSid": desired["trunkSid"],
            "VoiceReceiveMode": "voice",
        }
    ]


def test_twilio_says_which_numbers_need_an_address(world: World) -> None:
    number = E164.parse("+493023456789")
    offer = world.twilio.carrier.offered(number)
    assert offer == Candidate(
        number=number, country="DE", type="local", monthly=Money("USD", Decimal("3.00")), requires=("address_sid",),
        address_rule="local",
    )  # fmt: skip


def test_twilio_says_what_keeps_a_number_from_its_release_and_takes_it_off(world: World) -> None:
    number, carrier = NUMBERS["twilio"], world.twilio.carrier
    address = world.sandbox.twilio.add_address("US", emergency=True)["sid"]
    world.sandbox.twilio.add_number(
        number, emergency_address_sid=address, emergency_status="Active", sms_url="https://s.x"
    )
    blocked = carrier.find(number)
    assert blocked is not None and blocked.blocks_release == f"emergency address {address} is attached to it"
    with pytest.raises(Rejected) as refused:
        carrier.release(blocked)
    assert (refused.value.reason, "clear_emergency_address" in str(refused.value)) == (Reason.DEPENDENTS, True)
    carrier.unblock(blocked)
    free = carrier.find(number)
    assert free is not None and free.blocks_release == ""
    assert (world.sandbox.twilio.number(number) or {})["sms_url"] == "https://s.x"
    carrier.release(free)
    assert carrier.owned() == ()


@each_carrier
def test_nothing_is_written_where_nothing_blocks_a_release(world: World, name: str) -> None:
    carrier, number = world.carrier(name), NUMBERS[name]
    bought = carrier.buy(number, world.desired(name))
    mark = world.sandbox.journal.mark()
    carrier.unblock(bought)
    assert (bought.blocks_release, world.sandbox.journal.writes(mark)) == ("", [])


@each_carrier
def test_an_ordinary_number_lacks_no_papers(world: World, name: str) -> None:
    offer = world.carrier(name).offered(NUMBERS[name])
    assert offer is not None and world.carrier(name).lacks(offer, {}) == ()


def test_routing_at_twilio_touches_no_message_settings_and_ends_fax_mode(world: World) -> None:
    number, desired = NUMBERS["twilio"], world.desired("twilio")
    world.sandbox.twilio.add_number(
        number, sms_url="https://sms.example/in", voice_url="https://voice.example", voice_receive_mode="fax",
        trunk_sid=desired["trunkSid"],
    )  # fmt: skip
    found = world.twilio.carrier.find(number)
    assert found is not None and found.props["trunkSid"] == ""  # A number that receives faxes is not routed.
    routed = world.twilio.carrier.route(found, desired)
    assert routed.props == {"tag": TAG, "trunkSid": desired["trunkSid"]}
    record = world.sandbox.twilio.number(number) or {}
    assert (record["sms_url"], record["voice_url"], record["voice_receive_mode"]) == (
        "https://sms.example/in",
        "https://voice.example",
        "voice",
    )


def test_detaching_at_twilio_leaves_the_tag_until_the_routing_is_gone(world: World) -> None:
    bought = world.twilio.carrier.buy(NUMBERS["twilio"], world.desired("twilio"))
    mark = world.sandbox.journal.mark()
    world.twilio.carrier.detach(bought)
    assert world.writes_since(mark) == [
        f"DELETE /v1/Trunks/{bought.props['trunkSid']}/PhoneNumbers/{bought.id}",
        f"POST /IncomingPhoneNumbers/{bought.id}.json",
    ]


def test_routing_and_detaching_at_vonage_keep_everything_else(world: World) -> None:
    number, desired = NUMBERS["vonage"], world.desired("vonage")
    links = {
        "moHttpUrl": "https://sms.example/in",
        "app_id": "aaaaaaaa-bbbb-cccc-dddd-0123456789ab",
        "messagesCallbackType": "app",
        "messagesCallbackValue": "aaaaaaaa-bbbb-cccc-dddd-0123456789ab",
    }
    world.sandbox.vonage.add_number(number, **links)
    found = world.vonage.carrier.find(number)
    assert found is not None
    routed = world.vonage.carrier.route(found, desired)
    assert {name: routed.raw.get(name) for name in links} == links
    assert world.vonage.carrier.find(number) == routed
    world.vonage.carrier.detach(routed)
    detached = world.vonage.carrier.find(number)
    assert detached is not None and detached.raw == found.raw


def test_vonage_leaves_a_number_that_is_not_routed_to_sip_as_it_is_when_it_is_detached(world: World) -> None:
    number = NUMBERS["vonage"]
    world.sandbox.vonage.add_number(number, voiceCallbackType="tel", voiceCallbackValue="447700900000")
    found = world.vonage.carrier.find(number)
    assert found is not None and found.props == {"sipUri": ""}
    mark = world.sandbox.journal.mark()
    world.vonage.carrier.detach(found)
    assert world.writes_since(mark) == []


def test_vonage_sends_nothing_to_a_number_that_is_routed_already(world: World) -> None:
    desired = world.desired("vonage")
    routed = world.vonage.carrier.route(world.vonage.carrier.buy(NUMBERS["vonage"], desired), desired)
    mark = world.sandbox.journal.mark()
    assert world.vonage.carrier.route(routed, desired) == routed
    assert world.writes_since(mark) == []


def test_routing_at_vonage_builds_on_what_the_number_is_now(world: World) -> None:
    number, desired = NUMBERS["vonage"], world.desired("vonage")
    old = world.vonage.carrier.buy(number, desired)
    world.sandbox.vonage.edit_number(number, moHttpUrl="https://sms.example/new")
    world.vonage.carrier.route(old, desired)
    found = world.vonage.carrier.find(number)
    assert found is not None and found.raw["moHttpUrl"] == "https://sms.example/new"


def test_vonage_refuses_to_route_a_number_that_is_gone(world: World) -> None:
    number, desired = NUMBERS["vonage"], world.desired("vonage")
    bought = world.vonage.carrier.buy(number, desired)
    world.sandbox.vonage.release_by_hand(number)
    with pytest.raises(Rejected) as refused:
        world.vonage.carrier.route(bought, desired)
    assert refused.value.reason is Reason.NOT_FOUND


def test_the_account_of_each_carrier_is_named_as_the_vendor_names_it(world: World) -> None:
    assert (world.twilio.carrier.account, world.vonage.carrier.account) == (TWILIO.sid, VONAGE.api_key)


def test_a_number_of_an_area_that_no_library_knows_is_seen_found_sold_and_priced(world: World) -> None:
    carrier, number, price = world.twilio.carrier, SELLERS["twilio"].rare, SELLERS["twilio"].monthly
    offer = carrier.offered(number)
    assert offer == Candidate(number=number, country="US", type="local", monthly=price)
    bought = carrier.buy(number, world.desired("twilio"))
    assert (carrier.find(number), carrier.owned(), carrier.price(bought)) == (bought, (bought,), price)


@each_carrier
def test_a_number_in_the_account_that_fits_no_plan_is_not_dropped(world: World, name: str) -> None:
    number = SELLERS[name].rare
    world.emulator(name).add_number(number)
    assert [owned.number for owned in world.carrier(name).owned()] == [number]


def test_vonages_own_country_counts(world: World) -> None:
    carrier, jersey = world.vonage.carrier, SELLERS["vonage"]
    offer = carrier.offered(jersey.rare, "GB")
    assert offer == Candidate(number=jersey.rare, country="GB", type="mobile", monthly=jersey.monthly)


@pytest.mark.parametrize("country", ["GB", "JE", ""])
def test_a_purchase_names_the_country_that_vonage_sells_the_number_as(world: World, country: str) -> None:
    carrier, jersey = world.vonage.carrier, SELLERS["vonage"].rare
    bought = carrier.buy(jersey, {**world.desired("vonage"), "country": country})
    assert (bought.number, bought.country) == (jersey, "GB")
    carrier.release(bought)
    assert carrier.owned() == ()
