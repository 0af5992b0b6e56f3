"""The emulated Vonage."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from sandbox import Request, Response, Sandbox
from sandbox.credentials import OTHER_VONAGE, VONAGE
from sandbox.ledger import Charge
from sandbox.vonage import VonageSettings
from tests.sandbox.callers import NOON, Clock, VonageCaller, label

GB = "442079460123"
OK = label(200, "success")
FAILED = label(420, "method failed")
APP = "aaaaaaaa-bbbb-cccc-dddd-0123456789ab"
SIP = {"voiceCallbackType": "sip", "voiceCallbackValue": f"sip:{GB}@abc.sip.livekit.cloud;transport=tcp"}


def test_a_purchase_is_charged_what_the_search_said(world: Sandbox, vonage: VonageCaller) -> None:
    _, found = vonage.get("/number/search", country="GB", pattern=GB)
    row = {"country": "GB", "msisdn": GB, "cost": "1.25", "type": "landline", "features": ["VOICE"]}
    assert found == {"count": 1, "numbers": [row]}
    assert vonage.buy(GB) == OK
    assert world.ledger.entries == [Charge("vonage", VONAGE.api_key, f"+{GB}", Decimal("1.25"), "EUR", NOON)]
    assert vonage.get("/account/get-balance") == (200, {"value": 9998.75, "autoReload": False})
    assert vonage.owned() == {
        "count": 1,
        "numbers": [{"country": "GB", "msisdn": GB, "type": "landline", "features": ["VOICE"]}],
    }


def test_nothing_found_is_an_empty_object(vonage: VonageCaller) -> None:
    assert vonage.owned() == {}
    assert vonage.get("/number/search", country="GB", pattern="1") == (200, {})
    assert vonage.get("/number/search", country="US", features="SMS,MMS,VOICE", type="landline") == (200, {})


@pytest.mark.parametrize("why", ["own", "foreign", "sold", "of another country", "in no block"])
def test_what_cannot_be_bought_is_a_420(world: Sandbox, vonage: VonageCaller, why: str) -> None:
    if why == "own":
        vonage.buy(GB)
    elif why == "foreign":
        world.vonage.add_foreign_number(f"+{GB}")
    elif why == "sold":
        world.vonage.sell(f"+{GB}")
    before = list(world.ledger.entries)
    country = "US" if why == "of another country" else "GB"
    assert vonage.buy("442" if why == "in no block" else GB, country)[0] in (400, 420)
    assert world.ledger.entries == before


def test_a_country_that_wants_an_address_and_an_empty_purse_are_420s_that_say_so(clock: Clock) -> None:
    poor = replace(VONAGE, balance=Decimal("1.24"))
    vonage = VonageCaller(Sandbox(now=clock, vonage=VonageSettings(accounts=(poor,))))
    assert vonage.buy("493025551233", "DE")[1]["error-code-label"].startswith("Numbers from this country can be")
    assert vonage.buy(GB) == label(420, "insufficient credit")


def test_an_update_takes_away_every_link_that_it_leaves_out(vonage: VonageCaller) -> None:
    vonage.buy(GB)
    number = {"country": "GB", "msisdn": GB}
    bare = vonage.owned()["numbers"][0]
    everything = {**SIP, "app_id": APP, "moHttpUrl": "https://example.com/in"}
    assert vonage.post("/number/update", **number, **everything) == OK
    assert vonage.owned()["numbers"] == [{**bare, **everything}]
    assert vonage.post("/number/update", **number, app_id=APP) == OK
    assert vonage.owned()["numbers"] == [{**bare, "app_id": APP}]
    assert vonage.post("/number/update", **number, app_id=APP, moHttpUrl="") == OK
    assert vonage.post("/number/update", **number) == OK
    assert vonage.owned()["numbers"] == [bare]


@pytest.mark.parametrize(
    "links",
    [
        {"voiceCallbackType": "sip"},
        {"voiceCallbackValue": SIP["voiceCallbackValue"]},
        {"voiceCallbackType": "sip", "voiceCallbackValue": "abc.sip.livekit.cloud"},
        {"voiceCallbackType": "tel", "voiceCallbackValue": "+442079460123"},
        {"app_id": "not-a-uuid"},
        {"messagesCallbackType": "app"},
    ],
)
def test_links_that_make_no_sense_change_nothing(vonage: VonageCaller, links: dict[str, str]) -> None:
    vonage.buy(GB)
    vonage.post("/number/update", country="GB", msisdn=GB, **SIP)
    before = vonage.owned()
    assert vonage.post("/number/update", country="GB", msisdn=GB, **links)[0] == 420
    assert vonage.owned() == before


def test_a_cancelled_number_is_gone_and_cools_down(world: Sandbox, vonage: VonageCaller, clock: Clock) -> None:
    number = {"country": "GB", "msisdn": GB}
    assert vonage.post("/number/cancel", **number) == FAILED
    vonage.buy(GB)
    assert vonage.post("/number/cancel", **number) == OK
    assert (vonage.owned(), vonage.buy(GB), world.ledger.owned) == ({}, FAILED, ())
    clock.sleep(600)
    assert vonage.buy(GB) == OK


def test_another_account_owns_its_own_numbers_alone(world: Sandbox, vonage: VonageCaller) -> None:
    vonage.buy(GB)
    other = VonageCaller(world, OTHER_VONAGE)
    number = {"country": "GB", "msisdn": GB}
    assert (other.owned(), other.post("/number/cancel", **number)) == ({}, FAILED)
    assert other.post("/number/update", **number, app_id=APP) == FAILED


@pytest.mark.parametrize(
    ("path", "fields", "problems"),
    [
        ("/number/search", {}, {"country": "Is required."}),
        ("/number/search", {"country": "gb"}, {"country": "Must be a country code of two capital letters."}),
        ("/number/search", {"country": "GB", "size": 101}, {"size": "Must be a whole number from 1 to 100."}),
        ("/number/search", {"country": "GB", "search_pattern": 3},
         {"search_pattern": "Must be a whole number from 0 to 2."}),
        ("/account/numbers", {"county": "GB", "has_application": "yes"},
         {"county": "Is unknown.", "has_application": "Must be true or false."}),
    ],
)  # fmt: skip
def test_every_wrong_field_is_named_at_once(
    vonage: VonageCaller, path: str, fields: dict[str, Any], problems: dict[str, str]
) -> None:
    assert vonage.get(path, **fields) == (400, problems)


def test_a_form_that_calls_itself_json_is_not_read(world: Sandbox, vonage: VonageCaller) -> None:
    headers = {**vonage.headers, "content-type": "application/json"}
    answer = world.handle(Request.of("POST", "/number/buy", headers, f"country=GB&msisdn={GB}".encode()))
    assert isinstance(answer, Response)
    assert (answer.status, answer.json()) == (400, {"country": "Is required.", "msisdn": "Is required."})


def test_pages_have_ten_rows_unless_asked_and_the_count_is_of_all(world: Sandbox, vonage: VonageCaller) -> None:
    numbers = [f"44207946{n:04d}" for n in range(12)]
    for number in numbers:
        world.vonage.add_number(f"+{number}")
    first, second = vonage.owned(), vonage.owned(index=2)
    assert [first["count"], second["count"]] == [12, 12]
    assert [each["msisdn"] for each in [*first["numbers"], *second["numbers"]]] == numbers
    assert len(vonage.owned(size=100)["numbers"]) == 12
    assert vonage.owned(index=3) == {"count": 12, "numbers": []}


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"pattern": "4420"}, [GB]),
        ({"pattern": "123", "search_pattern": 2}, [GB]),
        ({"pattern": "650555", "search_pattern": 1}, ["16505551234"]),
        ({"country": "US"}, ["16505551234"]),
        ({"application_id": APP}, ["16505551234"]),
        ({"has_application": "false"}, [GB]),
    ],
)
def test_each_filter_finds_the_number_that_it_names(
    world: Sandbox, vonage: VonageCaller, fields: dict[str, Any], found: list[str]
) -> None:
    world.vonage.add_number(f"+{GB}")
    world.vonage.add_number("+16505551234", app_id=APP)
    assert [each["msisdn"] for each in vonage.owned(**fields)["numbers"]] == found


def test_credentials_are_taken_from_the_header_or_the_query(world: Sandbox, vonage: VonageCaller) -> None:
    def by_query(secret: str) -> tuple[int, Any]:
        url = f"/account/get-balance?api_key={VONAGE.api_key}&api_secret={secret}"
        answer = world.handle(Request.of("GET", url))
        assert isinstance(answer, Response)
        return answer.status, answer.json()

    assert by_query(VONAGE.api_secret) == vonage.get("/account/get-balance")
    assert by_query("wrong") == label(401, "authentication failed")


def test_a_rate_limit_can_be_switched_on(world: Sandbox, vonage: VonageCaller, clock: Clock) -> None:
    world.vonage.settings = replace(world.vonage.settings, requests_per_second=1)
    assert [vonage.get("/account/numbers")[0] for _ in range(3)] == [200, 429, 429]
    clock.sleep(1)
    assert vonage.get("/account/numbers")[0] == 200


def test_a_verb_that_a_resource_does_not_have_is_not_allowed(vonage: VonageCaller) -> None:
    assert vonage.post("/number/search") == label(405, "method not allowed")
    assert vonage.get("/number/rename") == label(404, "not found")
