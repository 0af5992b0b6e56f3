"""When a line's `verify` command runs again, and that it is known beforehand whether it can."""

from __future__ import annotations

from pathlib import Path

import pytest

from stacks.verification import has_plugin, watched
from tests.support.world import World

LINE = "provider: twilio, phone_number: '+16505551234', agent: {agent}, verify: ./call.sh{more}"
TEXT = "version: 1\nagents: {a: {agent_name: x}, b: {agent_name: y}}\nnumbers:\n  us: {%s}\n"


def digests(agent: str = "a", more: str = "") -> list[str]:
    plan = World().plan(TEXT % LINE.format(agent=agent, more=more))
    return watched(plan, plan.lines["us"])


def test_the_same_file_verifies_nothing_again() -> None:
    assert digests() == digests() and len(digests()) == 4


@pytest.mark.parametrize(
    "edited",
    [digests("b"), digests(more=", krisp_enabled: true"), digests(more=", max_call_duration: 600")],
    ids=["another agent", "krisp", "a limit"],
)
def test_an_edit_of_what_is_verified_verifies_it_again(edited: list[str]) -> None:
    assert edited != digests()


def test_the_engines_plugin_is_looked_for_where_the_engine_does(tmp_path: Path) -> None:
    alone = {"PATH": str(tmp_path), "PULUMI_HOME": str(tmp_path)}
    assert not has_plugin({**alone, "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true"})
    assert not has_plugin(alone)  # it would be fetched after the first write, or not be there to be fetched
    plugin = tmp_path / "plugins" / "resource-command-v1.2.0" / "pulumi-resource-command"
    plugin.parent.mkdir(parents=True)
    plugin.touch(mode=0o755)
    assert has_plugin(alone)
    plugin.rename(tmp_path / "pulumi-resource-command")
    assert has_plugin(alone)
