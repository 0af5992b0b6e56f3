"""A kill before and after every single write of each scene, in one process; `kills.py` does it to real ones."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.faults.holdings import TABLES, recordable
from tests.faults.interruption import AtWrite
from tests.faults.inventory import DESK, NOTHING, inventory
from tests.support.model_engine import Killed
from tests.support.world import Stack, World

PREFIX = "trunkline:acme/test/"


@dataclass(frozen=True, slots=True)
class Scene:
    """`before`: the files that are applied first; `file` is interrupted at each of its `writes`.

    `owned` and `released`: how many numbers are in the accounts, and were given back, at the end.
    """

    before: tuple[str, ...]
    file: str
    writes: int
    owned: int
    released: int = 0


LAST = ("desk",)
SCENES = {
    "create": Scene((), inventory(), 17, owned=2),
    "update": Scene((inventory(),), inventory(changed=True), 17, owned=2),
    "delete": Scene((inventory(), inventory(removal="release")), NOTHING, 16, owned=0, released=2),
    "keep": Scene((inventory(), inventory(removal="keep")), NOTHING, 17, owned=2),
    "last": Scene((inventory(lines=LAST), inventory(lines=LAST, removal="release")), NOTHING, 9, owned=0, released=1),
}
POINTS = [(name, write) for name, scene in SCENES.items() for write in range(scene.writes)]


def _ready(scene: str, *, checkpoints: bool) -> Stack:
    stack = Stack(World(), checkpoints=checkpoints)
    for file in SCENES[scene].before:
        stack.up(file)
    if scene == "update":
        stack.world.sandbox.twilio.edit_number(DESK, trunk_sid=None)
    return stack


def _writes(scene: str) -> int:
    stack = _ready(scene, checkpoints=False)
    mark = stack.world.sandbox.journal.mark()
    stack.up(SCENES[scene].file)
    return len(stack.world.sandbox.journal.writes(mark))


def test_each_scene_has_the_writes_that_are_interrupted() -> None:
    assert {name: _writes(name) for name in SCENES} == {name: scene.writes for name, scene in SCENES.items()}


def _die(*_: object) -> None:
    raise Killed


@pytest.mark.parametrize("checkpoints", [False, True], ids=["no checkpoints", "checkpoints"])
@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize(("scene", "write"), POINTS)
def test_a_run_killed_at_any_write_is_healed_by_two_and_the_third_writes_nothing(
    scene: str, write: int, side: str, checkpoints: bool
) -> None:
    stack, file, expected = _ready(scene, checkpoints=checkpoints), SCENES[scene].file, SCENES[scene]
    world, bought = stack.world, expected.owned + expected.released
    with pytest.raises(Killed):
        stack.up(file, handle=AtWrite(write, before=_die) if side == "before" else AtWrite(write, after=_die))
    stack.up(file)
    stack.up(file)
    mark = world.sandbox.journal.mark()
    stack.up(file)
    charged = [charge.number for charge in world.sandbox.ledger.charges()]
    assert world.sandbox.journal.writes(mark) == []
    assert (len(charged), len(set(charged))) == (bought, bought)
    assert len(world.sandbox.ledger.releases()) == expected.released
    ids = {id_ for name, id_ in stack.ids().items() if name.split()[0] in TABLES and not id_.isdigit()}
    assert {id_ for _, id_ in recordable(world.sandbox, PREFIX)} == ids
