"""A further object of a line, made by a killed run whose request came late, does not outlive the line's removal."""

from __future__ import annotations

import pytest

from tests.dynamic.inventories import BOUGHT, CUSTOM, VONAGE, having, inventory
from tests.faults.holdings import tagged
from tests.support.world import Stack, World

LINES = {"bought": BOUGHT, "custom": CUSTOM, "vonage": VONAGE}
MARK = "removal: release"


def twin(world: World, name: str) -> None:
    """Make the outbound trunk of a line a second time, as a request does that comes when the run is dead."""
    tag = f"trunkline:acme/test/{name}"
    (made,) = (each for each in world.sandbox.livekit.outbound_trunks() if each["metadata"].startswith(tag))
    same = {key: made[key] for key in ("name", "metadata", "address", "numbers", "auth_username", "auth_password")}
    world.sandbox.livekit.add_outbound_trunk(**same)


def there(world: World, name: str) -> list[str]:
    """Give the kinds of what is tagged for a line."""
    found = tagged(world.sandbox, "trunkline:acme/test/").items()
    return sorted(kind for (kind, _), owner in found if owner == name)


@pytest.mark.parametrize("checkpoints", [False, True], ids=["saved at the end", "saved at each step"])
@pytest.mark.parametrize("name", LINES)
def test_a_twin_that_came_before_the_removal_goes_with_the_update_after_it(name: str, checkpoints: bool) -> None:
    world = World()
    stack = Stack(world, checkpoints=checkpoints)
    stack.up(inventory({name: having(LINES[name], MARK)}))
    twin(world, name)

    stack.up(inventory({}))
    assert there(world, name) == ["OutboundTrunk"]
    stack.up(inventory({}))

    assert there(world, name) == []
    assert stack.up(inventory({})) == []


@pytest.mark.parametrize("name", LINES)
def test_the_twin_of_a_line_that_stays_goes_with_the_next_update(name: str) -> None:
    world = World()
    stack, file = Stack(world), inventory({name: LINES[name]})
    stack.up(file)
    expected = there(world, name)
    twin(world, name)

    stack.up(file)

    assert there(world, name) == expected
    assert stack.up(file) == []
