"""What a dump says of a number at its carrier, beside the way of its calls."""

from __future__ import annotations

import pytest

from tests.dump import population
from tests.dump.account import Account
from tests.dump.proof import Dumped, but_for_tags


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://desk.example.com/calls", {"https://desk.example.com/calls"}),
        ("https://user:canary@desk.example.com/calls", set()),
    ],
)
def test_who_is_told_of_its_calls_is_said_where_no_secret_is_in_it_and_stays(url: str, said: set[str]) -> None:
    account = Account(1)
    population.twilio_lines(account)
    twilio = account.world.sandbox.twilio
    numbers = twilio.numbers()
    for number in numbers:
        twilio.edit_number(number, status_callback=url, status_callback_method="GET")
    before = but_for_tags(account.world)
    dumped = Dumped.of(account.world)

    _, again = dumped.up()

    lines = [line.keys for line in dumped.description.lines if line.keys["phone_number"] in numbers]
    assert {str(keys["status_callback"]) for keys in lines if "status_callback" in keys} == said
    assert ("canary" in dumped.text, again, but_for_tags(account.world)) == (False, [], before)
