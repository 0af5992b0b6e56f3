"""A number that was asked for and is not seen yet: it stays the line's, and no other is bought in its place."""

from __future__ import annotations

from typing import Any

import pytest

from providers.dynamic import runtime
from sandbox.faults import Fault
from tests.dynamic.inventories import BOUGHT, CUSTOM, HEAD, SEARCHED, VONAGE, having, inventory
from tests.faults.interruption import AtWrite
from tests.faults.scene import index_of
from tests.support.model_engine import Engine, Failed, Killed, State
from tests.support.world import SECRETS, Stack, World

LINES = {"bought": BOUGHT, "searched": SEARCHED, "vonage": VONAGE}
ACCOUNT = {"twilio": "IncomingPhoneNumbers.json", "vonage": "/account/numbers"}
BUYS = {"twilio": "IncomingPhoneNumbers.json", "vonage": "/number/buy"}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(params=[False, True], ids=["saved at the end", "saved at each step"])
def stack(world: World, request: pytest.FixtureRequest) -> Stack:
    return Stack(world, checkpoints=request.param)


def vendor_of(line: str) -> str:
    return "vonage" if line == "vonage" else "twilio"


def lags(world: World, line: str, seconds: float = 1000.0) -> None:
    """Let the account's answers show the past."""
    vendor = vendor_of(line)
    world.sandbox.faults.add(
        Fault("stale", vendor=vendor, method="GET", path=ACCOUNT[vendor], lag_seconds=seconds, times=None)
    )


def loses_the_reply(world: World, line: str, when: Any = "after") -> None:
    vendor = vendor_of(line)
    world.sandbox.faults.add(Fault("drop", vendor=vendor, write=True, path=BUYS[vendor], when=when))


def status(stack: Stack, line: str) -> str:
    return str(stack.engine.state.resources["PhoneNumber", line].outputs["status"])


def charged(world: World) -> list[str]:
    return [charge.number for charge in world.sandbox.ledger.charges()]


def order(world: World, stack: Stack, line: str) -> str:
    """Buy a number that does not show; give it."""
    lags(world, line)
    loses_the_reply(world, line)
    stack.up(inventory({line: LINES[line]}))
    assert status(stack, line) == "ordered"
    (number,) = charged(world)
    return number


def sold(world: World, line: str) -> Any:
    """Let another customer be faster, at the purchase of a first `up`."""

    def sell(request: Any) -> None:
        form = dict(request.form)
        getattr(world.sandbox, vendor_of(line)).sell(form.get("PhoneNumber") or f"+{form['msisdn']}")

    return AtWrite(index_of(inventory({line: LINES[line]}), BUYS[vendor_of(line)]), before=sell)


def claim(world: World) -> dict[str, Any]:
    (trunk,) = world.sandbox.livekit.inbound_trunks()
    return dict(trunk)


@pytest.mark.parametrize("line", LINES)
def test_however_long_look_ups_lag_a_line_is_charged_once_and_taken_when_its_number_shows(
    world: World, stack: Stack, line: str
) -> None:
    number, file = order(world, stack, line), inventory({line: LINES[line]})

    for _ in range(3):
        stack.up(file)
        assert (charged(world), status(stack, line)) == ([number], "ordered")

    world.clock.sleep(2000.0)
    stack.up(file)
    assert (charged(world), status(stack, line)) == ([number], "owned")
    assert claim(world)["metadata"] == f"trunkline:acme/test/{line}"
    world.clock.sleep(2000.0)
    assert stack.up(file) == []


@pytest.mark.parametrize("line", LINES)
def test_an_order_is_known_by_its_claim_alone_where_the_state_is_lost(world: World, stack: Stack, line: str) -> None:
    number = order(world, stack, line)
    stack.engine.state = State()

    stack.up(inventory({line: LINES[line]}))

    assert (charged(world), status(stack, line)) == ([number], "ordered")


@pytest.mark.parametrize("line", LINES)
def test_an_order_is_known_by_the_state_where_somebody_deletes_its_claim(world: World, stack: Stack, line: str) -> None:
    number = order(world, stack, line)
    for trunk in (*world.sandbox.livekit.inbound_trunks(), *world.sandbox.livekit.outbound_trunks()):
        world.sandbox.livekit.delete(trunk["sip_trunk_id"])

    stack.up(inventory({line: LINES[line]}))

    assert (charged(world), status(stack, line), claim(world)["numbers"]) == ([number], "ordered", [number])


@pytest.mark.parametrize("line", LINES)
def test_a_purchase_whose_run_was_killed_is_not_replaced_while_look_ups_lag(
    world: World, stack: Stack, line: str
) -> None:
    file = inventory({line: LINES[line]})
    lags(world, line)

    def die() -> None:
        raise Killed

    with pytest.raises(Killed):
        stack.up(file, handle=AtWrite(index_of(file, BUYS[vendor_of(line)]), after=die))
    for _ in range(3):
        stack.up(file)

    assert len(charged(world)) == 1
    assert status(stack, line) == "ordered"


def test_every_preview_says_what_may_be_on_order_its_price_and_the_way_out(world: World, stack: Stack) -> None:
    number = order(world, stack, "vonage")
    world.notices.clear()

    stack.preview(inventory({"vonage": VONAGE}))

    assert world.notices == [
        f'{number} of line "vonage" may be on order at vonage, 1.25 EUR a month: it was asked for, and is neither in'
        " the account nor on offer. Nothing else is bought for the line; it is taken as soon as it shows. If vonage"
        f' says that it never came, write `give_up: "{number}"` on the line.'
    ]


def test_it_is_said_since_when_where_livekit_shows_it(world: World, stack: Stack) -> None:
    order(world, stack, "vonage")
    world.sandbox.livekit.edit_trunk(claim(world)["sip_trunk_id"], created_at="2026-11-25T09:30:00Z")
    world.notices.clear()

    stack.preview(inventory({"vonage": VONAGE}))

    assert "may be on order at vonage, since 2026-11-25T09:30:00Z, 1.25 EUR a month: " in world.notices[0]


def test_the_price_is_known_where_the_state_is_lost_too(world: World, stack: Stack) -> None:
    order(world, stack, "bought")
    stack.engine.state = State()

    stack.up(inventory({"bought": BOUGHT}, HEAD.replace("max_purchases: 5", "max_monthly_increase: {USD: 2}")))

    assert stack.engine.state.resources["Fleet", "fleet"].inputs["lines"]["bought"]["monthlyCost"] == {
        "amount": "1.15",
        "currency": "USD",
    }


def test_what_is_on_order_does_not_stop_other_lines(world: World, stack: Stack) -> None:
    order(world, stack, "vonage")

    stack.up(inventory({"custom": CUSTOM, "vonage": VONAGE}))

    assert ("DispatchRule", "custom") in stack.engine.state.resources
    assert stack.up(inventory({"custom": CUSTOM, "vonage": VONAGE})) == []


def test_the_guard_counts_what_may_be_on_order(world: World, stack: Stack) -> None:
    order(world, stack, "bought")

    with pytest.raises(Failed, match=r"2 lines would buy a number in one update, .*: bought, searched"):
        stack.up(
            inventory({"bought": BOUGHT, "searched": SEARCHED}, HEAD.replace("max_purchases: 5", "max_purchases: 1"))
        )
    with pytest.raises(Failed, match=r"the purchases of bought, searched cost 2.30 USD a month"):
        stack.up(
            inventory(
                {"bought": BOUGHT, "searched": SEARCHED},
                HEAD.replace("max_purchases: 5", "max_monthly_increase: {USD: 2}"),
            )
        )


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
    assert claim(world)["metadata"] == f"trunkline:acme/test/{line}#unavailable={number}"
    trunk = claim(world)["sip_trunk_id"]

    stack.up(file)

    assert (claim(world)["sip_trunk_id"], claim(world)["numbers"]) == (trunk, charged(world))
    assert charged(world) != [number]
    assert claim(world)["metadata"] == f"trunkline:acme/test/{line}"
    assert stack.up(file) == []


def test_a_named_number_that_is_seen_to_be_refused_is_refused_from_then_on(world: World, stack: Stack) -> None:
    file = inventory({"bought": BOUGHT})
    with pytest.raises(Failed, match="is not available"):
        stack.up(file, handle=sold(world, "bought"))

    with pytest.raises(Failed, match="is not on offer at twilio and not in the account"):
        stack.up(file)


@pytest.mark.parametrize("line", ["searched", "vonage"])
def test_after_a_kill_no_refusal_of_a_carrier_lets_the_claim_move(world: World, stack: Stack, line: str) -> None:
    """Another process may have bought it: "not available" may mean "yours already"."""
    file = inventory({line: LINES[line]})

    def die(_: Any) -> None:
        raise Killed

    with pytest.raises(Killed):
        stack.up(file, handle=AtWrite(index_of(file, BUYS[vendor_of(line)]), before=die))
    (number,) = claim(world)["numbers"]

    def sell(request: Any) -> None:
        if request.path.endswith(BUYS[vendor_of(line)]):
            getattr(world.sandbox, vendor_of(line)).sell(number)

    def selling(sandbox: Any, request: Any) -> Any:
        if request.method == "POST":
            sell(request)
        return sandbox.handle(request)

    stack.up(file, handle=selling)
    assert (status(stack, line), claim(world)["numbers"], charged(world)) == ("ordered", [number], [])
    assert claim(world)["metadata"] == f"trunkline:acme/test/{line}#again={number}"
    stack.up(file)
    assert (status(stack, line), claim(world)["numbers"], charged(world)) == ("ordered", [number], [])


def test_an_edit_of_the_line_keeps_what_is_noted(world: World, stack: Stack) -> None:
    test_after_a_kill_no_refusal_of_a_carrier_lets_the_claim_move(world, stack, "searched")
    noted = claim(world)["metadata"]

    stack.up(inventory({"searched": having(SEARCHED, "krisp_enabled: true")}))

    assert (claim(world)["metadata"], claim(world)["krisp_enabled"]) == (noted, True)


@pytest.mark.parametrize("line", ["searched", "vonage"])
def test_a_number_that_never_came_is_given_up_by_name(world: World, stack: Stack, line: str) -> None:
    test_after_a_kill_no_refusal_of_a_carrier_lets_the_claim_move(world, stack, line)
    trunk, (number,) = claim(world)["sip_trunk_id"], claim(world)["numbers"]
    file = inventory({line: having(LINES[line], f'give_up: "{number}"')})

    stack.up(file)

    assert (status(stack, line), charged(world)) == ("owned", claim(world)["numbers"])
    assert claim(world)["sip_trunk_id"] == trunk
    assert charged(world) != [number]
    assert stack.up(file) == []
    assert stack.up(inventory({line: LINES[line]})) == []


def test_a_line_with_a_number_of_its_own_gives_it_up_for_another(world: World, stack: Stack) -> None:
    file = inventory({"bought": BOUGHT})
    loses_the_reply(world, "bought", when="before")
    stack.up(file)
    world.sandbox.twilio.sell("+16505551234")
    other = BOUGHT.replace("51234", "51235")
    stack.up(file)
    assert status(stack, "bought") == "ordered"
    with pytest.raises(Failed, match=r'or, if \+16505551234 never came, write `give_up: "\+16505551234"` here'):
        stack.up(inventory({"bought": other}))

    giving_up = inventory({"bought": having(other, 'give_up: "+16505551234"')})
    stack.up(giving_up)

    assert (charged(world), claim(world)["numbers"]) == (["+16505551235"], ["+16505551235"])
    assert stack.up(giving_up) == []
    assert stack.up(inventory({"bought": other})) == []


def test_the_wrong_number_gives_nothing_up(world: World, stack: Stack) -> None:
    number = order(world, stack, "searched")

    stack.up(inventory({"searched": having(SEARCHED, 'give_up: "+16505550000"')}))

    assert (charged(world), claim(world)["numbers"]) == ([number], [number])


def test_a_number_that_has_come_is_not_given_up(world: World, stack: Stack) -> None:
    number = order(world, stack, "searched")
    world.clock.sleep(2000.0)
    mark = world.sandbox.journal.mark()

    with pytest.raises(Failed, match=rf"`give_up: \{number}`, but \{number} is in the twilio account"):
        stack.up(inventory({"searched": having(SEARCHED, f'give_up: "{number}"')}))

    assert world.sandbox.journal.writes(mark) == []


def test_a_number_that_comes_after_it_was_given_up_is_told_and_changes_nothing(world: World, stack: Stack) -> None:
    number = order(world, stack, "searched")
    file = inventory({"searched": having(SEARCHED, f'give_up: "{number}"')})
    stack.up(file)
    world.sandbox.faults.clear()
    stack.up(file)
    (other,) = claim(world)["numbers"]
    world.notices.clear()

    assert stack.up(inventory({"searched": SEARCHED})) == []

    assert (status(stack, "searched"), charged(world)) == ("owned", [number, other])
    assert world.notices == [
        f'{number} is owned and carries the tag of line "searched", which has {other}: it was given up, and came after'
        " all. Release it at the carrier, or take its tag off there and adopt it by a line of its own."
    ]


def test_a_number_that_the_line_has_is_not_called_given_up_where_the_file_names_another(
    world: World, stack: Stack
) -> None:
    stack.up(inventory({"bought": BOUGHT}))
    world.sandbox.twilio.add_number("+16505551236")

    for line in (BOUGHT.replace("1234", "1236"), having(BOUGHT.replace("1234", "1236"), "adopt: true")):
        with pytest.raises(Failed, match="a line's number never changes"):
            stack.preview(inventory({"bought": line}))

    assert [text for text in world.notices if "given up" in text] == []


@pytest.mark.parametrize("line", LINES)
def test_a_line_whose_number_may_be_on_order_does_not_leave_the_file_unmarked(
    world: World, stack: Stack, line: str
) -> None:
    order(world, stack, line)

    with pytest.raises(Failed, match="was never marked for removal"):
        stack.up(inventory({}))


def test_nor_does_one_that_is_on_offer_again(world: World, stack: Stack) -> None:
    """Its PhoneNumber is in the state, and the engine would refuse to delete that after it had written."""
    loses_the_reply(world, "searched", when="before")
    stack.up(inventory({"searched": SEARCHED}))

    with pytest.raises(Failed, match="was never marked for removal"):
        stack.up(inventory({}))


def test_nor_does_one_whose_run_was_killed_before_anybody_knew(world: World) -> None:
    stack = Stack(world, checkpoints=True)
    file = inventory({"vonage": VONAGE})
    lags(world, "vonage")

    def die() -> None:
        raise Killed

    with pytest.raises(Killed):
        stack.up(file, handle=AtWrite(index_of(file, BUYS["vonage"]), after=die))

    with pytest.raises(Failed, match="was never marked for removal"):
        stack.up(inventory({}))


def test_a_line_that_is_marked_for_release_leaves_the_file_while_its_number_is_on_order(
    world: World, stack: Stack
) -> None:
    order(world, stack, "searched")
    stack.up(inventory({"searched": having(SEARCHED, "removal: release")}))
    assert status(stack, "searched") == "ordered"

    stack.up(inventory({}))

    assert ("PhoneNumber", "searched") not in stack.engine.state.resources


def test_a_vonage_number_that_lags_behind_its_line_s_removal_is_given_back_unseen(world: World, stack: Stack) -> None:
    """It has no tag: once its trunk is gone, nobody would know any more whose it is."""
    number = order(world, stack, "vonage")
    stack.up(inventory({"vonage": having(VONAGE, "removal: release")}))

    stack.up(inventory({}))

    assert [release.number for release in world.sandbox.ledger.releases()] == [number]
    assert not world.sandbox.livekit.inbound_trunks()


def test_but_not_one_whose_trunk_is_another_owner_s_by_now(world: World, stack: Stack) -> None:
    number = order(world, stack, "vonage")
    stack.up(inventory({"vonage": having(VONAGE, "removal: release")}))
    world.sandbox.livekit.edit_trunk(claim(world)["sip_trunk_id"], metadata="trunkline:acme/else/line")

    stack.up(inventory({}))

    assert world.sandbox.ledger.releases() == []
    assert world.sandbox.vonage.number(number) is not None


def test_routing_that_does_not_find_the_new_number_yet_leaves_it_on_order(world: World, stack: Stack) -> None:
    """The purchase is read back; the look-up before the routing shows the past again."""
    file = inventory({"vonage": VONAGE})
    first = index_of_read_back(file)
    lag = Fault("stale", vendor="vonage", method="GET", path=ACCOUNT["vonage"], lag_seconds=60, skip=first, times=None)
    world.sandbox.faults.add(lag)

    stack.up(file)
    assert (len(charged(world)), status(stack, "vonage")) == (1, "ordered")
    world.clock.sleep(100.0)
    stack.up(file)
    assert (len(charged(world)), status(stack, "vonage")) == (1, "owned")
    world.clock.sleep(100.0)
    assert stack.up(file) == []


def index_of_read_back(file: str) -> int:
    """Give how many look-ups of the account a first `up` makes until the purchase was read back."""
    world = World()
    Stack(world).up(file)
    asked = [entry for entry in world.sandbox.journal if entry.vendor == "vonage" and entry.path in ACCOUNT["vonage"]]
    bought = next(entry.index for entry in world.sandbox.journal if entry.path == BUYS["vonage"])
    return len([entry for entry in asked if entry.index < bought]) + 1


def test_a_vanished_number_that_is_bought_again_may_be_on_order_too(world: World, stack: Stack) -> None:
    file = inventory({"bought": BOUGHT})
    stack.up(file)
    world.sandbox.twilio.release_by_hand("+16505551234")
    world.sandbox.twilio.unsell("+16505551234")
    again = inventory({"bought": having(BOUGHT, "repurchase: true")})
    world.clock.sleep(100.0)
    lags(world, "bought", seconds=50.0)
    loses_the_reply(world, "bought")

    stack.up(again)
    assert status(stack, "bought") == "ordered"
    stack.up(again)
    assert status(stack, "bought") == "ordered"
    world.clock.sleep(100.0)
    stack.up(again)

    assert status(stack, "bought") == "owned"
    assert charged(world) == ["+16505551234", "+16505551234"]
    assert stack.up(again) == []


@pytest.mark.parametrize("line", LINES)
def test_what_may_be_on_order_is_not_asked_for_again(world: World, stack: Stack, line: str) -> None:
    order(world, stack, line)
    stack.engine.state = State()
    mark = world.sandbox.journal.mark()

    stack.up(inventory({line: LINES[line]}))

    buys = [entry for entry in world.sandbox.journal.writes(mark) if entry.path.endswith(BUYS[vendor_of(line)])]
    assert buys == []


@pytest.mark.parametrize("line", LINES)
def test_a_purchase_that_only_its_answer_shows_is_on_order_and_never_vanishes(
    world: World, stack: Stack, line: str
) -> None:
    vendor = vendor_of(line)
    world.sandbox.faults.add(Fault("late_order", vendor=vendor, method="POST", path=BUYS[vendor], lag_seconds=1000.0))
    file = inventory({line: LINES[line]})

    for _ in range(3):
        stack.up(file)
        assert status(stack, line) == "ordered"
    world.clock.sleep(2000.0)
    stack.up(file)

    assert (status(stack, line), len(charged(world))) == ("owned", 1)
    assert stack.up(file) == []


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
    assert (status(stack, line), claim(world)["metadata"]) == ("ordered", f"trunkline:acme/test/{line}#again={number}")
    for _ in range(2):
        stack.up(file)
    assert charged(world) == [number]
