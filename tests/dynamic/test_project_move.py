"""A stack moves to another LiveKit project: all in one update, the carriers last, and what stays behind is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from providers.dynamic.accounts import routes_of
from providers.dynamic.runtime import Runtime
from providers.kinds import KINDS
from providers.registry import vendor_of
from sandbox import Fault
from tests.dynamic.inventories import ALL, inventory
from tests.support.model_engine import Failed, Options
from tests.support.world import Stack, World, site
from trunkline.inventory import parse
from trunkline.plan import Plan, compile_plan

NEW, HOST = "b.livekit.cloud", "b.sip.livekit.cloud"
FLAGS = pytest.mark.parametrize("refresh", [True, False], ids=["refreshed", "unrefreshed"])
LIVEKIT = ("InboundTrunk", "OutboundTrunk", "DispatchRule")
FILE = inventory(ALL)


@pytest.fixture
def stack() -> Stack:
    made = Stack(World())
    made.up(FILE)
    return made


def moved_plan(*, allow: bool = True) -> Plan:
    known = site()
    where = replace(known, sip_host=HOST, accounts={**known.accounts, "livekit": NEW}, allow_account_change=allow)
    return compile_plan(parse(FILE, "numbers.yaml").for_stack(known.stack), where)


def at(stack: Stack, project: World, *, allow: bool = True) -> Runtime:
    """A process with the stack's carriers, whose LiveKit is another project."""
    own, other = stack.world.process(allow_account_change=allow), project.process()
    adapters = {kind: (other if vendor_of(kind) == "livekit" else own).vendors.adapters[kind] for kind in KINDS}
    accounts = {**own.vendors.accounts, "livekit": NEW}
    return replace(own, vendors=replace(own.vendors, adapters=adapters, accounts=accounts))


def move(stack: Stack, project: World, *, refresh: bool = True) -> None:
    stack.engine.up(moved_plan(), at(stack, project), Options(refresh=refresh))


def settled(stack: Stack, project: World) -> bool:
    """Whether a further update, without the permission, takes no step."""
    return stack.engine.up(moved_plan(allow=False), at(stack, project, allow=False)) == []


def routed_to(stack: Stack) -> set[str]:
    """Give the hosts to which the carriers send calls now."""
    urls = stack.world.sandbox.twilio.store.table("origination_urls").values()
    numbers = (stack.world.sandbox.vonage.number(number) or {} for number in stack.world.sandbox.vonage.numbers())
    told = ({"sipUrl": url["sip_url"]} for url in urls), ({"sipUri": one["voiceCallbackValue"]} for one in numbers)
    return {host for each in told for props in each for host in routes_of(props)}


def livekit_ids(stack: Stack) -> dict[str, str]:
    return {name: id_ for name, id_ in stack.ids().items() if name.split()[0] in LIVEKIT}


def test_the_routes_wait_for_every_rule_where_the_account_may_change_and_only_there() -> None:
    rules = {("DispatchRule", name) for name in ALL}
    (waits,) = (spec for spec in moved_plan().resources if spec.kind == "OriginationUrl")
    (plain,) = (spec for spec in moved_plan(allow=False).resources if spec.kind == "OriginationUrl")
    assert (set(waits.depends_on), set(plain.depends_on)) == (rules, set())


@FLAGS
def test_one_update_moves_all_of_it(stack: Stack, refresh: bool) -> None:
    project, before = World(7), livekit_ids(stack)
    charges = len(stack.world.sandbox.ledger.charges())

    move(stack, project, refresh=refresh)

    there = project.sandbox.livekit
    made = [*there.inbound_trunks(), *there.outbound_trunks(), *there.dispatch_rules()]
    assert len(made) == len(before) == len({*before.values(), *livekit_ids(stack).values()}) - len(before)
    assert routed_to(stack) == {HOST}
    assert len(stack.world.sandbox.ledger.charges()) == charges
    assert settled(stack, project)


@FLAGS
def test_what_stays_in_the_former_project_is_named(stack: Stack, refresh: bool) -> None:
    left = ", ".join(sorted(livekit_ids(stack).values()))
    was = [*stack.world.sandbox.livekit.inbound_trunks(), *stack.world.sandbox.livekit.dispatch_rules()]
    stack.world.notices.clear()

    move(stack, World(7), refresh=refresh)

    assert stack.world.notices == [
        f"LiveKit moves from sandbox to {NEW}. What stays there as it is: {left}. Calls reach it until the carriers"
        " change over, which they do when every rule stands in the new project. Delete it there when this update has"
        " ended well."
    ]
    assert [*stack.world.sandbox.livekit.inbound_trunks(), *stack.world.sandbox.livekit.dispatch_rules()] == was


@FLAGS
def test_a_rule_that_fails_leaves_every_call_in_the_former_project(stack: Stack, refresh: bool) -> None:
    project, before = World(7), routed_to(stack)
    project.sandbox.faults.add(Fault("status", path="CreateSIPDispatchRule", status=400))
    with pytest.raises(Failed):
        move(stack, project, refresh=refresh)
    assert routed_to(stack) == before

    project.sandbox.faults.clear()
    move(stack, project, refresh=refresh)

    assert routed_to(stack) == {HOST}
    assert len(project.sandbox.livekit.inbound_trunks()) == len(ALL)
    assert settled(stack, project)


@FLAGS
def test_a_rule_that_is_left_out_leaves_the_calls_of_its_carrier_in_the_former_project(
    stack: Stack, refresh: bool
) -> None:
    project, before = World(7), routed_to(stack)
    rules = {("DispatchRule", name) for name in ALL}
    with pytest.raises(Failed) as failed:
        stack.engine.up(moved_plan(), at(stack, project), Options(refresh=refresh, exclude=rules))
    assert "no dispatch rule answers" in str(failed.value)
    assert routed_to(stack) == before

    for kind in ("OriginationUrl", "PhoneNumber"):
        alone = {key for key in stack.engine.state.resources if key[0] == kind}
        with pytest.raises(Failed):
            stack.engine.up(moved_plan(), at(stack, project), Options(refresh=refresh, target=alone))
        assert routed_to(stack) == before

    move(stack, project, refresh=refresh)

    assert routed_to(stack) == {HOST}
    assert settled(stack, project)


@FLAGS
def test_a_project_behind_a_new_name_keeps_its_objects_and_leaves_nothing(stack: Stack, refresh: bool) -> None:
    ids, writes = stack.ids(), len(stack.world.sandbox.journal.writes())
    stack.world.notices.clear()
    move(stack, stack.world, refresh=refresh)
    assert stack.ids() == ids
    changed = [entry.path for entry in stack.world.sandbox.journal.writes()[writes:]]
    assert [path for path in changed if "twirp" in path] == []
    assert stack.world.notices == []
    assert settled(stack, stack.world)
