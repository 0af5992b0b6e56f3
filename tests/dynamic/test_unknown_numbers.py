"""Numbers that libphonenumber does not know, or gives to another country than their carrier does."""

from __future__ import annotations

from tests.dynamic.inventories import inventory
from tests.support.world import Stack, World

NEW_AREA, JERSEY = "+18615550123", "+447937405123"
ADOPTED = f'{{provider: twilio, phone_number: "{NEW_AREA}", agent: sales, adopt: true}}'
BOUGHT = f'{{provider: twilio, phone_number: "{NEW_AREA}", agent: sales}}'
SOLD_AS_GB = f'{{provider: vonage, phone_number: "{JERSEY}", agent: sales}}'


def test_a_number_of_a_new_area_is_adopted_and_found_again() -> None:
    world = World()
    world.sandbox.twilio.add_number(NEW_AREA)
    stack = Stack(world)
    stack.up(inventory({"new": ADOPTED}))
    written = world.writes()
    stack.up(inventory({"new": ADOPTED}))
    assert (world.writes(), world.sandbox.ledger.purchases(NEW_AREA)) == (written, [])


def test_a_number_of_a_new_area_is_bought_once() -> None:
    world = World()
    stack = Stack(world)
    stack.up(inventory({"new": BOUGHT}))
    stack.up(inventory({"new": BOUGHT}))
    assert len(world.sandbox.ledger.purchases(NEW_AREA)) == 1


def test_a_number_is_bought_in_the_country_that_its_carrier_sells_it_as() -> None:
    world = World()
    Stack(world).up(inventory({"jersey": SOLD_AS_GB}))
    number = world.sandbox.vonage.number(JERSEY)
    assert number is not None and number["country"] == "GB"
