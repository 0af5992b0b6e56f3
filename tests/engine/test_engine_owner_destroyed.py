"""`pulumi destroy` of the stack that owns a trunk which another stack uses: the other's calls never end."""

from __future__ import annotations

import pytest

from tests.engine.conftest import OpenTheatre
from tests.engine.day import Day
from tests.engine.project import SECRETS, STACK
from tests.engine.reach import answered

pytestmark = pytest.mark.engine

OURS, THEIRS = "+16505551234", "+16505551235"
FILE = f"""\
version: 1
agents: {{support: {{agent_name: support-agent}}}}
trunks:
  twilio-us:
    provider: twilio
    domain_name: acme-us.pstn.twilio.com
    auth_username: livekit
    auth_password: {{secret: twilioTermination}}
    owner: {STACK}
numbers:
  ours: {{provider: twilio, phone_number: "{OURS}", agent: support, removal: release, stacks: [{STACK}]}}
  theirs: {{provider: twilio, phone_number: "{THEIRS}", agent: support, stacks: [other]}}
"""


@pytest.fixture
def day(open_theatre: OpenTheatre) -> Day:
    day = Day(open_theatre(FILE))
    day.run("up")
    project = day.theatre.project
    project.pulumi("stack", "init", "other")
    project.pulumi("config", "set", "--secret", "trunkline:twilioTermination", SECRETS["twilioTermination"])
    day.run("up")
    return day


def select(day: Day, stack: str) -> None:
    day.theatre.project.pulumi("stack", "select", stack)


def test_the_trunk_stays_with_its_route_until_the_other_stack_has_let_go(day: Day) -> None:
    assert answered(day.sandbox) == {OURS, THEIRS}
    select(day, STACK)

    for _ in range(2):
        failed = day.run("destroy", code=1)
        assert "still carries +16505551235, which this stack does not release" in failed.errors

    assert [cut.partition(",")[0] for cut in day.cut] == [OURS]
    assert (set(answered(day.sandbox)), day.released) == ({THEIRS}, [OURS])
    select(day, "other")
    day.run("preview", "--expect-no-changes")
    day.run(
        "up", file=FILE.replace("agent: support, stacks: [other]", "agent: support, removal: release, stacks: [other]")
    )
    day.run("destroy")
    select(day, STACK)
    day.run("destroy")
    assert (day.released, len(day.charged)) == ([OURS, THEIRS], 2)
    tables = ("trunks", "origination_urls", "credential_lists", "credentials", "trunk_lists")
    assert {name: len(day.sandbox.twilio.store.table(name)) for name in tables} == dict.fromkeys(tables, 0)
