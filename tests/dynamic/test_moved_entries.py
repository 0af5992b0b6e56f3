"""Entries that `pulumi state move` has put into another stack's state: what they name is not that stack's to delete."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic.dynamic import PROVIDER_KEY, serialize_provider
from pulumi.runtime.proto import provider_pb2

from providers.dynamic import runtime
from providers.dynamic.resources import RESOURCES
from tests.dynamic.fleets import ONE, TWO, file, two
from tests.dynamic.inventories import having
from tests.support.model_engine import FLEET
from tests.support.world import Stack, World
from toolchain.engine.dynamic_provider import sdk_servicer

FILE = file(one=f"a: {having(ONE, 'removal: release')}", two=f"b: {having(TWO, 'removal: release')}")
STACKS = pytest.mark.parametrize("fleet", ["acme/fleet", "acme/"])


@pytest.fixture
def world() -> Iterator[World]:
    yield World()
    runtime.install(None)


def moved(world: World, fleet: str) -> tuple[Stack, Stack]:
    """Apply two stacks, and put all of the first one's entries but its Fleet into the second one's state."""
    a, b = two(world, fleet)
    a.up(FILE)
    b.up(FILE)
    theirs = a.engine.state.resources
    for key in [key for key in theirs if key != FLEET]:
        b.engine.state.resources[key] = theirs.pop(key)
        b.engine.state.resources[key].protect = False
    world.notices.clear()
    return a, b


@STACKS
@pytest.mark.parametrize("verb", ["up", "up --refresh=false", "destroy"])
def test_a_stack_into_which_entries_were_moved_drops_them_and_deletes_nothing(
    world: World, fleet: str, verb: str
) -> None:
    a, b = moved(world, fleet)
    mark = world.sandbox.journal.mark()

    if verb == "destroy":
        b.destroy()
    else:
        b.up(FILE, refresh=verb == "up")

    assert {name for _, name in b.engine.state.resources} == (set() if verb == "destroy" else {"fleet", "two"})
    assert [one.number for one in world.sandbox.ledger.releases()] == (["+16505551235"] if verb == "destroy" else [])
    assert len([notice for notice in world.notices if "from whose stack this entry was moved" in notice]) == 9
    if verb != "destroy":
        assert world.sandbox.journal.writes(mark) == []
    mark = world.sandbox.journal.mark()
    a.up(FILE)
    assert (a.up(FILE), world.sandbox.journal.writes(mark)) == ([], [])


@pytest.mark.parametrize(("stack", "deleted"), [("a", True), ("b", False)])
def test_a_stack_without_a_fleet_is_known_by_what_the_engine_calls_its_entries(
    world: World, stack: str, deleted: bool
) -> None:
    """As where all that a stack has was moved there: the Fleet that would tell is not in its state."""
    a, _ = two(world, "trunkline/")
    a.up(FILE)
    number = a.engine.state.resources["PhoneNumber", "one"]
    mark = world.sandbox.journal.mark()
    runtime.install(world.process())

    delete(stack, "PhoneNumber", "one", number.id, number.outputs)

    released = [one.number for one in world.sandbox.ledger.releases()]
    assert (released, bool(world.sandbox.journal.writes(mark))) == (
        (["+16505551234"], True) if deleted else ([], False)
    )


def delete(stack: str, kind: str, name: str, id_: str, outputs: dict[str, Any]) -> None:
    """Ask the SDK's server to delete an entry, as the engine does."""
    properties = Struct()
    properties.update({**outputs, PROVIDER_KEY: serialize_provider(RESOURCES[kind].provider_class())})
    urn = f"urn:pulumi:{stack}::trunkline::trunkline:PhoneLine$pulumi-python:dynamic/trunkline:{kind}::{name}"
    servicer: Any = sdk_servicer()
    servicer.Delete(provider_pb2.DeleteRequest(id=id_, urn=urn, properties=properties), None)
