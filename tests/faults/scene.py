"""Files and questions that tests of single faults share."""

from __future__ import annotations

from tests.faults.inventory import inventory
from tests.support.world import Stack, World

FILE = inventory()
SEARCH = inventory(lines=("far",))
TAG = "trunkline:acme/test/"


def bought(world: World) -> list[str]:
    return sorted(charge.number for charge in world.sandbox.ledger.charges())


def settled(stack: Stack, file: str = FILE) -> list[str]:
    """Apply once more; give what that wrote."""
    mark = stack.world.sandbox.journal.mark()
    stack.up(file)
    return [f"{entry.method} {entry.path}" for entry in stack.world.sandbox.journal.writes(mark)]


def index_of(file: str, path: str) -> int:
    """Give which write of a first `up` goes to a path."""
    world = World()
    Stack(world).up(file)
    return next(index for index, write in enumerate(world.writes()) if write.endswith(path))
