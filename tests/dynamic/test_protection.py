"""`destroy --ignore-protect` goes past the engine's wall; what no mark was applied to is refused in `delete` too."""

from __future__ import annotations

import pytest

from sandbox.faults import Fault
from tests.dynamic.inventories import ALL, CUSTOM, HEAD, having, inventory
from tests.dynamic.test_lines import FIRST, SECOND, SHARED_HEAD
from tests.support.model_engine import Failed
from tests.support.world import Stack, World

OUT = having(CUSTOM.replace(", agent: support", ""), "inbound: false")
SHAPES = {
    "calls in and out": (HEAD, {"line": CUSTOM}),
    "calls out alone": (HEAD, {"line": OUT}),
    "a shared trunk": (SHARED_HEAD, {"first": FIRST, "second": SECOND}),
}
Shape = tuple[str, dict[str, str]]


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


@pytest.fixture(params=SHAPES)
def shape(request: pytest.FixtureRequest) -> Shape:
    return SHAPES[request.param]


def marked(shape: Shape, removal: str) -> str:
    head, lines = shape
    return inventory({name: having(line, f"removal: {removal}") for name, line in lines.items()}, head)


def objects(stack: Stack) -> str:
    livekit = stack.world.sandbox.livekit
    return str((livekit.inbound_trunks(), livekit.outbound_trunks(), livekit.dispatch_rules()))


def as_the_last_version_wrote_it(stack: Stack) -> None:
    """Take out of the state what that version did not record."""
    for recorded in stack.engine.state.resources.values():
        if "phoneNumber" not in recorded.outputs:
            recorded.inputs.pop("removal", None)
            recorded.outputs.pop("removal", None)


@pytest.mark.parametrize("refresh", [True, False])
def test_an_unmarked_custom_line_survives_a_destroy_that_ignores_protection(
    stack: Stack, shape: Shape, refresh: bool
) -> None:
    head, lines = shape
    stack.up(inventory(lines, head))
    before = objects(stack)

    with pytest.raises(Failed, match=r"is protected and was not deleted. Set `removal: release`"):
        stack.destroy(ignore_protect=True, refresh=refresh)

    assert objects(stack) == before


@pytest.mark.parametrize("removal", ["release", "keep"])
@pytest.mark.parametrize("refresh", [True, False])
def test_a_marked_one_goes(stack: Stack, shape: Shape, removal: str, refresh: bool) -> None:
    head, lines = shape
    stack.up(inventory(lines, head))
    stack.up(marked(shape, removal))

    stack.destroy(ignore_protect=True, refresh=refresh)

    assert "acme/test" not in objects(stack)
    assert bool(stack.world.sandbox.livekit.outbound_trunks()) == (removal == "keep")


def test_a_mark_that_was_taken_back_protects_again(stack: Stack, shape: Shape) -> None:
    head, lines = shape
    stack.up(inventory(lines, head))
    stack.up(marked(shape, "release"))
    stack.up(inventory(lines, head))

    with pytest.raises(Failed, match="is protected and was not deleted"):
        stack.destroy(ignore_protect=True)


def test_lines_of_a_shared_trunk_go_when_the_last_one_is_marked(stack: Stack) -> None:
    stack.up(inventory({"first": FIRST, "second": having(SECOND, "removal: release")}, SHARED_HEAD))

    with pytest.raises(Failed, match="is protected and was not deleted"):
        stack.destroy(ignore_protect=True)


def test_a_state_of_the_last_version_shows_no_difference(stack: Stack, shape: Shape) -> None:
    head, lines = shape
    stack.up(inventory(lines, head))
    as_the_last_version_wrote_it(stack)

    assert stack.up(inventory(lines, head)) == []


@pytest.mark.parametrize("refresh", [True, False])
def test_a_state_of_the_last_version_is_protected_too(stack: Stack, shape: Shape, refresh: bool) -> None:
    head, lines = shape
    stack.up(inventory(lines, head))
    as_the_last_version_wrote_it(stack)
    before = objects(stack)

    words = "is protected and was not deleted" if refresh else "cannot tell whether the line is marked"
    with pytest.raises(Failed, match=words):
        stack.destroy(ignore_protect=True, refresh=refresh)

    assert objects(stack) == before


def test_a_mark_of_the_last_version_counts(stack: Stack, shape: Shape) -> None:
    stack.up(marked(shape, "release"))
    as_the_last_version_wrote_it(stack)

    stack.destroy()

    assert objects(stack) == "((), (), ())"


def test_a_half_made_custom_line_is_withdrawn_by_a_destroy(stack: Stack) -> None:
    stack.world.sandbox.faults.add(Fault("status", vendor="livekit", path="CreateSIPDispatchRule", status=400))
    with pytest.raises(Failed):
        stack.up(inventory({"line": CUSTOM}))

    stack.destroy(ignore_protect=True)

    assert objects(stack) == "((), (), ())"


@pytest.mark.parametrize("refresh", [True, False])
def test_a_fleet_of_all_kinds_goes_when_every_line_is_marked(stack: Stack, refresh: bool) -> None:
    stack.up(inventory(ALL))
    stack.up(inventory({name: having(line, "removal: release") for name, line in ALL.items()}))

    stack.destroy(ignore_protect=True, refresh=refresh)

    assert objects(stack) == "((), (), ())"
    assert stack.engine.state.resources == {}
    ledger = stack.world.sandbox.ledger
    assert sorted(one.number for one in ledger.releases()) == sorted(one.number for one in ledger.charges())
