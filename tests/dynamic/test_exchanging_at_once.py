"""The engine writes several trunks at once: numbers that move between them are neither lost nor put back."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from providers.dynamic import in_place, objects
from providers.dynamic.homes import Home
from providers.kinds import KINDS
from tests.dynamic.test_sharing import NUMBERS, file
from tests.support.world import Stack, World

TRUNK = KINDS["InboundTrunk"]
LONG_ENOUGH = 0.5  # seconds; where one waits for the other, as it should, it waits so long
PROVIDERS = ("twilio", "vonage", "custom")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_line_leaves_a_shared_trunk_while_another_one_joins_it(provider: str) -> None:
    world = World()
    stack = Stack(world)
    stack.up(file(provider, 3, shared=True, apart=("three",)))
    one, two, three = NUMBERS[provider]
    shared, own = (stack.engine.state.resources["InboundTrunk", name] for name in ("tw", "three"))
    joined = {**shared.inputs, "numbers": [one, three]}
    left = {**own.inputs, "numbers": [two], "tag": own.inputs["tag"].replace("/three", "/two"), "formerTags": []}
    others: list[threading.Thread] = []

    def handle(sandbox: Any, request: Any) -> Any:
        if request.path.endswith("UpdateSIPInboundTrunk") and not others:
            # The shared trunk was read, and is about to be written.
            others.append(threading.Thread(target=objects.adopt_or_create, args=(run, TRUNK, left)))
            others[0].start()
            others[0].join(LONG_ENOUGH)
        return sandbox.handle(request)

    run = world.process(handle=handle)
    run.homes = {
        one: Home(owner="trunk.tw", former=frozenset()),
        two: Home(owner="two", former=frozenset({"trunk.tw"})),
        three: Home(owner="trunk.tw", former=frozenset({"three"})),
    }
    run.exchanging = frozenset({"trunk.tw", "two", "three"})

    in_place.updated(run, TRUNK, shared.id, shared.outputs, joined)
    others[0].join()

    held = {tuple(trunk["numbers"]) for trunk in world.sandbox.livekit.inbound_trunks()}
    assert held == {(one, three), (two,)}
