"""What a carrier's "not available" proves of a number that was asked for, and when the line may have another."""

from __future__ import annotations

from typing import Any

import pytest

from providers.dynamic import runtime
from sandbox.faults import Fault
from tests.dynamic.inventories import BOUGHT, SEARCHED, having, inventory
from tests.dynamic.neighbourhood import said
from tests.dynamic.orders import (
    BUYS,
    LINES,
    charged,
    claim,
    is_refused_after_a_kill,
    loses_the_reply,
    said_by,
    sold,
    status,
    vendor_of,
)
from tests.faults.interruption import AtWrite
from tests.faults.scene import index_of
from tests.support.model_engine import Engine, Failed
from tests.support.world import SECRETS, Stack, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(params=[False, True], ids=["saved at the end", "saved at each step"])
def stack(world: World, request: pytest.FixtureRequest) -> Stack:
    return Stack(world, checkpoints=request.param)


def test_a_number_that_is_on_offer_again_is_bought_again_itself(world: World, stack: Stack) -> None:
    loses_the_reply(world, "searched", when="before")
    file = inventory({"searched": SEARCHED})
    stack.up(file)
    assert (status(stack, "searched"), charged(world)) == ("ordered", [])

    stack.up(file)

    assert (status(stack, "searched"), charged(world)) == ("owned", claim(world)["numbers"])
    assert stack.up(file) == []


@pytest.mark.parametrize("line", ["searched", "vonage"])
def test_a_sole_purchase_that_is_seen_to_be_refused_is_noted_and_the_next_run_takes_another(
    world: World, stack: Stack, line: str
) -> None:
    file = inventory({line: LINES[line]})
    with pytest.raises(Failed) as failure:
        stack.up(file, handle=sold(world, line))
    (number,) = claim(world)["numbers"]
    assert len(failure.value.messages) == 1
    assert claim(world)["metadata"] == said_by(world, line, "unavailable")
    trunk = claim(world)["sip_trunk_id"]

    stack.up(file)

    assert (claim(world)["sip_trunk_id"], claim(world)["numbers"]) == (trunk, charged(world))
    assert charged(world) != [number]
    assert claim(world)["metadata"] == said_by(world, line)
    assert stack.up(file) == []


def test_what_stands_beside_a_line_that_is_about_to_take_another_number_is_named(world: World, stack: Stack) -> None:
    file = inventory({"searched": SEARCHED})
    with pytest.raises(Failed, match="is not available"):
        stack.up(file, handle=sold(world, "searched"))
    form = {"dispatch_rule_individual": {"room_prefix": "theirs-"}}
    trunks, callers = [claim(world)["sip_trunk_id"]], ["+16505550199"]
    made = world.sandbox.livekit.add_dispatch_rule(name="by hand", trunk_ids=trunks, inbound_numbers=callers, rule=form)

    told = said(stack, file)

    assert [made["sip_dispatch_rule_id"] in notice for notice in told if "by hand" in notice] == [True]


def test_a_named_number_that_is_seen_to_be_refused_is_refused_from_then_on(world: World, stack: Stack) -> None:
    file = inventory({"bought": BOUGHT})
    with pytest.raises(Failed, match="is not available"):
        stack.up(file, handle=sold(world, "bought"))

    with pytest.raises(Failed, match="is not on offer at twilio and not in the account"):
        stack.up(file)


@pytest.mark.parametrize("line", ["searched", "vonage"])
def test_after_a_kill_no_refusal_of_a_carrier_lets_the_claim_move(world: World, stack: Stack, line: str) -> None:
    is_refused_after_a_kill(world, stack, line)


def test_an_edit_of_the_line_keeps_what_is_noted(world: World, stack: Stack) -> None:
    test_after_a_kill_no_refusal_of_a_carrier_lets_the_claim_move(world, stack, "searched")
    noted = claim(world)["metadata"]

    stack.up(inventory({"searched": having(SEARCHED, "krisp_enabled: true")}))

    assert (claim(world)["metadata"], claim(world)["krisp_enabled"]) == (noted, True)


@pytest.mark.parametrize("line", ["searched", "vonage"])
def test_a_refusal_is_no_proof_where_another_process_has_sent_a_purchase_too(
    world: World, stack: Stack, line: str
) -> None:
    """This run made the claim and sends its first purchase; meanwhile another has bought the number, unseen."""
    file, vendor = inventory({line: LINES[line]}), vendor_of(line)

    def another_run_buys_it(_: Any) -> None:
        late = Fault("late_order", vendor=vendor, method="POST", path=BUYS[vendor], lag_seconds=1000.0)
        world.sandbox.faults.add(late)
        mine = runtime.current()
        Engine(secrets=SECRETS).up(world.plan(file), world.process())
        runtime.install(mine)

    stack.up(file, handle=AtWrite(index_of(file, BUYS[vendor]), before=another_run_buys_it))

    (number,) = charged(world)
    assert (status(stack, line), claim(world)["metadata"]) == ("ordered", said_by(world, line, "again"))
    for _ in range(2):
        stack.up(file)
    assert charged(world) == [number]
