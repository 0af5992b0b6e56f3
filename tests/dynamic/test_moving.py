"""A line moves between two stacks: in the wrong order the new one refuses it, names the old one, and writes nothing."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from providers.dynamic import runtime
from providers.dynamic.number import PhoneNumberProvider
from sandbox.faults import Fault
from tests.dynamic.fleets import FAR, FLEETS, NEAR, OFFICE, ONE, STAYS, file, moving, refusals, tags, two, writes_of
from tests.faults.interruption import AtWrite
from tests.support.model_engine import Failed, Killed, State
from tests.support.world import Stack, World

GB = '{provider: vonage, phone_number: "+447400551233", agent: support}'


@pytest.fixture
def world() -> World:
    return World()


@FLEETS
@pytest.mark.parametrize("line", [ONE, GB, OFFICE], ids=["twilio", "vonage", "custom"])
def test_a_line_that_is_kept_there_and_adopted_here_moves_in_whatever_order(
    world: World, fleet: str, line: str
) -> None:
    (a, b), scope = two(world, fleet), "acme/a" if fleet.endswith("/") else "acme/fleet/a"
    a.up(moving(line, "a"))
    b.up(moving(line, "a"))
    a.up(moving(line, "a", "removal: keep"))
    charges = world.sandbox.ledger.charges()
    moved = moving(line, "b", "adopt: true")

    for _ in range(2):
        reasons = refusals(b, moved)
        assert all(f'belongs to line "line" of fleet "{scope}"' in reason for reason in reasons), reasons
    a.up(moved)
    b.up(moved)

    assert world.sandbox.ledger.charges() == charges
    assert world.sandbox.ledger.releases() == []
    assert [tag for tag in tags(world) if tag.endswith("/line")] == [f"{scope[:-1]}b/line"]
    settled = file(**STAYS, line=f"b: {line}")
    b.up(settled)
    for stack in (a, b):
        assert writes_of(stack, settled) == []


@FLEETS
@pytest.mark.parametrize("line", [ONE, GB], ids=["twilio", "vonage"])
def test_a_line_that_is_released_there_is_bought_here_in_whatever_order(world: World, fleet: str, line: str) -> None:
    a, b = two(world, fleet)
    a.up(moving(line, "a"))
    b.up(moving(line, "a"))
    a.up(moving(line, "a", "removal: release"))
    number = line.split('"')[1]

    assert "of fleet" in refusals(b, moving(line, "b"))[0]
    a.up(moving(line, "b"))
    world.sandbox.twilio.unsell(number) if "twilio" in line else world.sandbox.vonage.unsell(number)
    b.up(moving(line, "b"))

    assert [release.number for release in world.sandbox.ledger.releases()] == [number]
    assert [charge.number for charge in world.sandbox.ledger.charges()].count(number) == 2
    for stack in (a, b):
        assert writes_of(stack, moving(line, "b")) == []


@FLEETS
@pytest.mark.parametrize("line", [NEAR, FAR], ids=["twilio", "vonage"])
def test_a_searched_line_that_moves_leaves_the_old_number_to_the_old_stack_and_has_one_at_a_time(
    world: World, fleet: str, line: str
) -> None:
    a, b = two(world, fleet)
    a.up(moving(line, "a"))
    b.up(moving(line, "a"))
    held = a.engine.state.resources["PhoneNumber", "line"].id
    a.up(moving(line, "a", "removal: release"))

    assert f'it searches for a number, and {held} is line "line" of fleet' in refusals(b, moving(line, "b"))[0]
    a.up(moving(line, "b"))
    b.up(moving(line, "b"))
    assert b.engine.state.resources["PhoneNumber", "line"].id != held

    assert [release.number for release in world.sandbox.ledger.releases()] == [held]
    for stack in (a, b):
        assert writes_of(stack, moving(line, "b")) == []


@FLEETS
@pytest.mark.parametrize("line", [ONE, GB, OFFICE], ids=["twilio", "vonage", "custom"])
def test_the_old_stack_from_an_older_commit_takes_nothing_back(world: World, fleet: str, line: str) -> None:
    a, b = two(world, fleet)
    a.up(moving(line, "a"))
    b.up(moving(line, "a"))
    older = a.engine.state.copied()
    a.up(moving(line, "a", "removal: keep"))
    a.up(moving(line, "b", "adopt: true"))
    b.up(moving(line, "b", "adopt: true"))
    before = tags(world)

    for text in (moving(line, "a"), moving(line, "a", "adopt: true")):
        assert all("of fleet" in reason for reason in refusals(a, text))
    # A restored backup of the state: whatever is tried, and however it ends, the new stack's stays.
    a.engine.state = older
    for text in (moving(line, "a"), moving(line, "a", "removal: release"), moving(line, "b", "adopt: true")):
        with suppress(Failed):
            a.up(text)
    with suppress(Failed):
        a.destroy()

    assert world.sandbox.ledger.releases() == []
    assert before.items() <= tags(world).items()
    assert writes_of(b, moving(line, "b", "adopt: true")) == []


@pytest.mark.parametrize("removal", ["release", "keep"])
@pytest.mark.parametrize("line", [ONE, GB], ids=["twilio", "vonage"])
def test_a_marked_line_in_a_stale_state_lets_nothing_go_that_has_moved_on(
    world: World, line: str, removal: str
) -> None:
    """Of two overlapping runs the one that failed saved its state last: the line is in it, and moved on meanwhile."""
    a, b = two(world)
    a.up(moving(line, "a"))
    b.up(moving(line, "a"))
    a.up(moving(line, "a", f"removal: {removal}"))
    marked = a.engine.state.copied()
    a.up(moving(line, "a", "removal: keep"))
    moved = moving(line, "b", "adopt: true")
    a.up(moved)
    b.up(moved)
    before, (number,) = b.ids(), [text for text in line.split('"') if text.startswith("+")]

    a.engine.state = marked
    a.up(moved)
    a.up(moved)

    assert world.sandbox.ledger.releases() == []
    assert number in world.sandbox.twilio.numbers() or world.sandbox.vonage.number(number)
    assert writes_of(b, moved) == []
    assert b.ids() == before


@pytest.mark.parametrize("removal", ["release", "keep"])
def test_a_vonage_number_whose_trunk_is_another_stack_s_by_now_is_left(world: World, removal: str) -> None:
    a, _ = two(world)
    a.up(moving(GB, "a", f"removal: {removal}"))
    recorded = a.engine.state.resources["PhoneNumber", "line"]
    (trunk,) = (one for one in world.sandbox.livekit.inbound_trunks() if one["numbers"] == ["+447400551233"])
    world.sandbox.livekit.edit_trunk(trunk["sip_trunk_id"], metadata="trunkline:acme/fleet/b/line")
    before = world.sandbox.vonage.number("+447400551233")

    runtime.install(world.process())
    PhoneNumberProvider().delete(recorded.id, recorded.outputs)

    assert world.sandbox.vonage.number("+447400551233") == before
    assert 'belongs to line "line" of fleet "acme/fleet/b" now' in world.notices[-1]


def test_a_line_that_was_half_made_when_it_moved_is_cleared_away_by_the_old_stack(world: World) -> None:
    a, b = two(world)
    a.up(file(three=STAYS["three"]))

    def until_the_rule(sandbox: Any, request: Any) -> Any:
        if request.path.endswith("CreateSIPDispatchRule"):
            raise Killed
        return sandbox.handle(request)

    with pytest.raises(Killed):
        a.up(file(three=STAYS["three"], office=f"a: {OFFICE}"), handle=until_the_rule)
    moved = file(three=STAYS["three"], office=f"b: {OFFICE}")
    assert tags(world)["acme/fleet/a/office"] == ["InboundTrunk", "OutboundTrunk"]

    assert 'which belongs to line "office" of fleet "acme/fleet/a"' in refusals(b, moved)[0]
    # Its trunks go one update later than they are seen: they might be claims.
    a.up(moved)
    a.up(moved)
    b.up(moved)

    assert [tag for tag in tags(world) if tag.endswith("/office")] == ["acme/fleet/b/office"]


@FLEETS
@pytest.mark.parametrize("line", [NEAR, FAR], ids=["twilio", "vonage"])
@pytest.mark.parametrize("at", range(6))
def test_two_stacks_that_search_at_the_same_time_have_a_number_each(
    world: World, fleet: str, line: str, at: int
) -> None:
    a, b = two(world, fleet)
    text = file(one=f"a: {ONE}", near=f"a, b: {line}")
    a.up(file(one=f"a: {ONE}"))

    def other_run(_: Any) -> None:
        mine = runtime.current()
        with suppress(Failed):
            b.up(text)
        runtime.install(mine)

    with suppress(Failed):
        a.up(text, handle=AtWrite(at, before=other_run))
    for stack in (a, b, a, b):
        stack.up(text)

    numbers = [charge.number for charge in world.sandbox.ledger.charges()]
    assert len(numbers) == len(set(numbers)) == 3
    for stack in (a, b):
        assert writes_of(stack, text) == []
    assert a.engine.state.resources["PhoneNumber", "near"].id != b.engine.state.resources["PhoneNumber", "near"].id


def test_a_number_that_a_sibling_bought_meanwhile_is_not_taken_after_a_purchase_without_an_answer(world: World) -> None:
    a, _ = two(world)

    def the_sibling_buys(_: Any) -> None:
        world.sandbox.twilio.add_number("+16505551234", friendly_name="trunkline:acme/fleet/b/line")
        world.sandbox.faults.add(Fault("drop", write=True, when="before"))

    text = file(line=f"a: {ONE}")
    before = World()
    Stack(before, name="a", fleet="acme/fleet").up(text)
    index = next(i for i, write in enumerate(before.writes()) if write.endswith("/IncomingPhoneNumbers.json"))
    with pytest.raises(Failed, match='belongs to line "line" of fleet "acme/fleet/b"'):
        a.up(text, handle=AtWrite(index, before=the_sibling_buys))
    record = world.sandbox.twilio.number("+16505551234")
    assert record is not None
    assert (record["friendly_name"], record["trunk_sid"]) == ("trunkline:acme/fleet/b/line", None)


def test_a_lost_state_finds_its_own_among_two_stacks_of_equal_lines(world: World) -> None:
    a, b = two(world, "acme/")
    text = file(near=f"a, b: {NEAR}", far=f"a, b: {FAR}", one=f"a: {ONE}")
    a.up(text)
    b.up(text)
    ids = a.ids(), b.ids()
    a.engine.state, b.engine.state = State(), State()

    assert writes_of(b, text) == writes_of(a, text) == []

    assert (a.ids(), b.ids()) == ids


@FLEETS
@pytest.mark.parametrize("line", [NEAR, FAR], ids=["twilio", "vonage"])
@pytest.mark.parametrize("checkpoints", [False, True], ids=["saved at the end", "saved at each step"])
def test_a_number_that_comes_when_its_line_searches_in_another_stack_is_named_by_the_one_that_ordered_it(
    world: World, fleet: str, line: str, checkpoints: bool
) -> None:
    (a, b), sent = two(world, fleet), []
    a.engine.checkpoints = checkpoints
    for stack in (a, b):
        stack.up(file(**STAYS))

    def dying(sandbox: Any, request: Any) -> Any:
        if request.method == "POST" and request.path.endswith(("/IncomingPhoneNumbers.json", "/number/buy")):
            sent.append(request)
            raise Killed
        return sandbox.handle(request)

    with pytest.raises(Killed):
        a.up(moving(line, "a"), handle=dying)
    moved = moving(line, "b")
    for stack in (a, b, a):
        stack.up(moved)
    world.sandbox.handle(sent[0])
    form = dict(sent[0].form)
    number = form.get("PhoneNumber") or f"+{form['msisdn']}"
    a.up(moved)

    world.notices.clear()
    a.preview(moved)
    assert [notice.partition(",")[0] for notice in world.notices] == [f"{number} is owned"]
    assert writes_of(b, moved) == []
