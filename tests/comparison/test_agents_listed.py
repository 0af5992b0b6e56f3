"""`trunkline audit --live` finds the agents of lines that LiveKit Cloud does not run, and says where it cannot know."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.comparison.stage import HERE, found, inbound, live, rule, says, sides
from trunkline.comparison import Sides
from trunkline.deployed import Deployed

FIX = "deploy it, or name another in the file; a worker that you run yourself is not listed there"


def having(deployed: Deployed | None, *, deployment: str = "", why: str = "", **more: Any) -> Sides:
    called = rule()
    if deployment:
        called = replace(called, optional={"agentDeployments": {"sales-agent": deployment}})
    return sides(live=live(rules=(called,)), deployed=deployed, unlisted=why, **more)


def test_an_agent_that_is_there_is_no_finding() -> None:
    there = {"sales-agent": frozenset({"production", "staging"})}
    assert [found(having(there)), found(having(there, deployment="staging")), found(having(None))] == [[], [], []]


def test_one_that_is_not_there_is_found_with_the_nearest_name() -> None:
    assert found(having({"sales-agnt": frozenset({"production"})})) == [
        says(
            "agent-not-deployed",
            "sales-agent",
            'LiveKit Cloud runs no agent "sales-agent", whom SDR_1 calls; the nearest name is "sales-agnt"',
            FIX,
            **HERE,
        )
    ]


def test_a_deployment_that_is_not_there_is_found_too() -> None:
    assert found(having({"sales-agent": frozenset({"production", "staging"})}, deployment="stagin")) == [
        says(
            "agent-not-deployed",
            "sales-agent",
            'LiveKit Cloud runs no deployment "stagin" of agent "sales-agent", whom SDR_1 calls; the nearest name is'
            ' "staging"',
            FIX,
            **HERE,
        )
    ]


def test_an_agent_of_a_strangers_rule_is_no_matter_of_ours() -> None:
    strange = rule("SDR_2", "", agent="stranger", trunkIds=["ST_2"])
    given = sides(
        live=live(
            inbound=(inbound(), inbound("ST_2", "", numbers=["+16505550188"])),
            rules=(rule(), strange),
        ),
        deployed={"sales-agent": frozenset({"production"})},
    )
    assert [one.code for one in found(given)] == ["trunk-foreign"]


def test_that_it_cannot_be_known_is_said() -> None:
    fix = "nothing, where you run the workers yourself; else let the key administer agents"
    listed = "LiveKit Cloud lists none of this project, and workers that you run yourself are never listed"
    refused = "livekit: POST /x: the key may not list agents"
    assert [found(having({})), found(having(None, why=refused))] == [
        [says("agents-unseen", "livekit", f"whether the lines' agents are there cannot be seen here: {why}", fix)]
        for why in (listed, refused)
    ]
