"""What earlier updates applied counts: a mark by `--target` of the number, and a repurchase that is done."""

from __future__ import annotations

import pytest

from tests.dynamic.inventories import ALL, BOUGHT, CUSTOM, having, inventory
from tests.support.model_engine import FLEET, Failed
from tests.support.world import Stack, World

NUMBER = "+16505551234"
AGAIN = inventory({**ALL, "bought": having(BOUGHT, "repurchase: true")})


@pytest.fixture
def stack() -> Stack:
    stack = Stack(World())
    stack.up(inventory(ALL))
    return stack


def vanish(stack: Stack) -> None:
    stack.world.sandbox.twilio.release_by_hand(NUMBER)
    stack.world.sandbox.twilio.unsell(NUMBER)


def bought(stack: Stack) -> int:
    return len(stack.world.sandbox.ledger.purchases(NUMBER))


@pytest.mark.parametrize(
    ("name", "key"), [("bought", ("PhoneNumber", "bought")), ("custom", ("DispatchRule", "custom"))]
)
def test_a_mark_that_was_applied_to_the_resource_alone_counts(stack: Stack, name: str, key: tuple[str, str]) -> None:
    line = {"bought": BOUGHT, "custom": CUSTOM}[name]
    stack.up(inventory({**ALL, name: having(line, "removal: release")}), target=(key,))

    stack.up(inventory({other: one for other, one in ALL.items() if other != name}))

    assert key not in stack.engine.state.resources
    assert bought(stack) == 1
    assert len(stack.world.sandbox.ledger.releases()) == (name == "bought")


def test_a_mark_that_the_fleet_alone_has_releases_nothing(stack: Stack) -> None:
    stack.up(inventory({**ALL, "bought": having(BOUGHT, "removal: release")}), target=(FLEET,))

    with pytest.raises(Failed, match=r"was never marked for removal|cannot be deleted: it is protected"):
        stack.up(inventory({name: one for name, one in ALL.items() if name != "bought"}))

    assert (bought(stack), stack.world.sandbox.ledger.releases()) == (1, [])


@pytest.mark.parametrize("runs_between", [0, 1, 2])
@pytest.mark.parametrize("refresh", [True, False])
def test_a_repurchase_that_stays_in_the_file_buys_once(stack: Stack, runs_between: int, refresh: bool) -> None:
    vanish(stack)
    stack.up(inventory(ALL))
    stack.up(AGAIN)
    assert bought(stack) == 2
    for _ in range(runs_between):
        stack.up(AGAIN, refresh=refresh)
    vanish(stack)
    stack.world.notices.clear()

    stack.up(AGAIN)
    stack.up(AGAIN, refresh=refresh)

    assert bought(stack) == 2
    assert any("It is gone again, and was not bought" in notice for notice in stack.world.notices)


def test_a_repurchase_that_is_used_is_told_and_shows_no_change(stack: Stack) -> None:
    vanish(stack)
    stack.up(AGAIN)
    stack.world.notices.clear()

    assert stack.up(AGAIN) == []
    assert stack.up(AGAIN) == []
    assert any("has bought +16505551234 again, and buys it once" in notice for notice in stack.world.notices)


def test_a_repurchase_that_is_written_anew_buys_once_more(stack: Stack) -> None:
    vanish(stack)
    stack.up(AGAIN)
    vanish(stack)
    stack.up(AGAIN)
    stack.up(inventory(ALL))

    stack.up(AGAIN)

    assert bought(stack) == 3


def test_a_repurchase_whose_run_failed_before_it_is_still_to_come(stack: Stack) -> None:
    vanish(stack)
    stack.up(inventory(ALL))
    stack.up(AGAIN, target=(FLEET,))
    assert bought(stack) == 1

    stack.up(AGAIN)

    assert bought(stack) == 2
