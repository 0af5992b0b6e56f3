"""A line that leaves the file while its purchase may be under way: its claim stays for a day, and it has no second."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.dynamic.inventories import BOUGHT, CUSTOM, SEARCHED, VONAGE, having, inventory
from tests.dynamic.orders import BUYS, charged, lags, vendor_of
from tests.faults.holdings import tagged
from tests.support.model_engine import Failed, Killed
from tests.support.world import Stack, World

WITHOUT = inventory({"custom": CUSTOM})
LINES = {"bought": BOUGHT, "searched": SEARCHED, "vonage": VONAGE}
PRICES = {"bought": "1.15 USD", "searched": "1.15 USD", "vonage": "1.25 EUR"}
DAY = 24 * 3600.0


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(params=[False, True], ids=["saved at the end", "saved at each step"])
def stack(world: World, request: pytest.FixtureRequest) -> Stack:
    made = Stack(world, checkpoints=request.param)
    made.up(WITHOUT)
    return made


def with_line(line: str, more: str = "") -> str:
    return inventory({"custom": CUSTOM, line: having(LINES[line], more) if more else LINES[line]})


def under_way(stack: Stack, line: str, more: str = "") -> tuple[str, Callable[[], object]]:
    """Kill a run as it sends its purchase. Gives the number, and what lets the request arrive."""
    sent: list[Any] = []

    def dying(sandbox: Any, request: Any) -> Any:
        if request.method != "POST" or not request.path.endswith(BUYS[vendor_of(line)]):
            return sandbox.handle(request)
        sent.append(request)
        raise Killed

    with pytest.raises(Killed):
        stack.up(with_line(line, more), handle=dying)
    form = dict(sent[0].form)
    return form.get("PhoneNumber") or f"+{form['msisdn']}", lambda: stack.world.sandbox.handle(sent[0])


def there(world: World, line: str) -> list[str]:
    """Give the kinds of what is tagged for the line."""
    owners = tagged(world.sandbox, "trunkline:acme/test/").items()
    return sorted(kind for (kind, _), owner in owners if owner == line)


def told(stack: Stack, text: str) -> list[str]:
    stack.world.notices.clear()
    stack.preview(text)
    return list(stack.world.notices)


@pytest.mark.parametrize("mark", ["", "removal: release"])
@pytest.mark.parametrize("runs", [1, 2])
@pytest.mark.parametrize("line", ["searched", "vonage"])
def test_a_searched_line_that_is_put_back_while_its_purchase_is_under_way_has_that_number_alone(
    world: World, stack: Stack, line: str, runs: int, mark: str
) -> None:
    file = with_line(line, mark)
    number, arrive = under_way(stack, line, mark)
    for _ in range(runs):
        stack.up(WITHOUT)
    stack.up(file)
    arrive()
    stack.up(file)
    assert (charged(world), told(stack, file), stack.up(file)) == ([number], [], [])


@pytest.mark.parametrize("line", ["searched", "vonage"])
def test_what_a_purchase_under_way_has_left_is_named_for_a_day_and_goes(world: World, stack: Stack, line: str) -> None:
    number, _ = under_way(stack, line)
    for _ in range(3):
        stack.up(WITHOUT)

    (notice,) = told(stack, WITHOUT)
    assert notice.startswith(f'{number} may be on order for line "{line}", which numbers.yaml no longer has.')
    (trunk,) = (one for one in world.sandbox.livekit.inbound_trunks() if number in one["numbers"])
    assert trunk["metadata"] == f"trunkline:acme/test/{line}#{'picked' if line == 'searched' else 'untagged'}={number}"
    world.clock.sleep(DAY)
    stack.up(WITHOUT)
    assert (there(world, line), told(stack, WITHOUT), stack.up(WITHOUT)) == ([], [], [])


@pytest.mark.parametrize("line", ["searched", "vonage"])
def test_a_purchase_that_arrives_while_its_line_is_out_is_named_and_given_back_by_the_line(
    world: World, stack: Stack, line: str
) -> None:
    number, arrive = under_way(stack, line)
    stack.up(WITHOUT)
    arrive()
    stack.up(WITHOUT)

    assert told(stack, WITHOUT) == [
        f'{number} is owned, {PRICES[line]} a month, for line "{line}", which numbers.yaml no longer has. Put the line'
        " back, or put it back with `removal: release`, apply, and remove it."
    ]
    stack.up(with_line(line, "removal: release"))
    stack.up(WITHOUT)
    assert (charged(world), len(world.sandbox.ledger.releases()), there(world, line)) == ([number], 1, [])


@pytest.mark.parametrize("mark", ["", "removal: release"])
@pytest.mark.parametrize("line", ["bought", "searched", "vonage"])
def test_a_line_that_a_killed_run_has_saved_does_not_leave_once_its_number_is_off_the_market(
    world: World, line: str, mark: str
) -> None:
    stack = Stack(world, checkpoints=True)
    stack.up(WITHOUT)
    number, arrive = under_way(stack, line, mark)

    lags(world, line)
    arrive()
    if not mark:
        # Off the market, and in no answer: it may be on order.
        with pytest.raises(Failed, match=rf"{line}.*{number[1:]}.*never marked for removal"):
            stack.preview(WITHOUT)
    world.sandbox.faults.clear()
    with pytest.raises(Failed, match="has ended well yet" if mark else "never marked for removal"):
        stack.preview(WITHOUT)

    # The way out.
    stack.up(with_line(line, "removal: release"))
    stack.up(WITHOUT)
    assert (charged(world), len(world.sandbox.ledger.releases()), there(world, line)) == ([number], 1, [])
