"""An agent's lines are all that it answers: as the line's own, for some callers alone, and beside another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api import credentials
from tests.api.serving import Fixed, client, entry, serve
from tests.state import fleet
from tests.state.state_file import written
from trunkline.api import create_app
from trunkline.outputs import CallerRule, Line
from trunkline.state import checkpoint
from trunkline.state.checkpoint import EMPTY, StackState

AGENTS = {"support": "support-agent", "night": "night-agent", "scribe": "scribe-agent", "sales": "sales-agent"}
VIP = CallerRule(
    name="vip", callers=("+13035550100",), agent="night", agent_name="night-agent", dispatch_rule_id="SDR_v"
)
SALES = fleet.SALES.model_copy(update={"agent": "sales", "further_agents": ("scribe-agent",), "caller_rules": (VIP,)})
PLAIN = fleet.SALES.model_copy(update={"agent": "sales"})
THEN, NOW = "2026-01-01T12:00:00Z", "2026-01-02T12:00:00Z"


def state(*lines: Line) -> StackState:
    """Give the state as it is read, where the agents' lines are those of the outputs that the program writes."""
    outputs = fleet.outputs(lines, AGENTS)
    answered = {
        id: [line.id for line in sorted(lines, key=lambda line: line.id) if {id, name} & answering(line)]
        for id, name in AGENTS.items()
    }
    agents = {id: one.model_copy(update={"lines": tuple(answered[id])}) for id, one in outputs.agents.items()}
    return StackState(outputs=outputs.model_copy(update={"agents": agents}))


def answering(line: Line) -> set[str]:
    return {line.agent, *line.further_agents, *(one.agent for one in line.caller_rules)}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two updates: the first makes a line that three agents answer, the second leaves it to one of them."""
    nothing, first, second = StackState(outputs=EMPTY), state(SALES, fleet.SUPPORT), state(PLAIN, fleet.SUPPORT)
    source = Fixed(second, (entry(1, nothing, first), entry(2, first, second)))
    with serve(create_app(source, credentials.auth(tmp_path_factory.mktemp("answering")))) as served:
        yield served


EXPECTED: dict[str, dict[str, list[str]]] = {
    THEN: {"night": ["sales-us"], "sales": ["sales-us"], "scribe": ["sales-us"], "support": ["support-de"]},
    NOW: {"night": [], "sales": ["sales-us"], "scribe": [], "support": ["support-de"]},
}


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [line["id"] for line in answer.json()["lines"]]


@pytest.mark.parametrize("at", EXPECTED)
def test_agents_their_numbers_and_the_filter_tell_the_same_lines(at: str, url: str) -> None:
    with client(url) as api:
        listed = {one["id"]: one["lines"] for one in api.get("/agents", params={"at": at}).json()["agents"]}
        numbers = {agent: ids(api.get(f"/agents/{agent}/numbers", params={"at": at})) for agent in AGENTS}
        filtered = {agent: ids(api.get("/sip", params={"at": at, "agent": agent})) for agent in AGENTS}
    assert (listed, numbers, filtered) == (EXPECTED[at],) * 3


def test_now_is_told_as_the_newest_moment_is(tmp_path: Path) -> None:
    with (
        serve(create_app(Fixed(state(SALES, fleet.SUPPORT)), credentials.auth(tmp_path))) as served,
        client(served) as api,
    ):
        numbers = {agent: ids(api.get(f"/agents/{agent}/numbers")) for agent in AGENTS}
        filtered = {agent: ids(api.get(f"/sip?agent={agent}")) for agent in AGENTS}
        named = {agent: ids(api.get(f"/sip?agent={name}")) for agent, name in AGENTS.items()}
    assert numbers == filtered == EXPECTED[THEN]
    assert named == EXPECTED[THEN] | {"night": []}  # of the rule for some callers the key alone is asked for


def test_a_line_that_some_callers_alone_reach_has_no_agent_of_its_own(tmp_path: Path) -> None:
    silent = SALES.model_copy(update={"agent": "", "agent_name": "", "further_agents": ()})
    with serve(create_app(Fixed(state(silent)), credentials.auth(tmp_path))) as served, client(served) as api:
        assert ids(api.get("/sip?agent=")) == ids(api.get("/sip?agent=night")) == ["sales-us"]


def test_an_agent_that_the_file_does_not_know_has_its_lines_too(tmp_path: Path) -> None:
    resources = {fleet.SUPPORT.id: fleet.resources(fleet.SUPPORT)}
    resources["support-de"]["DispatchRule"]["agents"] = [{"agentName": "stranger"}]
    found = checkpoint.parse(written(fleet.document((fleet.SUPPORT,)), resources))
    with serve(create_app(Fixed(found), credentials.auth(tmp_path))) as served, client(served) as api:
        assert ids(api.get("/agents/stranger/numbers")) == ids(api.get("/sip?agent=stranger")) == ["support-de"]
