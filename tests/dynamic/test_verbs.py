"""Verbs of a bad day: destroy of a part, targets, a replaced fleet. Nothing is bought, lost or cut off."""

from __future__ import annotations

import re
from typing import Any

import pytest

from sandbox.faults import Fault
from tests.dynamic.inventories import ALL, BOUGHT, HEAD, MARKED, NO_PURCHASES, having, inventory
from tests.support.model_engine import FLEET, Failed
from tests.support.world import Stack, World

NUMBER = "+16505551234"


@pytest.fixture
def stack() -> Stack:
    stack = Stack(World())
    stack.up(inventory(ALL))
    return stack


def charges(stack: Stack) -> int:
    return len(stack.world.sandbox.ledger.charges())


def releases(stack: Stack) -> int:
    return len(stack.world.sandbox.ledger.releases())


def offer_again(stack: Stack) -> None:
    sandbox = stack.world.sandbox
    for one in sandbox.ledger.releases():
        (sandbox.twilio if one.vendor == "twilio" else sandbox.vonage).unsell(one.number)


def statuses(stack: Stack) -> dict[str, Any]:
    resources = stack.engine.state.resources
    return {name: one.outputs["status"] for (kind, name), one in resources.items() if kind == "PhoneNumber"}


def destroy_partly(stack: Stack, **flags: Any) -> None:
    for key, recorded in stack.engine.state.resources.items():
        if key[0] == "PhoneNumber" and recorded.outputs["removal"] == "release":
            stack.destroy(target=(key,), **flags)


@pytest.mark.parametrize("refresh", [True, False])
def test_what_a_destroy_released_is_not_bought_back(stack: Stack, refresh: bool) -> None:
    stack.up(inventory(MARKED, NO_PURCHASES))
    before = charges(stack)
    destroy_partly(stack, refresh=refresh)
    assert releases(stack) == 2
    offer_again(stack)

    stack.up(inventory(MARKED, NO_PURCHASES), refresh=refresh)

    assert charges(stack) == before
    assert statuses(stack)["bought"] == statuses(stack)["vonage"] == "vanished"
    assert any("Set `repurchase: true`" in notice for notice in stack.world.notices)


def test_what_a_destroy_released_and_nobody_offers_stops_no_update(stack: Stack) -> None:
    stack.up(inventory(MARKED, NO_PURCHASES))
    destroy_partly(stack)

    stack.up(inventory(MARKED, NO_PURCHASES))
    stack.up(inventory({name: line for name, line in MARKED.items() if "release" not in line}, NO_PURCHASES))

    assert sorted(statuses(stack)) == ["searched"]
    assert stack.up(inventory({name: ALL[name] for name in ("custom", "searched")}, NO_PURCHASES)) == []


def test_a_vanished_number_that_the_state_lost_is_not_bought(stack: Stack) -> None:
    stack.world.sandbox.twilio.release_by_hand(NUMBER)
    stack.world.sandbox.twilio.unsell(NUMBER)
    stack.up(inventory(ALL))
    del stack.engine.state.resources["PhoneNumber", "bought"]
    before = charges(stack)

    stack.up(inventory(ALL))

    assert (charges(stack), statuses(stack)["bought"]) == (before, "vanished")


def test_a_number_that_came_back_by_repurchase_is_owned_again(stack: Stack) -> None:
    stack.up(inventory(MARKED, NO_PURCHASES))
    destroy_partly(stack)
    offer_again(stack)
    stack.up(inventory(MARKED, NO_PURCHASES))
    before = charges(stack)

    stack.up(inventory({**ALL, "bought": having(BOUGHT, "repurchase: true"), "vonage": MARKED["vonage"]}))

    assert charges(stack) == before + 1
    assert statuses(stack)["bought"] == "owned"


@pytest.mark.parametrize("lost", [(FLEET,), (FLEET, ("PhoneNumber", "bought"))], ids=["fleet", "fleet and number"])
def test_a_replaced_fleet_forgets_nothing(stack: Stack, lost: tuple[tuple[str, str], ...]) -> None:
    stack.world.sandbox.twilio.release_by_hand(NUMBER)
    stack.world.sandbox.twilio.unsell(NUMBER)
    before = charges(stack)
    if len(lost) > 1:
        del stack.engine.state.resources["PhoneNumber", "bought"]

    stack.up(inventory(ALL), replace=(FLEET,))

    assert charges(stack) == before
    with pytest.raises(Failed, match="never marked for removal"):
        stack.up(inventory({name: ALL[name] for name in ("bought", "custom", "vonage")}), replace=(FLEET,))


@pytest.mark.parametrize("leaves_out", ["target", "exclude"])
def test_a_number_is_bought_only_where_the_fleet_has_judged(stack: Stack, leaves_out: str) -> None:
    """A first update that failed before the purchase leaves a record that would let it be bought."""
    other = "+16505551236"
    more = inventory({**ALL, "more": BOUGHT.replace(NUMBER, other)})
    stack.world.sandbox.faults.add(
        Fault("status", vendor="twilio", method="POST", path="IncomingPhoneNumbers.json", status=400)
    )
    with pytest.raises(Failed):
        stack.up(more)
    stack.world.sandbox.faults.clear()
    before = charges(stack)
    flags: dict[str, Any] = {"target": (("PhoneNumber", "more"),)} if leaves_out == "target" else {"exclude": (FLEET,)}

    with pytest.raises(Failed, match="the Fleet, which alone lets numbers be bought, was left out"):
        stack.up(more, **flags)

    assert charges(stack) == before
    stack.up(more)
    assert (charges(stack), statuses(stack)["more"]) == (before + 1, "owned")


def test_a_number_is_not_bought_where_the_rule_that_would_answer_it_is_left_out(stack: Stack) -> None:
    other = "+16505551236"
    more = inventory({**ALL, "more": BOUGHT.replace(NUMBER, other)})
    before = charges(stack)

    with pytest.raises(
        Failed, match=f"{re.escape(other)} of line more was neither bought nor routed: its dispatch rule"
    ):
        stack.up(more, exclude=(("DispatchRule", "more"),))

    assert charges(stack) == before
    stack.up(more)
    assert (charges(stack), statuses(stack)["more"]) == (before + 1, "owned")


@pytest.mark.parametrize("line", ["bought", "custom"])
def test_excluding_the_fleet_goes_past_no_limit(stack: Stack, line: str) -> None:
    head = HEAD.replace("max_releases: 2", "max_releases: 1")
    marked = {name: having(one, "removal: release") for name, one in ALL.items()}
    stack.up(inventory(marked, head))
    rest = inventory({name: one for name, one in marked.items() if name not in (line, "vonage")}, head)
    with pytest.raises(Failed, match=r"guard\.max_releases allows 1"):
        stack.up(rest)

    with pytest.raises(Failed, match="the Fleet, which judges removals, was left out of this update"):
        stack.up(rest, exclude=(FLEET,))

    assert releases(stack) == 0


def test_a_release_that_is_done_is_not_counted_again(stack: Stack) -> None:
    head = HEAD.replace("max_releases: 2", "max_releases: 1")
    marked = {name: having(one, "removal: release") for name, one in ALL.items()}
    stack.up(inventory(marked, head))
    for name in ("bought", "vonage"):
        stack.destroy(target=(("PhoneNumber", name),))

    stack.up(inventory({"searched": marked["searched"]}, head))

    assert sorted(statuses(stack)) == ["searched"]
    assert releases(stack) == 2
