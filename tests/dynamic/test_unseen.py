"""What is ours and what nobody can see just now: neither is lost, and nobody else's object is taken for it."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.faults import Fault
from tests.dynamic.fleets import ONE, TWO, file, two
from tests.dynamic.inventories import ALL, BOUGHT, CUSTOM, VONAGE, having, inventory
from tests.faults.holdings import tagged
from tests.support.model_engine import Failed, Killed, State
from tests.support.world import Stack, World

LINES = {"bought": BOUGHT, "vonage": VONAGE, "adopted": having(BOUGHT, "adopt: true")}
ACCOUNT = {"bought": "IncomingPhoneNumbers.json", "adopted": "IncomingPhoneNumbers", "vonage": "/account/numbers"}
PRICES = {"bought": "1.15 USD", "vonage": "1.25 EUR"}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def stack(world: World) -> Stack:
    return Stack(world)


def removed_while_answers_lag(stack: Stack, line: str, removal: str) -> None:
    stack.up(inventory({line: having(LINES[line], f"removal: {removal}")}))
    world = stack.world
    world.sandbox.faults.add(Fault("stale", method="GET", path=ACCOUNT[line], lag_seconds=1000.0, times=None))
    stack.up(inventory({}))
    world.sandbox.faults.clear()


@pytest.mark.parametrize("line", ["bought", "vonage"])
def test_a_number_that_its_account_does_not_show_is_released_by_its_id(world: World, stack: Stack, line: str) -> None:
    removed_while_answers_lag(stack, line, "release")
    assert len(world.sandbox.ledger.releases()) == 1
    assert stack.up(inventory({})) == []


def test_a_number_that_is_shown_as_it_was_before_it_was_ours_leaves_our_trunk(world: World, stack: Stack) -> None:
    """Its agent goes: left on the trunk it would send calls to LiveKit, where nobody answers them any more."""
    number = "+16505551234"
    world.sandbox.twilio.add_number(number, friendly_name="Old desk")
    world.clock.sleep(5000.0)
    removed_while_answers_lag(stack, "adopted", "keep")
    record = world.sandbox.twilio.number(number) or {}
    assert (record["trunk_sid"], world.sandbox.livekit.dispatch_rules()) == (None, ())
    assert world.notices[1:] == [
        f"{number} no longer carries the tag and routing of line adopted; it was taken off the trunk that the line had,"
        " and nothing else of it was changed."
    ]


def test_a_number_that_a_sibling_has_on_our_trunk_by_now_stays_on_it_where_answers_show_the_past(world: World) -> None:
    """An older state is put back: the line is in it, and has moved on to a stack that borrows the trunk."""
    (a, b), number = two(world), "+16505551234"
    world.sandbox.twilio.add_number(number, friendly_name="Old desk")
    world.clock.sleep(5000.0)
    there, moved = (file(two=f"b: {TWO}", line=f"{stack}: {having(ONE, 'adopt: true')}") for stack in ("a", "b"))
    marked = file(two=f"b: {TWO}", line=f"a: {having(ONE, 'adopt: true, removal: keep')}")
    for stack, text in ((a, there), (b, there), (a, marked)):
        stack.up(text)
    older = a.engine.state.copied()
    a.up(moved)
    b.up(moved)
    before = world.sandbox.twilio.number(number) or {}

    a.engine.state = older
    world.sandbox.faults.add(Fault("stale", method="GET", path=ACCOUNT["adopted"], lag_seconds=1000.0, times=None))
    world.notices.clear()
    a.up(moved)

    assert before["trunk_sid"] in world.sandbox.twilio.store.table("trunks")
    assert world.sandbox.twilio.number(number) == before
    assert (
        f'{number} no longer carries the tag and routing of line line; line "line" of fleet "acme/fleet/b" claims it,'
        " so it was left as it is."
    ) in world.notices


def test_a_number_that_somebody_moved_to_a_trunk_of_theirs_stays_on_it(world: World, stack: Stack) -> None:
    number = "+16505551234"
    stack.up(inventory({"bought": having(BOUGHT, "removal: keep")}))
    trunks = world.process().vendors.adapters["SipTrunk"]
    theirs = trunks.create({"tag": "", "domainName": "", "secure": False, "transferMode": "disable-all"}).id
    world.sandbox.twilio.edit_number(number, trunk_sid=theirs, friendly_name="Theirs")
    stack.up(inventory({}))
    record = world.sandbox.twilio.number(number) or {}
    assert (record["trunk_sid"], record["friendly_name"]) == (theirs, "Theirs")


@pytest.mark.parametrize("removal", ["keep", "release"])
def test_one_look_up_that_shows_the_past_lets_no_number_go_half_way(world: World, stack: Stack, removal: str) -> None:
    """The list shows the number; the exact look-up before it is let go does not yet."""
    file = inventory({"vonage": having(VONAGE, f"removal: {removal}")})
    stack.up(file)
    world.clock.sleep(100.0)
    exact: list[str] = []

    def lagging(sandbox: Any, request: Any) -> Any:
        if request.path == ACCOUNT["vonage"] and "pattern" in dict(request.query):
            exact.append(request.path)
            if len(exact) == 1:
                sandbox.faults.add(Fault("stale", method="GET", path=request.path, lag_seconds=1000.0, times=1))
        return sandbox.handle(request)

    stack.up(inventory({}), handle=lagging)

    vonage = world.sandbox.vonage
    routes = [record.get("voiceCallbackValue", "") for each in vonage.numbers() if (record := vonage.number(each))]
    assert (len(exact) > 1, routes) == (True, [""] if removal == "keep" else [])
    assert world.notices == []


@pytest.mark.parametrize("past", range(3))
def test_a_number_that_was_to_stay_leaves_its_route_also_where_one_look_up_shows_it_without(
    world: World, stack: Stack, past: int
) -> None:
    """It was there before, routed nowhere: left as it is now it would send calls where nobody answers them any more."""
    number = "+447400123456"
    world.sandbox.vonage.add_number(number)
    world.clock.sleep(5000.0)
    stack.up(inventory({"old": f'{{provider: vonage, phone_number: "{number}", agent: sales, adopt: true}}'}))
    kept = inventory({"old": f'{{provider: vonage, phone_number: "{number}", agent: sales, removal: keep}}'})
    stack.up(kept)
    world.clock.sleep(100.0)
    exact: list[str] = []

    def lagging(sandbox: Any, request: Any) -> Any:
        if request.path == ACCOUNT["vonage"] and "pattern" in dict(request.query):
            exact.append(request.path)
            if len(exact) == past + 1:
                sandbox.faults.add(Fault("stale", method="GET", path=request.path, lag_seconds=1000.0, times=1))
        return sandbox.handle(request)

    stack.up(inventory({}), handle=lagging)

    record = world.sandbox.vonage.number(number) or {}
    assert (record.get("voiceCallbackValue", ""), world.sandbox.livekit.inbound_trunks()) == ("", ())


def test_a_number_that_was_to_stay_is_detached_by_its_id(world: World, stack: Stack) -> None:
    removed_while_answers_lag(stack, "bought", "keep")
    record = world.sandbox.twilio.number("+16505551234")
    assert record is not None
    assert (record["friendly_name"], record["trunk_sid"]) == ("+16505551234", None)


def test_a_number_without_a_tag_that_was_to_stay_and_is_not_shown_is_left_and_told(world: World, stack: Stack) -> None:
    removed_while_answers_lag(stack, "vonage", "keep")
    assert world.sandbox.ledger.releases() == []
    assert [notice for notice in world.notices if "so it was not detached" in notice] != []


def test_a_lost_state_is_taken_back_also_where_somebody_elses_trunks_have_the_numbers(
    world: World, stack: Stack
) -> None:
    stack.up(inventory(ALL))
    for trunk in world.sandbox.livekit.inbound_trunks():
        world.sandbox.livekit.add_inbound_trunk(
            name="by hand", numbers=trunk["numbers"], allowed_numbers=["+16505550188"]
        )
    ids, mark = stack.ids(), world.sandbox.journal.mark()
    stack.engine.state = State()
    stack.up(inventory(ALL))
    assert stack.ids() == ids
    assert world.sandbox.journal.writes(mark) == []


def test_a_line_that_is_put_back_while_its_removal_was_interrupted_keeps_its_number(world: World, stack: Stack) -> None:
    stack.up(inventory({"vonage": having(VONAGE, "removal: keep")}))
    world.sandbox.faults.add(Fault("drop", vendor="vonage", write=True))
    with pytest.raises(Failed):
        stack.up(inventory({}))
    for trunk in (*world.sandbox.livekit.inbound_trunks(), *world.sandbox.livekit.outbound_trunks()):
        world.sandbox.livekit.delete(trunk["sip_trunk_id"])
    stack.up(inventory({"vonage": VONAGE}))
    assert len(world.sandbox.ledger.charges()) == 1
    assert stack.up(inventory({"vonage": VONAGE})) == []


def test_a_line_that_is_put_back_after_its_number_was_detached_by_a_killed_run_has_it_again(world: World) -> None:
    stack = Stack(world, checkpoints=True)
    file = inventory({"custom": CUSTOM, "bought": having(BOUGHT, "removal: keep")})
    stack.up(file)

    def dying(sandbox: Any, request: Any) -> Any:
        if request.path.endswith("DeleteSIPDispatchRule"):
            raise Killed
        return sandbox.handle(request)

    with pytest.raises(Killed):
        stack.up(inventory({"custom": CUSTOM}), handle=dying)
    stack.up(file)

    record = world.sandbox.twilio.number("+16505551234")
    assert record is not None
    assert (record["friendly_name"], len(world.sandbox.ledger.charges())) == ("trunkline:acme/test/bought", 1)
    assert stack.up(file) == []


@pytest.mark.parametrize("line", ["bought", "vonage"])
def test_what_answers_a_number_that_no_answer_shows_is_not_swept_with_a_lost_state(
    world: World, stack: Stack, line: str
) -> None:
    """The file has lost its line, the state is lost, and the carrier lags: nobody knows that the number is ours."""
    stack.up(inventory({"custom": CUSTOM, line: LINES[line]}))
    stack.engine.state = State()
    there = tagged(world.sandbox, "trunkline:acme/test/")
    world.sandbox.faults.add(Fault("stale", method="GET", path=ACCOUNT[line], lag_seconds=1000.0, times=None))
    stack.up(inventory({"custom": CUSTOM}))
    world.sandbox.faults.clear()

    stack.up(inventory({"custom": CUSTOM}))

    assert tagged(world.sandbox, "trunkline:acme/test/") == there
    assert [
        notice for notice in world.notices if f'is owned, {PRICES[line]} a month, for line "{line}"' in notice
    ] != []


def test_a_number_to_be_kept_that_was_never_seen_keeps_its_line_until_it_shows(world: World, stack: Stack) -> None:
    lag = Fault("stale", vendor="vonage", method="GET", path="/account/numbers", lag_seconds=100_000, times=None)
    world.sandbox.faults.add(lag)
    stack.up(inventory({"vonage": VONAGE}))
    stack.up(inventory({"vonage": having(VONAGE, "removal: keep")}))

    for _ in range(2):
        with pytest.raises(Failed, match="which is to be kept, may be on order"):
            stack.preview(inventory({}))
    # The ways on: it shows, and is detached; or it is given back unseen.
    world.sandbox.faults.clear()
    stack.up(inventory({"vonage": having(VONAGE, "removal: keep")}))
    stack.up(inventory({}))

    assert len(world.sandbox.vonage.numbers()) == len(world.sandbox.ledger.charges()) == 1
    assert not world.sandbox.livekit.inbound_trunks()
