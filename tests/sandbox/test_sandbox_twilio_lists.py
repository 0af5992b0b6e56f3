"""Access, searching and paging at the emulated Twilio, and its answers to what it does not serve."""

from __future__ import annotations

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException  # type: ignore[import-untyped]
from twilio.rest import Client  # type: ignore[import-untyped]

from sandbox import Request, Response, Sandbox, SandboxServer
from sandbox.credentials import TWILIO
from tests.sandbox.callers import Caller, TwilioCaller, refusal

NUMBERS = [f"+1650555{n:04d}" for n in range(7)]


def uris(twilio: TwilioCaller, first: str, key: str, following: str) -> list[list[str]]:
    """Walk a list by its own links and give the numbers of each page."""
    pages, link = [], first
    while link:
        response = twilio.sandbox.handle(Request.of("GET", link, twilio.headers))
        assert isinstance(response, Response)
        body: Any = response.json()
        pages.append([each["phone_number"] for each in body[key]])
        link = body[following] if following in body else body["meta"][following]
    return pages


def test_the_older_api_pages_by_relative_links_newest_first_and_keeps_the_filter(
    world: Sandbox, twilio: TwilioCaller
) -> None:
    for number in [*NUMBERS, "+12125551234"]:
        world.twilio.add_number(number)
    first = f"{twilio.home}/IncomingPhoneNumbers.json?PhoneNumber=%2B1650&PageSize=3"
    newest = NUMBERS[::-1]
    assert uris(twilio, first, "incoming_phone_numbers", "next_page_uri") == [newest[:3], newest[3:6], newest[6:]]


def test_a_number_released_during_a_walk_makes_no_gap(world: Sandbox, twilio: TwilioCaller) -> None:
    for number in NUMBERS:
        world.twilio.add_number(number)
    path = f"{twilio.home}/IncomingPhoneNumbers.json"
    first = twilio.get(path, PageSize=3)[1]
    world.twilio.release_by_hand(first["incoming_phone_numbers"][-1]["phone_number"])
    rest = uris(twilio, first["next_page_uri"], "incoming_phone_numbers", "next_page_uri")
    assert rest == [NUMBERS[3:0:-1], NUMBERS[:1]]


def test_the_way_back_leads_over_the_same_pages(world: Sandbox, twilio: TwilioCaller) -> None:
    for number in NUMBERS:
        world.twilio.add_number(number)
    path = f"{twilio.home}/IncomingPhoneNumbers.json"
    first = twilio.get(path, PageSize=3)[1]
    second = twilio.sandbox.handle(Request.of("GET", first["next_page_uri"], twilio.headers))
    assert isinstance(second, Response)
    back = uris(twilio, second.json()["previous_page_uri"], "incoming_phone_numbers", "next_page_uri")
    assert back[0] == NUMBERS[:3:-1]


def test_the_newer_apis_page_by_links_to_the_host_that_was_asked(world: Sandbox, twilio: TwilioCaller) -> None:
    trunk = twilio.trunk()
    for number in NUMBERS:
        world.twilio.add_number(number, trunk_sid=trunk)
    first = f"http://127.0.0.1:8080/v1/Trunks/{trunk}/PhoneNumbers?PageSize=4"
    newest = NUMBERS[::-1]
    assert uris(twilio, first, "phone_numbers", "next_page_url") == [newest[:4], newest[4:]]
    response = world.handle(Request.of("GET", first, twilio.headers))
    assert isinstance(response, Response)
    assert response.json()["meta"]["next_page_url"].startswith("http://127.0.0.1:8080/v1/Trunks/")


def test_fifty_is_the_page_where_none_is_asked_for_and_a_thousand_the_most(
    world: Sandbox, twilio: TwilioCaller
) -> None:
    for n in range(51):
        world.twilio.add_number(f"+1650555{n:04d}")
    path = f"{twilio.home}/IncomingPhoneNumbers.json"
    assert len(twilio.get(path)[1]["incoming_phone_numbers"]) == 50
    assert len(twilio.get(path, PageSize=1000)[1]["incoming_phone_numbers"]) == 51
    rule = "Invalid PageSize: must be a whole number from 1 to 1000"
    assert twilio.get(path, PageSize=1001) == refusal(20001, rule)


@pytest.mark.parametrize(
    "filters", [{"FriendlyName": "ours"}, {"PhoneNumber": "+16505550003"}, {"PhoneNumber": "*0003"}]
)
def test_each_filter_finds_the_number_that_it_names(
    world: Sandbox, twilio: TwilioCaller, filters: dict[str, str]
) -> None:
    for number in NUMBERS:
        world.twilio.add_number(number, friendly_name="ours" if number.endswith("3") else "ours too")
    _, body = twilio.get(f"{twilio.home}/IncomingPhoneNumbers.json", **filters)
    assert [each["phone_number"] for each in body["incoming_phone_numbers"]] == [NUMBERS[3]]


def test_a_search_shows_what_can_be_bought_and_no_more(world: Sandbox, twilio: TwilioCaller) -> None:
    path = f"{twilio.home}/AvailablePhoneNumbers/US/Local.json"

    def found(**fields: Any) -> list[str]:
        return [each["phone_number"] for each in twilio.get(path, **fields)[1]["available_phone_numbers"]]

    first, second, third = found(AreaCode=650, PageSize=3)
    assert all(number.startswith("+1650") for number in (first, second, third))
    twilio.buy(first)
    world.twilio.sell(second)
    assert [found(Contains=each) for each in (first, second, third)] == [[], [], [third]]
    assert all(number.startswith("+1212555") for number in found(Contains="+1212555****", PageSize=2))
    assert found(Contains="FLOWERS", AreaCode=650) == ["+16503569377"]
    assert found(InRegion="HI", PageSize=1)[0].startswith("+1808")
    assert len(found()) == 50


def test_every_search_shows_another_sample_and_the_same_in_every_sandbox_of_a_seed() -> None:
    def samples(seed: int) -> list[tuple[str, ...]]:
        caller = TwilioCaller(Sandbox(seed))
        path = f"{caller.home}/AvailablePhoneNumbers/US/Local.json"
        answers = (caller.get(path, AreaCode=650, PageSize=20)[1]["available_phone_numbers"] for _ in range(5))
        return [tuple(each["phone_number"] for each in answer) for answer in answers]

    assert len({number for sample in samples(1) for number in sample}) == 100
    assert samples(1) == samples(1)
    assert samples(1) != samples(2)


def test_a_search_names_place_and_capabilities_in_twilios_spelling(twilio: TwilioCaller) -> None:
    _, body = twilio.get(f"{twilio.home}/AvailablePhoneNumbers/US/Local.json", Contains="+16505551234")
    assert body == {
        "available_phone_numbers": [
            {
                "friendly_name": "(650) 555-1234",
                "phone_number": "+16505551234",
                "lata": None,
                "locality": "San Mateo",
                "rate_center": "SAN MATEO",
                "latitude": None,
                "longitude": None,
                "region": "CA",
                "postal_code": None,
                "iso_country": "US",
                "address_requirements": "none",
                "beta": False,
                "capabilities": {"voice": True, "SMS": True, "MMS": True},
            }
        ],
        "uri": f"{twilio.home}/AvailablePhoneNumbers/US/Local.json",
    }


def test_a_price_is_what_a_purchase_then_costs(world: Sandbox, twilio: TwilioCaller) -> None:
    twilio.buy("+18885551234")
    _, body = twilio.get("/v1/PhoneNumbers/Countries/US")
    prices = {each["number_type"]: each["current_price"] for each in body["phone_number_prices"]}
    assert prices == {"local": "1.15", "toll free": "2.15"}
    assert [str(charge.amount) for charge in world.ledger.charges()] == [prices["toll free"]]


@pytest.mark.parametrize(
    "path", ["/AvailablePhoneNumbers/XX/Local.json", "/AvailablePhoneNumbers/US/Mobile.json", "/Calls.json",
             "/IncomingPhoneNumbers/PN00000000000000000000000000000000.json"]
)  # fmt: skip
def test_what_is_not_there_is_not_found(twilio: TwilioCaller, path: str) -> None:
    message = f"The requested resource {twilio.home}{path} was not found"
    assert twilio.get(twilio.home + path) == refusal(20404, message, 404)


def test_a_verb_that_a_resource_does_not_have_is_not_allowed(twilio: TwilioCaller) -> None:
    assert twilio.answer("PUT", "/v1/Trunks") == refusal(20004, "Method not allowed", 405)


@pytest.mark.parametrize("user, password", [(TWILIO.sid, "wrong"), ("AC" + "0" * 32, TWILIO.auth_token), ("", "")])
def test_wrong_credentials_are_not_told_what_is_wrong(world: Sandbox, user: str, password: str) -> None:
    assert Caller(world, user, password).get("/v1/Trunks") == refusal(20003, "Authenticate", 401)


def test_an_api_key_does_everything_but_read_the_account(world: Sandbox, twilio: TwilioCaller) -> None:
    ((key, secret),) = TWILIO.keys.items()
    by_key = Caller(world, key, secret)
    assert by_key.post(f"{twilio.home}/IncomingPhoneNumbers.json", PhoneNumber=NUMBERS[0])[0] == 201
    assert by_key.get(f"{twilio.home}.json") == refusal(20003, "Authenticate", 401)
    assert twilio.get(f"{twilio.home}.json")[1]["sid"] == TWILIO.sid


def test_the_official_sdk_walks_every_page_and_reads_every_error(world: Sandbox) -> None:
    trunk = TwilioCaller(world).trunk(FriendlyName="fleet")
    for number in NUMBERS:
        world.twilio.add_number(number, trunk_sid=trunk)
    with SandboxServer(world) as server:
        client = Client(TWILIO.sid, TWILIO.auth_token)
        for domain in (client.api, client.trunking, client.pricing):
            domain.base_url = server.url
        assert [each.phone_number for each in client.incoming_phone_numbers.list(page_size=2)] == NUMBERS[::-1]
        carried = client.trunking.v1.trunks(trunk).phone_numbers.list(page_size=2)
        assert [each.phone_number for each in carried] == NUMBERS[::-1]
        with pytest.raises(TwilioRestException) as caught:
            client.incoming_phone_numbers.create(phone_number="+16501551234")
        assert (caught.value.status, caught.value.code) == (400, 21422)
