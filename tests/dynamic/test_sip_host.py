"""Where carriers send calls is recorded like an account: a mistyped LIVEKIT_SIP_URI redirects no number in silence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from providers.dynamic.accounts import routes_of
from tests.dynamic.inventories import ALL, CUSTOM, inventory
from tests.dynamic.test_upgrade import MADE, _as_it_was
from tests.support.model_engine import Failed, Step
from tests.support.world import Stack, World, site
from trunkline.inventory import parse
from trunkline.plan import compile_plan

OTHER = "typo.sip.livekit.cloud"
RIGHT = site().sip_host
REFUSED = (
    f"LiveKit's SIP host is recorded as {RIGHT}, but LIVEKIT_SIP_URI says {OTHER}: every carrier's number would be sent"
    " there. Nothing was changed. Correct LIVEKIT_SIP_URI (the SIP URI on the project's settings page); if it really"
    " moved, run `pulumi config set trunkline:allowAccountChange true` for one update, and"
    " `pulumi config rm trunkline:allowAccountChange` after it"
)


@pytest.fixture
def stack() -> Stack:
    made = Stack(World())
    made.up(inventory(ALL))
    return made


def up(stack: Stack, text: str, host: str, *, allow: bool = False, preview: bool = False) -> list[Step]:
    """Update, or preview, with this SIP host in the settings."""
    where = replace(site(stack.name, stack.fleet), sip_host=host, allow_account_change=allow)
    plan = compile_plan(parse(text, "numbers.yaml").for_stack(stack.name), where)
    process = stack.world.process(allow_account_change=allow)
    return stack.engine.preview(plan, process) if preview else stack.engine.up(plan, process)


def refusals(stack: Stack, text: str, host: str, *, preview: bool = False) -> list[str]:
    """Give why an update with this SIP host is refused, without a write."""
    mark = stack.world.sandbox.journal.mark()
    with pytest.raises(Failed) as failure:
        up(stack, text, host, preview=preview)
    assert stack.world.sandbox.journal.writes(mark) == []
    return failure.value.messages


def routed_to(stack: Stack) -> set[str]:
    """Give the hosts to which the carriers send calls, as the last run left them."""
    return {host for one in stack.engine.state.resources.values() for host in routes_of(one.outputs)}


@pytest.mark.parametrize("preview", [True, False])
def test_another_sip_host_is_refused_once_before_the_first_write(stack: Stack, preview: bool) -> None:
    assert refusals(stack, inventory(ALL), OTHER, preview=preview) == [REFUSED]


def test_the_right_host_in_other_letters_is_the_same(stack: Stack) -> None:
    assert "SIP host" not in str(up(stack, inventory(ALL), RIGHT.upper(), preview=True))


def test_a_deliberate_change_moves_every_route_in_place_and_is_recorded(stack: Stack) -> None:
    ids = stack.ids()
    assert routed_to(stack) == {RIGHT}
    up(stack, inventory(ALL), OTHER, allow=True)
    assert (routed_to(stack), stack.ids()) == ({OTHER}, ids)
    assert up(stack, inventory(ALL), OTHER) == []
    (reason,) = refusals(stack, inventory(ALL), RIGHT)
    assert f"is recorded as {OTHER}, but LIVEKIT_SIP_URI says {RIGHT}" in reason


def test_a_fleet_that_no_carrier_routes_keeps_its_record_too() -> None:
    stack = Stack(World())
    stack.up(inventory({"custom": CUSTOM}))
    assert refusals(stack, inventory({"custom": CUSTOM}), OTHER) == [REFUSED]


@pytest.mark.parametrize("name", sorted(MADE["stacks"]))
def test_a_stack_that_recorded_none_is_told_by_the_routes_that_its_state_has(name: str) -> None:
    stack = _as_it_was(name)
    assert refusals(stack, MADE["inventory"], OTHER) == [REFUSED]
    assert up(stack, MADE["inventory"], RIGHT) == []


@pytest.mark.parametrize("name", sorted(MADE["stacks"]))
def test_it_is_recorded_with_the_next_change_that_there_is(name: str) -> None:
    stack = _as_it_was(name)
    recorded = stack.engine.state.resources["Fleet", "fleet"]
    assert "sipHost" not in recorded.inputs
    stack.up(MADE["inventory"].replace("max_releases: 2", "max_releases: 1"))
    fleet = stack.engine.state.resources["Fleet", "fleet"].inputs
    assert fleet["sipHost"] == RIGHT
    assert stack.world.writes() == []
