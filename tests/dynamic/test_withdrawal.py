"""What leaves the file again before anything was done for it, and what comes back under the name that it had before."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from sandbox.faults import Fault
from tests.dynamic.inventories import CUSTOM, SEARCHED, VONAGE, having, inventory
from tests.support.model_engine import Failed
from tests.support.world import Stack, World

DESK, FAR = "+16505551234", "+447400551233"
ADOPTING: Mapping[str, str] = {
    "twilio": f'{{provider: twilio, phone_number: "{DESK}", agent: support, adopt: true}}',
    "vonage": f'{{provider: vonage, phone_number: "{FAR}", agent: support, adopt: true}}',
}


@pytest.fixture
def world() -> World:
    world = World()
    world.sandbox.twilio.add_number(DESK, friendly_name="Reception")
    world.sandbox.vonage.add_number(FAR, moHttpUrl="https://sms.example.com")
    return world


@pytest.fixture(params=[False, True], ids=["saved at the end", "saved at each step"])
def stack(world: World, request: pytest.FixtureRequest) -> Stack:
    return Stack(world, checkpoints=request.param)


def fails(stack: Stack, text: str, path: str) -> None:
    """Apply where one request is not carried out."""
    stack.world.sandbox.faults.add(Fault("status", method="POST", status=400, path=path))
    with pytest.raises(Failed):
        stack.up(text)


def numbers(world: World) -> list[object]:
    return [world.sandbox.twilio.number(DESK), world.sandbox.vonage.number(FAR)]


@pytest.mark.parametrize("mark", ["protect", "release", "keep"])
@pytest.mark.parametrize("line", ADOPTING)
def test_an_adoption_that_took_nothing_yet_leaves_the_file_without_a_mark(
    world: World, stack: Stack, line: str, mark: str
) -> None:
    before = numbers(world)
    fails(stack, inventory({line: having(ADOPTING[line], f"removal: {mark}")}), "CreateSIPOutboundTrunk")

    stack.up(inventory({}))

    assert numbers(world) == before
    assert world.sandbox.ledger.releases() == []
    assert world.sandbox.livekit.inbound_trunks() == ()


def test_one_whose_write_to_its_number_may_be_under_way_does_not(world: World, stack: Stack) -> None:
    """Its trunk is there, and was made before: the number may come to it when the file has no line for it."""
    text = inventory({"twilio": ADOPTING["twilio"]})
    fails(stack, text, "/IncomingPhoneNumbers/PN")
    assert len(world.sandbox.livekit.inbound_trunks()) == 1

    assert "was never marked" in stack.refused(inventory({}))


@pytest.mark.parametrize("mark", ["protect", "release"])
@pytest.mark.parametrize("line", ADOPTING)
def test_an_adoption_that_took_its_number_stays_also_where_its_update_failed(
    world: World, stack: Stack, line: str, mark: str
) -> None:
    before = numbers(world)
    lines = {line: having(ADOPTING[line], f"removal: {mark}"), "zz": CUSTOM}
    world.sandbox.faults.add(Fault("status", status=400, path="CreateSIPDispatchRule", skip=1))
    with pytest.raises(Failed):
        stack.up(inventory(lines))
    assert numbers(world) != before

    assert f'line "{line}"' in stack.refused(inventory({"zz": CUSTOM}))


@pytest.mark.parametrize("mark", ["release", "keep"])
@pytest.mark.parametrize("line", [SEARCHED, VONAGE], ids=["twilio", "vonage"])
def test_a_renamed_line_does_not_come_back_under_its_former_name_by_an_older_commit(
    world: World, stack: Stack, line: str, mark: str
) -> None:
    """It would let its number go as marked, and buy another one as if it were new."""
    marked = having(line, f"removal: {mark}")
    stack.up(inventory({"old": marked}))
    stack.up(inventory({"new": having(marked, "renamed_from: old")}))

    words = stack.refused(inventory({"old": marked}))

    assert 'line "old": it has the former name of line "new" (+' in words
    assert "`renamed_from: new`" in words
    stack.up(inventory({"old": having(marked, "renamed_from: new")}))
    assert len(world.sandbox.ledger.charges()) == 1


def test_the_former_name_is_known_when_the_file_no_longer_says_it(world: World, stack: Stack) -> None:
    marked = having(SEARCHED, "removal: release")
    stack.up(inventory({"one": marked}))
    stack.up(inventory({"two": having(marked, "renamed_from: one")}))
    stack.up(inventory({"three": having(marked, "renamed_from: two")}))
    stack.up(inventory({"three": marked}))

    for former in ("one", "two"):
        assert "`renamed_from: three`" in stack.refused(inventory({former: marked}))
    assert len(world.sandbox.ledger.charges()) == 1


def test_another_line_takes_a_former_name_once_the_renamed_one_is_gone(world: World, stack: Stack) -> None:
    marked = having(SEARCHED, "removal: release")
    stack.up(inventory({"old": marked}))
    stack.up(inventory({"new": having(marked, "renamed_from: old")}))
    stack.up(inventory({}))

    stack.up(inventory({"old": SEARCHED}))

    assert len(world.sandbox.ledger.releases()) == 1
    assert len(world.sandbox.ledger.charges()) == 2
