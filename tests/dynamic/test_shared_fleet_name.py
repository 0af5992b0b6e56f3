"""Fleets whose name several stacks have, tagged by versions up to 0.1 for that name alone."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from sandbox.faults import Fault
from tests.dynamic.fleets import FAR, HEAD, NEAR, OFFICE, ONE, TWO, file, refusals, tags, two, up_earlier, writes_of
from tests.dynamic.inventories import ALL, having, inventory
from tests.support.model_engine import FLEET, Failed, Killed, State
from tests.support.world import Stack, World

BOTH = file(one=f"a: {ONE}", office=f"a: {OFFICE}", two=f"b: {TWO}", far=f"b: {FAR}")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def stacks(world: World) -> tuple[Stack, Stack]:
    """Two stacks that an earlier version has made."""
    a, b = two(world)
    up_earlier(a, BOTH)
    up_earlier(b, BOTH)
    return a, b


def test_an_upgrade_writes_nothing_and_shows_no_difference(world: World, stacks: tuple[Stack, Stack]) -> None:
    before = tags(world)
    assert {tag.rpartition("/")[0] for tag in before} == {"acme/fleet"}

    for stack in stacks:
        ids = stack.ids()
        assert stack.preview(BOTH) == []
        assert writes_of(stack, BOTH) == []
        assert stack.ids() == ids

    assert (tags(world), world.notices) == (before, [])


def test_a_stack_alone_under_a_name_of_its_own_is_taken_over_without_a_write(world: World) -> None:
    stack = Stack(world, name="prod", fleet="acme")
    up_earlier(stack, inventory(ALL))
    ids = stack.ids()

    assert stack.preview(inventory(ALL)) == []
    assert writes_of(stack, inventory(ALL)) == []
    stack.engine.state = State()
    assert writes_of(stack, inventory(ALL)) == []

    assert stack.ids() == ids
    assert {tag.rpartition("/")[0] for tag in tags(world)} == {"acme"}
    assert stack.preview(inventory(ALL)) == []


def test_a_new_line_has_the_stack_s_name_in_its_tag_beside_older_ones(
    world: World, stacks: tuple[Stack, Stack]
) -> None:
    a, b = stacks
    before = tags(world)
    more = BOTH + file(head="", near=f"a: {NEAR}").removeprefix("numbers:\n")

    a.up(more)

    assert tags(world).keys() - before.keys() == {"acme/fleet/a/near"}
    assert a.preview(more) == []
    b.up(BOTH)
    b.up(BOTH)
    assert tags(world).items() >= before.items()
    assert writes_of(a, more) == []


def test_retagging_writes_tags_alone_and_once(world: World, stacks: tuple[Stack, Stack]) -> None:
    a, b = stacks
    ids, before = a.ids(), tags(world)

    steps = a.engine.up(world.plan(BOTH, stack="a", fleet="acme/fleet", retag=True), world.process())

    assert {step.changed for step in steps if step.key != FLEET} == {("formerTags", "tag")}
    own = {tag for tag in before if tag.rpartition("/")[2] in ("one", "office", "trunk.tw")}
    assert tags(world) == {
        tag.replace("acme/fleet/", "acme/fleet/a/") if tag in own else tag: kinds for tag, kinds in before.items()
    }
    assert a.ids() == ids
    assert writes_of(a, BOTH, retag=True) == writes_of(a, BOTH) == []
    assert a.preview(BOTH) == []
    # The borrower finds the trunk by its new tag.
    assert writes_of(b, BOTH) == []
    b.up(BOTH, retag=True)
    assert {tag.rpartition("/")[0] for tag in tags(world)} == {"acme/fleet/a", "acme/fleet/b"}
    a.engine.state = State()
    assert writes_of(a, BOTH) == []


@pytest.mark.parametrize("write", range(12))
def test_retagging_that_is_killed_at_any_write_is_finished_by_the_next(
    world: World, stacks: tuple[Stack, Stack], write: int
) -> None:
    a, _ = stacks
    left = [write]

    def handle(sandbox: Any, request: Any) -> Any:
        if request.method == "POST" and "List" not in request.path:
            if not left[0]:
                raise Killed
            left[0] -= 1
        return sandbox.handle(request)

    with suppress(Killed):
        a.up(BOTH, handle=handle, retag=True)
    ids = a.ids()
    a.up(BOTH)
    a.up(BOTH, retag=True)
    own = {tag for tag in tags(world) if tag.rpartition("/")[2] in ("one", "office", "trunk.tw")}
    assert {tag.rpartition("/")[0] for tag in own} == {"acme/fleet/a"}
    assert a.ids() == ids
    assert world.sandbox.ledger.releases() == []
    assert writes_of(a, BOTH) == []


def test_a_rename_under_the_shared_name_keeps_every_object(world: World, stacks: tuple[Stack, Stack]) -> None:
    a, _ = stacks
    ids = a.ids()
    renamed = BOTH.replace("  one: ", "  new: ").replace(ONE[:-1], f"{ONE[:-1]}, renamed_from: one")

    a.up(renamed)

    assert a.ids() == {name.replace(" one", " new"): id_ for name, id_ in ids.items()}
    assert "acme/fleet/a/new" in tags(world)
    assert writes_of(a, renamed) == []


@pytest.mark.parametrize("adopt", [False, True])
@pytest.mark.parametrize(("name", "line"), [("one", ONE), ("office", OFFICE)])
def test_a_line_that_came_from_a_sibling_is_refused_until_that_has_let_it_go(
    world: World, stacks: tuple[Stack, Stack], name: str, line: str, adopt: bool
) -> None:
    a, b = stacks
    moved = having(line, "adopt: true") if adopt else line
    kept = BOTH.replace(f"a: {line}", "")
    rest = {"one": ONE, "office": OFFICE}
    del rest[name]
    others = {other: f"a: {text}" for other, text in rest.items()} | {"two": f"b: {TWO}", "far": f"b: {FAR}"}
    kept = file(**others, **{name: f"a: {having(line, 'removal: keep')}"})
    after = file(**others, **{name: f"b: {moved}"})

    a.up(kept)
    (reason,) = refusals(b, after)
    assert f'line "{name}" of fleet "acme/fleet" has ' in reason
    a.up(after)
    if not adopt:
        assert "was not made by Trunkline. Set `adopt: true`" in refusals(b, after)[0]
        return
    b.up(after)

    assert f"acme/fleet/b/{name}" in tags(world)
    assert world.sandbox.ledger.releases() == []
    assert writes_of(a, after) == writes_of(b, after) == []


def test_a_line_that_came_from_a_sibling_keeps_its_own_tag_where_answers_show_the_past(world: World) -> None:
    a, b = two(world)
    tb = "  tb: {provider: twilio, domain_name: acme-b.pstn.twilio.com, owner: b, auth_username: u, auth_password: "
    there, here = having(ONE, "trunk: tw"), having(ONE, "trunk: tb, adopt: true")
    rest = {"head": f"{HEAD}{tb}{{secret: twilioTermination}}}}\n", "office": f"a: {OFFICE}", "far": f"b: {FAR}"}
    for stack in (a, b):
        up_earlier(stack, file(**rest, one=f"a: {there}"))
    a.up(file(**rest, one=f"a: {having(there, 'removal: keep')}"))
    world.clock.sleep(1000.0)
    after = file(**rest, one=f"b: {here}")
    for stack in (a, b):
        stack.up(after)
    world.sandbox.faults.add(
        Fault("stale", vendor="twilio", path="IncomingPhoneNumbers", lag_seconds=900.0, times=None)
    )
    with suppress(Failed):
        b.up(after)
    world.sandbox.faults.clear()

    assert tags(world)["acme/fleet/b/one"] == ["DispatchRule", "InboundTrunk", "OutboundTrunk", "PhoneNumber"]
    assert writes_of(b, after) == []


def test_a_lost_state_of_one_of_several_is_taken_back_where_the_operator_says_so(
    world: World, stacks: tuple[Stack, Stack]
) -> None:
    a, _ = stacks
    ids = a.ids()
    a.engine.state = State()

    assert "set trunkline:retag true" in "\n".join(refusals(a, BOTH))
    a.up(BOTH, retag=True)

    assert a.ids() == ids
    assert len(world.sandbox.ledger.charges()) == 3


def test_what_nobody_knows_is_named_and_never_swept(world: World, stacks: tuple[Stack, Stack]) -> None:
    _, b = stacks
    older = file(one=f"a: {ONE}", two=f"b: {TWO}", far=f"b: {FAR}")
    before = tags(world)

    for _ in range(3):
        world.notices.clear()
        b.up(older)

    assert tags(world) == before
    (notice,) = world.notices
    assert notice.startswith("Tagged for office of the fleet, without a stack's name: ")
    for kind in ("InboundTrunk ST_", "OutboundTrunk ST_", "DispatchRule SDR_"):
        assert kind in notice


def test_what_a_killed_run_of_an_earlier_version_left_is_not_swept_under_a_shared_name(
    world: World, stacks: tuple[Stack, Stack]
) -> None:
    """A line that was recorded, half made and given up: its objects may be a sibling's with the same name."""
    a, _ = stacks
    (rule,) = (one for one in world.sandbox.livekit.dispatch_rules() if one["name"].endswith("/office"))
    rest = {"one": f"a: {ONE}", "two": f"b: {TWO}", "far": f"b: {FAR}"}
    a.up(file(**rest, office=f"a: {having(OFFICE, 'removal: release')}"))
    world.sandbox.livekit.add_inbound_trunk(metadata="trunkline:acme/fleet/office", numbers=["+442071234568"])
    gone = file(**rest)
    for _ in range(3):
        a.up(gone)

    assert tags(world)["acme/fleet/office"] == ["InboundTrunk"]
    assert rule["name"] not in [one["name"] for one in world.sandbox.livekit.dispatch_rules()]
    assert "Tagged for office of the fleet" in world.notices[-1]


def test_destroying_a_stack_leaves_a_sibling_under_the_same_name_whole(
    world: World, stacks: tuple[Stack, Stack]
) -> None:
    a, b = stacks
    going = file(
        one=f"a: {ONE}",
        office=f"a: {OFFICE}",
        two=f"b: {having(TWO, 'removal: release')}",
        far=f"b: {having(FAR, 'removal: release')}",
    )
    b.up(going)
    b.destroy()

    assert {tag.rpartition("/")[2] for tag in tags(world)} == {"trunk.tw", "one", "office"}
    assert writes_of(a, BOTH) == []


def test_a_name_too_long_with_the_stack_s_is_refused_of_new_lines_alone(world: World) -> None:
    long, longer = "a-name-that-fits-without-it-aa", "a-name-that-fits-without-it-bb"
    fleet = "acme-telephony-fleet"
    stack = Stack(world, name="prod", fleet=fleet)
    before = inventory({long: ALL["bought"]})
    assert len(f"trunkline:{fleet}/{long}") <= 64 < len(f"trunkline:{fleet}/prod/{long}")
    up_earlier(stack, before)

    assert writes_of(stack, before) == []
    reasons = refusals(stack, inventory({long: ALL["bought"], longer: ALL["searched"]}))
    assert len(reasons) == 1
    assert f'the tag "trunkline:{fleet}/prod/{longer}" has 66 characters, vendors keep 64' in reasons[0]
    assert "vendors keep 64" in refusals(stack, before, retag=True)[0]


def test_a_renamed_stack_keeps_its_objects_by_the_name_that_they_have(world: World) -> None:
    stack = Stack(world, name="prod", fleet="acme")
    stack.up(inventory(ALL))
    stack.name = "production"

    (reason,) = refusals(stack, inventory(ALL))
    assert 'belongs to fleet "acme/prod", but is now called "acme/production"' in reason
    stack.fleet = "acme/prod"

    assert writes_of(stack, inventory(ALL)) == []
    assert stack.up(inventory(ALL)) == [] or [step.key for step in stack.up(inventory(ALL))] == [FLEET]


def test_a_trunk_whose_owner_changes_is_refused_by_the_new_one(world: World, stacks: tuple[Stack, Stack]) -> None:
    _, b = stacks
    moved = BOTH.replace("owner: a", "owner: b")

    (reason,) = refusals(b, moved)

    assert reason.startswith('numbers.yaml:5: trunk "tw" of fleet "acme/fleet" has SipTrunk TK')
