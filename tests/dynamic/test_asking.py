"""What a run asks the vendors for: no more often than it must, since each question is time and a share of a limit."""

from __future__ import annotations

from collections import Counter

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
