"""What the engine makes anew, by replace, taint or another name in the state, keeps its live object."""

from __future__ import annotations

import pytest

from providers.dynamic.resources import RESOURCES
from sandbox.credentials import TWILIO
from tests.dynamic.inventories import ALL, MARKED, NO_PURCHASES, having, inventory
from tests.support.model_engine import FLEET
from tests.support.world import Stack, World


@pytest.fixture
def stack() -> Stack:
    stack = Stack(World())
    stack.up(inventory(ALL))
    return stack


REPLACEABLE = sorted(kind for kind in RESOURCES if kind not in ("DispatchRule", "PhoneNumber"))


def of_all_kinds(stack: Stack) -> str:
    """Give the lines with a carrier's trunk, and a line, that have everything which one can have."""
    twilio = stack.world.sandbox.twilio
    with twilio.store.transaction():
        addresses = twilio.desk.new("ip_access_control_lists", "AL", TWILIO.sid, friendly_name="office")["sid"]
    more = f"    fallback: sip:desk@pbx.example.com\n    ip_access_control_lists: [{addresses}]\n"
    callers = 'callers: {vip: {from: ["+13035550100"], agent: support}}'
    return inventory({**MARKED, "bought": having(MARKED["bought"], callers)}, NO_PURCHASES + more)


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

    assert stack.world.sandbox.ledger.releases() == []
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
