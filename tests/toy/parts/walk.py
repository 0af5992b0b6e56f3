"""A line of Toy through its states: in the model of the engine, killed at every write, and on the real engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engine.project import REPOSITORY
from tests.faults import theatre
from tests.faults.interruption import AtWrite
from tests.faults.theatre import Theatre
from tests.support import processes
from tests.support.model_engine import Killed
from tests.support.world import Stack, World
from toolchain.layout import Layout

NUMBER = "+16505551234"


def file(*, agent: str = "support", removal: str = "protect", there: bool = True) -> str:
    line = {"provider": "toy", "phone_number": NUMBER, "agent": agent, "removal": removal}
    agents = {"support": {"agent_name": "support"}, "sales": {"agent_name": "sales"}}
    return json.dumps({"version": 1, "agents": agents, "numbers": {"desk": line} if there else {}})


NOTHING = file(there=False)


def events(sandbox: Any) -> list[str]:
    return [f"{type(each).__name__} {each.number}" for each in sandbox.ledger.entries]


def written(stack: Stack, text: str) -> list[str]:
    mark = stack.world.sandbox.journal.mark()
    stack.up(text)
    entries = stack.world.sandbox.journal.writes(mark)
    return [f"{each.vendor} {each.method} {each.path.rpartition('/')[2]}" for each in entries]


def test_a_line_is_bought_once_remapped_in_place_and_released() -> None:
    stack = Stack(World())
    made = written(stack, file())
    assert made == [
        "livekit POST CreateSIPOutboundTrunk",
        "livekit POST CreateSIPInboundTrunk",
        "livekit POST CreateSIPDispatchRule",
        "toy POST numbers",
    ]
    record = stack.world.sandbox.carriers["toy"].number(NUMBER)
    assert (record["label"], record["sip"]) == (
        "trunkline:acme/test/desk",
        f"sip:{NUMBER[1:]}@sandbox.sip.livekit.cloud;transport=tcp",
    )
    assert written(stack, file()) == []
    assert written(stack, file(agent="sales")) == ["livekit POST UpdateSIPDispatchRule"]
    assert written(stack, file(agent="sales", removal="release")) == []
    stack.up(NOTHING)
    assert events(stack.world.sandbox) == [f"Charge {NUMBER}", f"Release {NUMBER}"]
    assert list(stack.ids()) == ["Fleet fleet"]


def _die(*_: object) -> None:
    raise Killed


@pytest.mark.parametrize("checkpoints", [False, True], ids=["no checkpoints", "checkpoints"])
@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("write", range(4))
def test_a_first_update_that_is_killed_at_any_write_is_healed_and_charges_once(
    write: int, side: str, checkpoints: bool
) -> None:
    stack = Stack(World(), checkpoints=checkpoints)
    with pytest.raises(Killed):
        stack.up(file(), handle=AtWrite(write, before=_die) if side == "before" else AtWrite(write, after=_die))
    stack.up(file())
    stack.up(file())
    assert written(stack, file()) == []
    assert events(stack.world.sandbox) == [f"Charge {NUMBER}"]


@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("write", range(4))
def test_a_removal_that_is_killed_at_any_write_is_healed_and_leaves_nothing(write: int, side: str) -> None:
    stack = Stack(World())
    stack.up(file())
    stack.up(file(removal="release"))
    with pytest.raises(Killed):
        stack.up(NOTHING, handle=AtWrite(write, before=_die) if side == "before" else AtWrite(write, after=_die))
    for _ in range(3):
        stack.up(NOTHING)
    assert events(stack.world.sandbox) == [f"Charge {NUMBER}", f"Release {NUMBER}"]
    assert list(stack.ids()) == ["Fleet fleet"]
    assert stack.world.sandbox.livekit.inbound_trunks() == stack.world.sandbox.livekit.dispatch_rules() == ()


def test_an_adopted_number_keeps_its_calls_until_it_is_routed_and_a_sweep_touches_no_foreign_one() -> None:
    stack = Stack(World())
    toy = stack.world.sandbox.carriers["toy"]
    toy.add_number(NUMBER, sip="sip:old@desk.example", label="Desk")
    toy.add_number("+16505551235", sip="sip:other@desk.example", label="Other")
    text = file().replace('"agent": "support"', '"adopt": true, "agent": "support"')
    stack.up(text)
    assert events(stack.world.sandbox) == []
    assert toy.number("+16505551235")["sip"] == "sip:other@desk.example"
    assert toy.number(NUMBER)["sip"].endswith("@sandbox.sip.livekit.cloud;transport=tcp")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Theatre]:
    if not (Layout.of(REPOSITORY).bin / "pulumi").exists():
        pytest.skip("no engine: run `make setup`")
    made = Theatre.open(tmp_path, NOTHING)
    try:
        yield made
    finally:
        made.close()


@pytest.mark.engine
def test_the_real_engine_buys_once_also_where_it_is_killed_at_the_purchase(stage: Theatre) -> None:
    held = stage.plant("hold", "toy", "POST", "/toy/numbers$", "after")
    run = stage.start(file(), checkpoints=False)
    assert theatre.wait_until(held.reached.is_set, theatre.REACH_LIMIT), run.communicate()[0]
    theatre.kill({run.pid, *processes.descendants(run.pid)})
    held.release()
    run.communicate()
    stage.sandbox.faults.clear()
    stage.cancel()
    ended = [stage.up(file(), checkpoints=False) for _ in range(2)]
    assert [each.returncode for each in ended] == [0, 0], ended[0].stdout[-3000:]
    mark = stage.sandbox.journal.mark()
    assert stage.up(file(), checkpoints=False).returncode == 0
    assert stage.sandbox.journal.writes(mark) == []
    stage.up(file(removal="release"), checkpoints=False)
    assert stage.up(NOTHING, checkpoints=False).returncode == 0
    assert events(stage.sandbox) == [f"Charge {NUMBER}", f"Release {NUMBER}"]
