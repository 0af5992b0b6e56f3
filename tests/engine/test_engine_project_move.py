"""A move to another LiveKit project: no carrier sends a call there before an agent answers it there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox import Sandbox, SandboxServer
from tests.engine.day import Day
from tests.engine.inventories import START
from tests.engine.reach import answered
from tests.engine.stage import brief

pytestmark = pytest.mark.engine

FILE = START
LIVEKIT = ("InboundTrunk", "OutboundTrunk", "DispatchRule")
NEW = "new.sip.livekit.cloud"


@pytest.fixture
def project() -> Iterator[SandboxServer]:
    """An empty LiveKit project of its own."""
    with SandboxServer(Sandbox(7)) as server:
        yield server


@pytest.mark.parametrize("flags", [(), ("--refresh=false",)], ids=["refreshed", "unrefreshed"])
def test_the_carriers_change_over_when_every_rule_stands_in_the_new_project(
    day: Day, project: SandboxServer, flags: tuple[str, ...]
) -> None:
    settings: Any = {"LIVEKIT_URL": project.url.replace("127.0.0.1", "localhost"), "LIVEKIT_SIP_URI": f"sip:{NEW}"}
    day.move_to(NEW, project.sandbox)
    before = answered(day.sandbox)
    ids = [id_ for name, id_ in day.theatre.project.ids().items() if name.split()[0] in LIVEKIT]
    day.theatre.project.pulumi("config", "set", "trunkline:allowAccountChange", "true")

    run = day.run("up", *flags, **settings)

    day.theatre.project.pulumi("config", "rm", "trunkline:allowAccountChange")
    assert day.cut == []
    assert sorted(brief(one) for one in day.sandbox.journal.writes()) == [
        "POST number/update",
        "POST v1/Trunks/OriginationUrls",
    ]
    assert answered(day.sandbox, day.moved) == before
    assert (len(day.charged), day.released) == (3, [])
    assert f"What stays there as it is: {', '.join(sorted(ids))}. Calls reach it until" in run.text
    assert len(day.sandbox.livekit.dispatch_rules()) == len(project.sandbox.livekit.dispatch_rules()) == 4
    mark = project.sandbox.journal.mark()
    day.run("up", **settings)
    assert project.sandbox.journal.writes(mark) == []
    day.run("preview", "--expect-no-changes", **settings)
