"""What the simulation meets by chance, on purpose: one fault or one other run at every write of a first `up`."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from providers.dynamic import runtime
from sandbox import Fault
from tests.faults.holdings import tagged
from tests.faults.interruption import AtWrite
from tests.faults.inventory import inventory
from tests.faults.scene import FILE, SEARCH, TAG, bought, index_of, settled
from tests.support.model_engine import Engine, Failed, Killed, State
from tests.support.world import SECRETS, Stack, World

WRITES, ROUTE = 17, 13


def test_a_first_up_has_the_writes_that_these_tests_disturb() -> None:
    world = World()
    Stack(world).up(FILE)
    assert (len(world.writes()), index_of(FILE, "/number/update")) == (WRITES, ROUTE)


def test_a_routing_whose_reply_is_lost_fails_its_line_and_is_found_done_by_the_next_run() -> None:
    world = World()
    world.sandbox.faults.add(Fault("drop", write=True, when="after", skip=ROUTE))
    stack = Stack(world)
    with pytest.raises(Failed, match="Whether the vendor carried it out is not known"):
        stack.up(FILE)
    stack.up(FILE)
    assert len(world.writes()) == WRITES
    assert settled(stack) == []


@pytest.mark.parametrize("write", [each for each in range(WRITES) if each != ROUTE])
def test_a_lost_reply_is_looked_up_in_the_same_run_and_nothing_is_sent_twice(write: int) -> None:
    world = World()
    world.sandbox.faults.add(Fault("drop", write=True, when="after", skip=write))
    stack, undisturbed = Stack(world), World()
    stack.up(FILE)
    Stack(undisturbed).up(FILE)
    # A credential that was found is given its password again, which Twilio does not show; and on a claim that may be
    # another process's it is noted that a purchase is sent, and taken off again.
    twice = ("/Credentials/CR", "/UpdateSIPInboundTrunk")
    assert [each for each in world.writes() if not any(word in each for word in twice)] == undisturbed.writes()
    assert settled(stack) == []


@pytest.mark.parametrize("write", range(WRITES))
def test_a_write_that_never_arrived_is_made_by_the_next_run(write: int) -> None:
    world = World()
    world.sandbox.faults.add(Fault("drop", write=True, when="before", skip=write))
    stack = Stack(world)
    with suppress(Failed):
        stack.up(FILE)
    stack.up(FILE)
    assert settled(stack) == []
    assert len(bought(world)) == 2


@pytest.mark.parametrize("write", range(WRITES))
@pytest.mark.parametrize("side", ["before", "after"])
def test_another_run_at_any_write_buys_no_second_number_and_leaves_no_second_object(write: int, side: str) -> None:
    world = World()
    stack = Stack(world)

    def other_run(*_: Any) -> None:
        mine = runtime.current()
        other = Engine(secrets=SECRETS, state=stack.engine.state)
        with suppress(Failed):
            other.up(world.plan(FILE), world.process())
        runtime.install(mine)
        stack.engine.state = other.state

    at = AtWrite(write, before=other_run) if side == "before" else AtWrite(write, after=other_run)
    with suppress(Failed):
        stack.up(FILE, handle=at)
    for _ in range(2):
        stack.up(FILE)
    assert settled(stack) == []
    assert len(bought(world)) == 2
    assert len(world.sandbox.livekit.outbound_trunks()) == 3


def test_a_lost_state_is_found_again_without_a_write_and_with_the_same_ids() -> None:
    world = World()
    stack = Stack(world)
    stack.up(FILE)
    ids = stack.ids()
    stack.engine.state = State()
    assert settled(stack) == []
    assert stack.ids() == ids
    assert len(bought(world)) == 2


def test_a_number_that_is_refused_because_it_is_ours_already_is_taken() -> None:
    world = World()
    refusal = '{"code": 21422, "message": "+16505551234 is not available", "status": 400}'

    def somebody_buys_it_for_us(request: Any) -> None:
        form = dict(request.form)
        world.sandbox.twilio.add_number(form["PhoneNumber"], friendly_name=form["FriendlyName"])
        # What Twilio says to a second order of one account is not documented; the sandbox gives the number again.
        world.sandbox.faults.add(Fault("status", status=400, body=refusal))

    desk = inventory(lines=("desk",))
    stack = Stack(world)
    stack.up(desk, handle=AtWrite(index_of(desk, "/IncomingPhoneNumbers.json"), before=somebody_buys_it_for_us))
    assert bought(world) == []
    assert settled(stack, desk) == []


def test_a_replacement_bought_by_a_run_that_was_killed_is_not_replaced_again() -> None:
    world = World()
    stack = Stack(world)

    def somebody_is_faster(request: Any) -> None:
        world.sandbox.vonage.sell(f"+{dict(request.form)['msisdn']}")

    with pytest.raises(Failed):
        stack.up(SEARCH, handle=AtWrite(index_of(SEARCH, "/number/buy"), before=somebody_is_faster))

    def die() -> None:
        raise Killed

    with pytest.raises(Killed):
        # The second run moves both trunks to the next number, buys it, and dies.
        stack.up(SEARCH, handle=AtWrite(2, after=die))
    stack.up(SEARCH)
    assert len(bought(world)) == 1
    assert settled(stack, SEARCH) == []


def test_an_edit_that_is_reverted_after_a_kill_leaves_no_object_behind() -> None:
    world, nothing = World(), inventory(lines=())
    stack = Stack(world)

    def die(_: Any) -> None:
        raise Killed

    lines = inventory(lines=("desk", "own"))
    with pytest.raises(Killed):
        stack.up(lines, handle=AtWrite(index_of(lines, "/IncomingPhoneNumbers.json"), before=die))
    assert tagged(world.sandbox, TAG) != {}
    # The rule goes at once, the trunks that may be claims one update later.
    stack.up(nothing)
    stack.up(nothing)
    assert tagged(world.sandbox, TAG) == {}
    assert settled(stack, nothing) == []


def test_a_number_that_another_run_buys_during_the_search_is_taken_by_the_same_run() -> None:
    world = World()
    stack = Stack(world)
    searched: list[str] = []

    def another_run_is_faster(sandbox: Any, request: Any) -> Any:
        if request.path == "/number/search" and not searched:
            searched.append(request.path)
            mine = runtime.current()
            Engine(secrets=SECRETS).up(world.plan(SEARCH), world.process())
            runtime.install(mine)
        return sandbox.handle(request)

    stack.up(SEARCH, handle=another_run_is_faster)
    assert len(bought(world)) == 1
    assert settled(stack, SEARCH) == []


def test_an_object_is_not_gone_because_one_list_lacks_it() -> None:
    world = World()
    stack = Stack(world)
    stack.up(FILE)
    world.sandbox.faults.add(Fault("stale", vendor="twilio", path="/v1/Trunks$", lag=99))
    assert settled(stack) == []


def test_a_line_moves_between_two_stacks_by_keep_there_and_adopt_here() -> None:
    world = World()
    here, there = Stack(world, name="here", fleet="acme/here"), Stack(world, name="there", fleet="acme/there")
    there.up(inventory(lines=("desk",)))
    there.up(inventory(lines=("desk",), removal="keep"))
    there.up(inventory(lines=()))
    adopting = inventory(lines=("desk",)).replace('"removal": "protect"', '"adopt": true')
    here.up(adopting)
    assert bought(world) == ["+16505551234"]
    assert world.sandbox.ledger.releases() == []
    record = world.sandbox.twilio.number("+16505551234")
    assert record is not None
    assert record["friendly_name"] == "trunkline:acme/here/desk"
    assert settled(there, inventory(lines=())) == []


def test_two_fleets_with_lines_of_the_same_names_leave_each_other_alone() -> None:
    world = World()
    one = Stack(world, name="one", fleet="acme/one")
    one.up(SEARCH)
    ids = one.ids()
    other = Stack(world, name="other", fleet="acme/other")
    elsewhere = SEARCH.replace("acme.pstn", "other.pstn")
    other.up(elsewhere)
    assert len(bought(world)) == 2
    assert settled(one, SEARCH) == []
    assert one.ids() == ids
    other.up(elsewhere.replace('"protect"', '"release"'))
    other.up(inventory(lines=()))
    assert settled(one, SEARCH) == []
    assert len(world.sandbox.ledger.releases()) == 1
    other.up(inventory(lines=()))
    assert other.preview(inventory(lines=())) == []
    assert world.notices == []


SEARCHES = {
    "vonage": SEARCH,
    "twilio": SEARCH.replace(
        '"vonage", "search": {"country": "GB", "type": "mobile"}, "country": "GB", "trunk": "vonage"',
        '"twilio", "search": {"country": "US", "area_code": "650"}, "trunk": "main"',
    ),
}


@pytest.mark.parametrize("at", range(30))
@pytest.mark.parametrize("carrier", sorted(SEARCHES))
def test_two_stacks_that_search_the_same_at_once_buy_a_number_each_and_take_none_of_the_others(
    carrier: str, at: int
) -> None:
    """One runs as a whole before a request of the other."""
    world = World()
    one, other = Stack(world, name="one", fleet="acme/one"), Stack(world, name="other", fleet="acme/other")
    files = {one: SEARCHES[carrier], other: SEARCHES[carrier].replace("acme.pstn", "other.pstn")}
    requests = iter(range(1000))

    def in_between(sandbox: Any, request: Any) -> Any:
        if next(requests) == at:
            mine = runtime.current()
            other.up(files[other])
            runtime.install(mine)
        return sandbox.handle(request)

    with suppress(Failed):
        one.up(files[one], handle=in_between)
    assert next(requests) > at
    for stack in (one, other, one):
        stack.up(files[stack])

    numbers = [stack.engine.state.resources["PhoneNumber", "far"].outputs["phoneNumber"] for stack in (one, other)]
    assert (bought(world), world.sandbox.ledger.releases()) == (sorted(numbers), [])
    assert len(set(numbers)) == 2
    assert [settled(stack, files[stack]) for stack in (one, other)] == [[], []]
