"""On the real engine: a stack tagged for a fleet's name alone is taken over as it is, and retagged when told."""

from __future__ import annotations

import json

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.project import STACK, Project

pytestmark = pytest.mark.engine

LINE = """\
version: 1
agents:
  support: {agent_name: support-agent}
trunks:
  twilio-us:
    provider: twilio
    domain_name: acme-us.pstn.twilio.com
    auth_username: livekit
    auth_password: {secret: twilioTermination}
numbers:
  sales: {provider: twilio, phone_number: "+16505551234", agent: support}
"""
# What carries a tag, sorted.
KINDS = ("CredentialList", "DispatchRule", "InboundTrunk", "OriginationUrl", "OutboundTrunk", "PhoneNumber", "SipTrunk")


def as_the_last_version_made_it(project: Project) -> None:
    """Put the fleet's name alone into every tag, at the vendors and in the state."""
    world = json.dumps(project.sandbox.snapshot())
    project.sandbox.restore(json.loads(world.replace("trunkline:acme/test/", "trunkline:acme/")))
    path = project.directory / f"state/.pulumi/stacks/trunkline/{STACK}.json"
    state = json.loads(path.read_text().replace("trunkline:acme/test/", "trunkline:acme/"))
    for resource in state["checkpoint"]["latest"]["resources"]:
        for values in (resource.get("inputs", {}), resource.get("outputs", {})):
            values.pop("sharedTag", None)
            values.pop("scope", None)
    path.write_text(json.dumps(state))


def test_a_stack_of_the_last_version_under_a_shared_name_is_unchanged_until_it_is_retagged(
    make_project: MakeProject,
) -> None:
    project = make_project(LINE, fleet="acme")
    project.up()
    as_the_last_version_made_it(project)
    mark = project.sandbox.journal.mark()

    assert project.preview().steps == []
    assert project.up().steps == []
    assert project.writes(mark) == []

    project.pulumi("config", "set", "trunkline:retag", "true")
    steps = [step.split() for step in project.up().steps if step.split()[1] in KINDS]
    assert [step[:2] for step in steps] == [["update", kind] for kind in KINDS]
    assert all("tag" in step[3:] for step in steps)
    project.pulumi("config", "rm", "trunkline:retag")

    number = project.sandbox.twilio.number("+16505551234")
    assert number is not None
    assert number["friendly_name"] == "trunkline:acme/test/sales"
    # That a setting went is a step of the engine's own.
    assert [step for step in project.preview().steps if step.split()[1] in (*KINDS, "Fleet")] == []
