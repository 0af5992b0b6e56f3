"""Verbs of a bad day: destroy of a part, replace, taint, state surgery, targets. Nothing is bought, lost or cut off."""

from __future__ import annotations

import re
from typing import Any

import pytest

from providers.dynamic.resources import RESOURCES
from sandbox.credentials import TWILIO
from sandbox.faults import Fault
from tests.dynamic.fleets import file, two
from tests.dynamic.inventories import ALL, BOUGHT, HEAD, VONAGE, having, inventory
from tests.support.model_engine import FLEET, Failed
from tests.support.world import Stack, World

NO_PURCHASES = HEAD.replace("max_purchases: 5", "max_purchases: 0")
NUMBER = "+16505551234"
MARKED = {
    **ALL,
    "bought": having(BOUGHT, "removal: release"),
    "vonage": having(VONAGE, "removal: release"),
}


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


REPLACEABLE = sorted(kind for kind in RESOURCES if kind not in ("DispatchRule", "PhoneNumber"))


def of_all_kinds(stack: Stack) -> str:
    """Give the lines with a carrier's trunk that has everything which one can have."""
    twilio = stack.world.sandbox.twilio
    with twilio.store.transaction():
        addresses = twilio.desk.new("ip_access_control_lists", "AL", TWILIO.sid, friendly_name="office")["sid"]
    more = f"    fallback: sip:desk@pbx.example.com\n    ip_access_control_lists: [{addresses}]\n"
    return inventory(MARKED, NO_PURCHASES + more)


def instances(stack: Stack, kind: str) -> list[tuple[str, str]]:
    resources = stack.engine.state.resources
    return [key for key, recorded in resources.items() if key[0] == kind and not recorded.protect]


@pytest.mark.parametrize("verb", ["replace", "taint", "rename"])
@pytest.mark.parametrize("kind", [*REPLACEABLE, "DispatchRule", "PhoneNumber"])
@pytest.mark.parametrize("refresh", [True, False])
def test_what_is_made_anew_keeps_the_live_object(stack: Stack, kind: str, verb: str, refresh: bool) -> None:
    text = of_all_kinds(stack)
    stack.up(text)
    ids, mark = stack.ids(), stack.world.sandbox.journal.mark()
    keys, resources = instances(stack, kind), stack.engine.state.resources
    assert keys
    if verb == "taint":
        for key in keys:
            resources[key].taint = True
    elif verb == "rename":
        for key in keys:
            resources[kind, f"{key[1]}-x"] = resources.pop(key)

    stack.up(text, refresh=refresh, replace=keys if verb == "replace" else ())

    deletes = [one for one in stack.world.sandbox.journal.writes(mark) if "elete" in one.path or one.method == "DELETE"]
    assert deletes == []
    assert (stack.ids(), stack.engine.state.replaced) == (ids, [])
    assert stack.up(text) == []
    assert any("left" in notice for notice in stack.world.notices) or kind == "Credential"


@pytest.mark.parametrize("kind", [*REPLACEABLE, "DispatchRule", "PhoneNumber"])
@pytest.mark.parametrize("refresh", [True, False])
def test_an_entry_that_an_earlier_replacement_left_goes_without_its_object(
    stack: Stack, kind: str, refresh: bool
) -> None:
    """As versions up to 0.1 left it for ever: every update failed, and a check in CI saw nothing."""
    text = of_all_kinds(stack)
    stack.up(text)
    stack.up(text)
    ids, state, mark = stack.ids(), stack.engine.state, stack.world.sandbox.journal.mark()
    state.replaced = [(key, state.copied().resources[key]) for key in instances(stack, kind)]

    stack.up(text, refresh=refresh)

    assert (stack.ids(), stack.engine.state.replaced) == (ids, [])
    assert [one.path for one in stack.world.sandbox.journal.writes(mark)] == []
    assert stack.up(text) == []


def test_target_replace_of_a_marked_line_in_the_file_keeps_its_number(stack: Stack) -> None:
    stack.up(inventory(MARKED))
    key = ("PhoneNumber", "bought")

    stack.up(inventory(MARKED), target=(key,), replace=(key,))

    assert releases(stack) == 0
    assert stack.up(inventory(MARKED)) == []


def test_a_destroy_takes_an_entry_of_a_replacement_along(stack: Stack) -> None:
    everything = {name: having(line, "removal: release") for name, line in ALL.items()}
    stack.up(inventory(everything))
    state = stack.engine.state
    state.replaced = [(key, state.copied().resources[key]) for key in state.resources if key != FLEET]

    stack.destroy()

    assert (stack.engine.state.resources, stack.engine.state.replaced) == ({}, [])
    ledger = stack.world.sandbox.ledger
    assert sorted(one.number for one in ledger.charges()) == sorted(one.number for one in ledger.releases())
    assert stack.world.sandbox.livekit.inbound_trunks() == ()


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


@pytest.mark.parametrize("removal", ["release", "keep"])
def test_a_number_that_was_taken_out_of_the_state_before_its_line_left_is_named_from_then_on(removal: str) -> None:
    """At Vonage it carries no tag, and what claimed it goes with its line."""
    world = World()
    stack = Stack(world)
    stack.up(inventory({"vonage": having(VONAGE, f"removal: {removal}")}))
    (number,) = world.sandbox.vonage.numbers()
    del stack.engine.state.resources["PhoneNumber", "vonage"]
    stack.up(inventory({}))

    for _ in range(2):
        world.notices.clear()
        assert stack.up(inventory({})) == []
        assert world.notices == [
            f'{number} is owned, 1.25 EUR a month, for line "vonage", of which nothing else is there any more, nor does'
            f' the state have it. Release it at the carrier, or take it by a line with `phone_number: "{number}"` and'
            " `adopt: true`."
        ]
    taken = inventory({"other": f'{{provider: vonage, phone_number: "{number}", agent: support, adopt: true}}'})
    stack.up(taken)
    world.notices.clear()
    assert (stack.up(taken), world.notices) == ([], [])


def test_a_number_that_moved_to_another_stack_before_the_first_one_looked_is_not_said_to_be_the_first_one_s() -> None:
    world = World()
    a, b = two(world)
    number = str(world.sandbox.vonage.add_number("+447400551234")["msisdn"])
    line = f'{{provider: vonage, country: GB, phone_number: "+{number}", agent: support, adopt: true}}'
    a.up(file(far=f"a: {line}"))
    a.up(file(far=f"a: {having(line, 'removal: keep')}"))
    moved = file(far=f"b: {line}")
    a.up(moved)
    b.up(moved)
    world.notices.clear()

    assert (a.up(moved), world.notices) == ([], [])


@pytest.mark.parametrize("kind", ["InboundTrunk", "OutboundTrunk", "DispatchRule", "PhoneNumber"])
def test_entries_of_two_lines_that_were_exchanged_in_the_state_are_taken_out_and_found_again(kind: str) -> None:
    world = World()
    stack = Stack(world)
    text = inventory({"a": BOUGHT, "b": BOUGHT.replace(NUMBER, "+16505551236")})
    stack.up(text)
    ids, resources, mark = stack.ids(), stack.engine.state.resources, world.sandbox.journal.mark()
    resources[kind, "a"], resources[kind, "b"] = resources[kind, "b"], resources[kind, "a"]

    with pytest.raises(Failed, match=re.escape("take this entry out (`pulumi state delete`; the ")):
        stack.up(text)

    for name in ("a", "b"):
        del stack.engine.state.resources[kind, name]
    stack.up(text)
    assert (world.sandbox.journal.writes(mark), stack.ids(), stack.up(text)) == ([], ids, [])
