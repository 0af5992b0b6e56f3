"""What a run asks the vendors for: no more often than it must, since each question is time and a share of a limit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pytest

from tests.support.world import Stack, World
from trunkline.e164 import E164

AGENT = "version: 1\nguard: {max_purchases: 50}\nagents: {a: {agent_name: x}}\nnumbers:\n"
SEARCHED = ("provider: vonage, search: {country: GB, type: mobile}", "provider: twilio, search: {country: US}")
SEARCHES = "".join(f"  line-{at}: {{{SEARCHED[at % 2]}, agent: a}}\n" for at in range(8))
NUMBERS = [f"+4474005510{index:02}" for index in range(40)]
ADOPTED = "".join(
    f'  gb-{index:02}: {{provider: vonage, phone_number: "{number}", adopt: true, agent: a}}\n'
    for index, number in enumerate(NUMBERS)
)

FEW, MORE = 4, 20
NEW = {
    "twilio": '  line-{0}: {{provider: twilio, phone_number: "+1650200{0:04}", agent: a}}\n',
    "vonage": '  line-{0}: {{provider: vonage, phone_number: "+442071{0:06}", agent: a}}\n',
}


def asked(world: World, mark: int, part: str) -> int:
    return sum(part in entry.path for entry in world.sandbox.journal.entries(mark))


def test_what_is_on_offer_is_asked_for_once_a_wish() -> None:
    world = World()
    Stack(world).preview(AGENT + SEARCHES)
    assert asked(world, 0, "/number/search") == 1
    assert asked(world, 0, "/AvailablePhoneNumbers/") == 1


def test_the_prices_of_a_fleet_that_is_adopted_are_asked_for_once_a_country_and_type() -> None:
    world = World()
    for number in NUMBERS:
        world.sandbox.vonage.add_number(E164.parse(number))
    Stack(world).preview(AGENT + ADOPTED)
    assert asked(world, 0, "/number/search") == 1


def test_each_kind_is_listed_once_in_a_run_that_changes_nothing() -> None:
    world = World()
    stack = Stack(world)
    stack.up(AGENT + SEARCHES)
    mark = world.sandbox.journal.mark()
    assert stack.up(AGENT + SEARCHES) == []
    # LiveKit's list has an end only where a page brings nothing new.
    lists = Counter(entry.path for entry in world.sandbox.journal.entries(mark))
    assert {path: count for path, count in lists.items() if count > (2 if "livekit.SIP" in path else 1)} == {}


@pytest.mark.parametrize("vendor", ["twilio", "vonage"])
def test_a_first_preview_asks_for_each_new_number_once_beside_the_lists(vendor: str) -> None:
    assert added(lambda lines: "".join(NEW[vendor].format(at) for at in range(lines))) == MORE


@pytest.mark.parametrize("search", SEARCHED)
def test_a_first_preview_asks_no_more_for_more_lines_with_one_search(search: str) -> None:
    assert added(lambda lines: "".join(f"  line-{at}: {{{search}, agent: a}}\n" for at in range(lines))) == 0


@pytest.mark.parametrize("vendor", ["twilio", "vonage"])
def test_a_first_preview_asks_no_more_for_more_lines_that_are_adopted(vendor: str) -> None:
    def adopted(lines: int) -> str:
        return "".join(NEW[vendor].format(at).replace(", agent", ", adopt: true, agent") for at in range(lines))

    def sold(world: World) -> None:
        for number in re.findall(r"\+\d+", adopted(FEW + MORE)):
            getattr(world.sandbox, vendor).add_number(E164.parse(number))

    assert added(adopted, sold) == 0


def added(text: Callable[[int], str], before: Callable[[World], None] = lambda world: None) -> int:
    """Give how many requests more a first preview sends for `MORE` lines more."""
    requests = []
    for lines in (FEW, FEW + MORE):
        world = World()
        before(world)
        Stack(world).preview(AGENT + text(lines))
        requests.append(len(world.sandbox.journal.entries()))
    return requests[1] - requests[0]
