"""Which of an adopted rule's agents is the line's: the one that the file names, and none is guessed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dynamic.adopted import A, file_of, line, live, refusal, seed
from tests.support.model_engine import Failed, Killed, State
from tests.support.world import Stack, World


@pytest.fixture
def stack() -> Stack:
    return Stack(World())


def test_several_agents_without_the_lines_own_are_refused(stack: Stack) -> None:
    agents = [{"agent_name": "scribe"}, {"agent_name": "night"}]
    seed(stack, [A], {"room_config": {"agents": agents}})

    told = refusal(stack, file_of(line("a", A)))

    assert "calls night, scribe, none of which is the line's agent desk-agent" in told


def test_the_agent_that_an_adoption_named_is_replaced_by_a_later_update(stack: Stack) -> None:
    """The way that the refusal names."""
    seed(stack, [A], {"room_config": {"agents": [{"agent_name": "scribe"}, {"agent_name": "night"}]}})
    stack.up(file_of(line("a", A)).replace("desk-agent", "night"))
    stack.up(file_of(line("a", A)))
    assert [each["agent_name"] for each in live(stack)[1]["room_config"]["agents"]] == ["desk-agent", "scribe"]


def test_the_agent_of_a_rule_that_a_killed_run_has_adopted_is_not_guessed(stack: Stack) -> None:
    """The next file has another agent, and nothing records which of the two was the line's."""
    seed(stack, [A], {"room_config": {"agents": [{"agent_name": "scribe"}, {"agent_name": "night"}]}})
    first = file_of(line("a", A)).replace("desk-agent", "night")
    stack.up(first)
    stack.engine.state = State()

    told = refusal(stack, file_of(line("a", A)))

    assert "calls night, scribe, none of which is the line's agent desk-agent" in told
    stack.up(first)
    stack.up(file_of(line("a", A)))
    assert [each["agent_name"] for each in live(stack)[1]["room_config"]["agents"]] == ["desk-agent", "scribe"]


def test_nor_where_the_killed_run_was_saved_without_the_rule(stack: Stack) -> None:
    """The line is recorded by then, as one whose agent an edit may change."""
    seed(stack, [A], {"room_config": {"agents": [{"agent_name": "scribe"}, {"agent_name": "night"}]}})
    first = file_of(line("a", A)).replace("desk-agent", "night")
    stack.engine.checkpoints = True
    killed_after(stack, first, "UpdateSIPDispatchRule")
    assert [key for key in stack.ids() if "DispatchRule" in key] == []

    told = refusal(stack, file_of(line("a", A)))

    assert "calls night, scribe, none of which is the line's agent desk-agent" in told
    stack.up(first)
    stack.up(file_of(line("a", A)))
    assert [each["agent_name"] for each in live(stack)[1]["room_config"]["agents"]] == ["desk-agent", "scribe"]


def killed_after(stack: Stack, text: str, method: str) -> None:
    def die(sandbox: Any, request: Any) -> Any:
        answer = sandbox.handle(request)
        if request.path.endswith(method):
            raise Killed
        return answer

    with pytest.raises(Killed):
        stack.up(text, handle=die)


def test_a_rule_of_which_the_trunk_is_left_out_of_the_update_is_refused_for_that_alone(stack: Stack) -> None:
    """Its check ends before it has told apart what the file names of the rule."""
    seed(stack, [A], {"room_config": {"agents": [{"agent_name": "desk-agent"}]}})

    with pytest.raises(Failed, match=r"^InboundTrunk a, which it needs, was left out of this update"):
        stack.up(file_of(line("a", A)), target=[("DispatchRule", "a")])
