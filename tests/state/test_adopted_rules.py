"""Of a rule that a line adopts, whom it calls without the file stays: that is served, and no divergence."""

from __future__ import annotations

from typing import Any

import pytest

from tests.state import fleet
from tests.state.overlaid import left
from trunkline.state.checkpoint import StackState


def beside(agents: list[str], **adopting: Any) -> StackState:
    """The state in which the first line's rule calls these, of whom the file names the line's own agent."""
    named = {"agents": [{"agentName": "sales-agent", "metadata": ""}], "trunkIds": ["ST_in_sales"]}
    calls = [{"agentName": name, "metadata": ""} for name in agents]
    return left(lambda said: said["sales-us"]["DispatchRule"].update(agents=calls, named=named, **adopting))


@pytest.mark.parametrize("theirs", [["archive", "recorder"], ["recorder"]])
def test_whom_an_adopted_rule_calls_besides_is_served_and_is_as_the_last_update_left_it(theirs: list[str]) -> None:
    state = beside([*theirs, "sales-agent"], unmanaged=["metadata"])
    assert state.lines["sales-us"] == fleet.SALES.model_copy(update={"further_agents": tuple(theirs)})
    assert state.differences == {}


def test_of_an_adopted_rule_too_another_agent_in_place_of_the_files_is_told() -> None:
    state = beside(["recorder", "support-agent"], unmanaged=["metadata"])
    assert [each.field for each in state.differences["sales-us"]] == ["agent", "agentName"]


def test_whom_a_rule_of_ours_calls_besides_is_told_since_the_next_update_takes_it_away() -> None:
    state = beside(["recorder", "sales-agent"])
    assert [each.field for each in state.differences["sales-us"]] == ["furtherAgents"]
