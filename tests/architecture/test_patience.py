"""How long a test may take: where it runs the real engine, its commands' limits end it and none of its own.

On a machine with other work an update takes a minute or two, and a fixture walks through eight of them: a limit for the
whole test ended such tests, and told of a fault that was none.
"""

from __future__ import annotations

import pytest

from tests.engine.project import COMMAND_LIMIT

COMMANDS = 7
"""As many hang one after the other before a test is ended that asks for all that they say."""


@pytest.mark.engine
@pytest.mark.timeout(1)
def test_a_test_on_the_real_engine_has_time_for_all_its_commands(request: pytest.FixtureRequest) -> None:
    limit = request.node.get_closest_marker("timeout")
    assert limit is not None and limit.args[0] > COMMANDS * COMMAND_LIMIT


def test_another_test_has_the_limit_that_the_project_gives(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("timeout") is None
    assert int(request.config.getini("timeout")) == 600
