"""Lists are whole or they are an error: a row that is missing would look like an object that is gone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.numbering import block_of
from sandbox.twilio.settings import TwilioSettings
from tests.contract.carriers import NUMBERS, OTHERS, World
from tests.contract.cases import SELLERS
from trunkline.e164 import E164
from trunkline.errors import MalformedReply

PAGES = {name: case.page_size for name, case in SELLERS.items()}

# An account that Twilio allows more trunks than others.
RAISED = {"twilio": TwilioSettings(most_trunks=2000)}


def filled(name: str, amount: int) -> tuple[World, list[E164]]:
    """Give a world whose carrier holds so many numbers, and the numbers."""
    world = World()
    numbers = [E164.parse(f"+{SELLERS[name].first + index}") for index in range(amount)]
    assert all(block_of(number.digits) for number in numbers)
    for number in numbers:
        world.emulator(name).add_number(number)
    return world, numbers


@pytest.mark.parametrize("name", SELLERS)
@pytest.mark.parametrize("beyond", [0, 1, 150])
def test_all_pages_are_read_once_at_the_vendors_largest_page_size(name: str, beyond: int) -> None:
    size = PAGES[name]
    world, numbers = filled(name, size + beyond)
    assert [each.number for each in world.carrier(name).owned()] == sorted(numbers)
    assert len(world.requests_since(0)) == 1 + -(-beyond // size)


def test_trunks_are_read_over_several_pages_whose_urls_are_absolute() -> None:
    world = World(rules=RAISED)
    adapter = world.twilio.adapters["SipTrunk"]
    made = sorted(world.trunk() for _ in range(1001))
    mark = world.sandbox.journal.mark()
    assert [each.id for each in adapter.list()] == made
    assert world.requests_since(mark) == ["GET /v1/Trunks", "GET /v1/Trunks"]


@pytest.mark.parametrize("name", SELLERS)
def test_a_page_with_a_row_missing_is_read_again(name: str) -> None:
    world, numbers = filled(name, PAGES[name] + 1)
    world.fault("short_page")
    assert [each.number for each in world.carrier(name).owned()] == sorted(numbers)


@pytest.mark.parametrize("name", SELLERS)
@pytest.mark.parametrize("action", ["short_page", "duplicate"])
def test_a_list_that_stays_inconsistent_is_an_error_and_never_a_part(name: str, action: str) -> None:
    world, _ = filled(name, 3)
    world.fault(action, times=None)
    with pytest.raises(MalformedReply):
        world.carrier(name).owned()


def test_a_full_page_that_lost_a_row_and_has_a_successor_is_noticed_where_twilio_says_no_total() -> None:
    world = World(rules=RAISED)
    for _ in range(1001):
        world.trunk()
    world.fault("short_page", method="GET", times=None)
    with pytest.raises(MalformedReply, match="999 rows"):
        world.twilio.adapters["SipTrunk"].list()


@pytest.mark.parametrize("name", SELLERS)
def test_the_order_of_the_rows_does_not_matter(name: str) -> None:
    world, numbers = filled(name, 5)
    world.fault("reorder")
    assert [each.number for each in world.carrier(name).owned()] == sorted(numbers)


@pytest.mark.parametrize("name", SELLERS)
def test_an_answer_about_another_number_does_not_mean_that_the_number_is_gone(name: str) -> None:
    world, numbers = filled(name, 1)
    world.fault("wrong_number", times=None)
    with pytest.raises(MalformedReply):
        world.carrier(name).find(numbers[0])


def test_an_answer_about_another_object_is_not_taken_for_the_one_asked_for() -> None:
    world = World()
    first, second = world.trunk(), world.trunk()
    row = {"sid": second, "friendly_name": "", "domain_name": "", "secure": False, "transfer_mode": "disable-all"}
    world.fault("status", status=200, body=json.dumps(row))
    with pytest.raises(MalformedReply, match=f"about {second}, not {first}"):
        world.twilio.adapters["SipTrunk"].get(first)


MOVED = {"count": 102, "numbers": [{"country": "GB", "msisdn": "442079461000"}, {"country": "GB", "msisdn": "1"}]}


def test_vonage_changing_its_total_between_pages_is_read_again_once() -> None:
    world, numbers = filled("vonage", 101)
    world.fault("status", status=200, body=json.dumps(MOVED), params={"index": "2"})
    assert [each.number for each in world.vonage.carrier.owned()] == sorted(numbers)
    assert world.requests_since(0) == ["GET /account/numbers"] * 4


def test_a_list_that_moves_each_time_it_is_read_is_an_error() -> None:
    world, _ = filled("vonage", 101)
    world.fault("status", status=200, body=json.dumps(MOVED), params={"index": "2"}, times=None)
    with pytest.raises(MalformedReply, match="101 numbers, then 102"):
        world.vonage.carrier.owned()
    assert world.requests_since(0) == ["GET /account/numbers"] * 4


@pytest.mark.parametrize("name", SELLERS)
def test_a_row_that_moved_to_another_page_meanwhile_is_read_again_once(name: str) -> None:
    world, numbers = filled(name, 3)
    world.fault("duplicate")
    assert [each.number for each in world.carrier(name).owned()] == sorted(numbers)


def test_trunks_that_moved_are_read_again_too() -> None:
    world = World()
    made = sorted(world.trunk() for _ in range(3))
    world.fault("duplicate", method="GET")
    assert [each.id for each in world.twilio.adapters["SipTrunk"].list()] == made


@pytest.mark.parametrize(
    ("name", "body"),
    [(name, body) for name, case in SELLERS.items() for body in case.undocumented],
    ids=lambda value: value if isinstance(value, str) else json.dumps(value),
)
def test_a_list_in_a_form_that_is_not_documented_is_an_error(name: str, body: Any) -> None:
    world = World()
    world.fault("status", status=200, body=json.dumps(body), times=None)
    with pytest.raises(MalformedReply):
        world.carrier(name).owned()


@pytest.mark.parametrize("name", SELLERS)
def test_a_number_that_no_line_can_name_is_left_out(name: str) -> None:
    world = World()
    world.fault("status", status=200, body=json.dumps(SELLERS[name].too_short))
    assert world.carrier(name).owned() == ()


def test_credentials_do_not_follow_a_link_to_another_host() -> None:
    world = World(base_url="")
    page = {
        "trunks": [],
        "meta": {"key": "trunks", "page_size": 0, "next_page_url": "https://evil.example/v1/Trunks?Page=1"},
    }
    world.fault("status", status=200, body=json.dumps(page))
    with pytest.raises(MalformedReply, match="not Twilio's"):
        world.twilio.adapters["SipTrunk"].list()
    assert world.requests_since(0) == ["GET /v1/Trunks"]


@pytest.mark.parametrize("name", SELLERS)
def test_a_number_of_another_account_is_not_seen(name: str) -> None:
    world = World()
    world.emulator(name).add_foreign_number(NUMBERS[name])
    world.emulator(name).add_number(OTHERS[name])
    assert [each.number for each in world.carrier(name).owned()] == [OTHERS[name]]
    assert world.carrier(name).find(NUMBERS[name]) is None
