"""`destroy --refresh=false` reads no entry: what the state has twice is not cut off by the entry that waits."""

from __future__ import annotations

import pytest

from tests.dynamic.adopted import A, seed
from tests.dynamic.inventories import ALL, having, inventory
from tests.dynamic.test_replaced import of_all_kinds
from tests.support.model_engine import Failed
from tests.support.world import Stack, World

MARKED = {name: having(line, "removal: release") for name, line in ALL.items()}
AT_LIVEKIT = ("InboundTrunk", "OutboundTrunk", "DispatchRule")
AT_TWILIO = (
    "SipTrunk",
    "OriginationUrl",
    "FallbackUrl",
    "CredentialList",
    "Credential",
    "TrunkCredentialList",
    "TrunkAddressList",
)


def refused(stack: Stack, *waiting: tuple[str, str]) -> str:
    """Destroy while the state has a second entry of these, as a failed replacement leaves it; give what is refused."""
    state, mark = stack.engine.state, stack.world.sandbox.journal.mark()
    state.replaced = [(key, state.copied().resources[key]) for key in waiting]
    with pytest.raises(Failed) as failure:
        stack.destroy(refresh=False)
    assert stack.world.sandbox.journal.writes(mark) == []
    return str(failure.value)


def destroyed(stack: Stack) -> None:
    """Destroy with a refresh, which leaves nothing."""
    stack.destroy()
    assert (stack.engine.state.resources, stack.engine.state.replaced) == ({}, [])
    sandbox = stack.world.sandbox
    assert sandbox.livekit.inbound_trunks() == sandbox.livekit.outbound_trunks() == sandbox.livekit.dispatch_rules()


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("kind", AT_LIVEKIT)
def test_what_takes_a_number_s_calls_is_not_deleted_before_the_number_is_let_go(kind: str, name: str) -> None:
    stack = Stack(World())
    stack.up(inventory({name: MARKED[name]}))
    if (kind, name) != ("DispatchRule", "custom"):  # which stands for its line, and goes first
        assert "run it again without `--refresh=false`" in refused(stack, (kind, name)).casefold()
    destroyed(stack)


@pytest.mark.parametrize("kind", AT_TWILIO)
def test_no_part_of_a_trunk_is_deleted_while_it_carries_a_number(kind: str) -> None:
    stack = Stack(World())
    stack.up(inventory(ALL))
    text = of_all_kinds(stack)
    stack.up(text)
    (key,) = [key for key in stack.engine.state.resources if key[0] == kind]
    for recorded in stack.engine.state.resources.values():
        recorded.protect = False
    assert "run it again without `--refresh=false`" in refused(stack, key).casefold()
    stack.up(text)
    assert stack.up(text) == []


def test_a_number_that_livekit_spells_otherwise_is_let_go_with_what_takes_its_calls() -> None:
    stack = Stack(World())
    stack.world.sandbox.twilio.add_number(A)
    seed(stack, ["1 650 555 0123"])
    for more in ("", ", removal: release"):
        stack.up(inventory({"a": f'{{provider: twilio, phone_number: "{A}", agent: sales, adopt: true{more}}}'}))

    stack.destroy(refresh=False)

    assert (stack.engine.state.resources, stack.world.sandbox.twilio.number(A)) == ({}, None)
