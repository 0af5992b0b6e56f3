"""Previews warn of a line whose agent or deployment LiveKit Cloud does not run, and say where that cannot be known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from providers.dynamic.runtime import Runtime
from tests.support.world import Stack, World
from trunkline.deployed import NOT_KNOWN, Deployed
from trunkline.errors import Reason, Rejected

FILE = """\
version: 1
agents:
  desk: {agent_name: desk-agent}
  canary: {agent_name: desk-agent, deployment: stagin}
  anyone: {automatic_dispatch: true}
numbers:
  a: {phone_number: "+442071234567", sip_address: pbx.example.com, agent: desk}
  b: {phone_number: "+442071234568", sip_address: pbx.example.com, agent: canary}
  c: {phone_number: "+442071234569", sip_address: pbx.example.com, agent: anyone}
  d: {phone_number: "+442071234560", sip_address: pbx.example.com, inbound: false}
"""
NOTHING_AMISS = (
    " Until one is there its callers wait in vain; with a worker that you run yourself, which is not listed there,"
    " nothing is amiss."
)


class Cloud(World):
    """A world whose LiveKit is LiveKit Cloud, as far as its agents go."""

    ask: Callable[[], Deployed] | None = None

    def process(self, **how: Any) -> Runtime:
        run = super().process(**how)
        return replace(run, vendors=replace(run.vendors, deployed=self.ask))


def told(ask: Callable[[], Deployed] | None) -> list[str]:
    world = Cloud()
    world.ask = ask
    Stack(world).preview(FILE)
    return world.notices


def refusing() -> Deployed:
    raise Rejected("livekit", "POST /x", "the key may not list agents", status=403, reason=Reason.CREDENTIALS)


@pytest.mark.parametrize(
    ("deployed", "said"),
    [
        ({"desk-agent": frozenset({"production", "stagin"})}, []),
        (
            {"desk-agent": frozenset({"production", "staging"}), "other": frozenset({"production"})},
            [
                'line b: LiveKit Cloud runs no deployment "stagin" of agent "desk-agent"; the nearest name is'
                ' "staging".' + NOTHING_AMISS
            ],
        ),
        (
            {"desk-agnt": frozenset({"production"})},
            [
                f'line {line}: LiveKit Cloud runs no agent "desk-agent"; the nearest name is "desk-agnt".'
                + NOTHING_AMISS
                for line in ("a", "b")
            ],
        ),
        (
            {"x": frozenset({"production"})},
            [
                f'line {line}: LiveKit Cloud runs no agent "desk-agent"; it runs "x".' + NOTHING_AMISS
                for line in ("a", "b")
            ],
        ),
        ({}, [NOT_KNOWN]),
    ],
)
def test_what_is_not_there_is_said_with_the_nearest_name(deployed: Deployed, said: list[str]) -> None:
    assert told(lambda: deployed) == said


def test_a_key_that_may_not_ask_stops_nothing_and_is_said() -> None:
    (notice,) = told(refusing)
    assert notice.startswith("Whether the lines' agents are there was not checked: livekit: POST /x: the key may not")


def test_of_a_server_of_one_s_own_nothing_is_asked_and_nothing_said() -> None:
    assert told(None) == []


def test_a_file_without_agents_by_name_asks_nothing() -> None:
    world = Cloud()
    world.ask = refusing
    Stack(world).preview(FILE.replace("agent: desk}", "agent: anyone}").replace("agent: canary}", "agent: anyone}"))
    assert world.notices == []
