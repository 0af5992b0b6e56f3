"""What a stack of several exports: of the file's agents its own, and those that nobody calls."""

from __future__ import annotations

from stacks.exports import _agents
from tests.support.world import site
from trunkline.inventory import parse
from trunkline.plan import compile_plan

FILE = """\
version: 1
agents:
  both: {agent_name: both-agent}
  eu: {agent_name: eu-agent}
  idle: {agent_name: idle-agent}
  us: {agent_name: us-agent}
  vip: {agent_name: vip-agent}
numbers:
  one: {provider: vonage, phone_number: "+447400551233", agent: eu, stacks: [eu]}
  two: {provider: vonage, phone_number: "+447400551234", agent: both, stacks: [eu]}
  three: {provider: vonage, phone_number: "+447400551235", agent: both, stacks: [us]}
  four:
    provider: vonage
    phone_number: "+447400551236"
    agent: us
    stacks: [us]
    callers: {vip: {from: ["+16505550001"], agent: vip}}
"""


def agents(stack: str) -> dict[str, list[str]]:
    inventory = parse(FILE, "numbers.yaml").for_stack(stack)
    return {name: list(one["lines"]) for name, one in _agents(inventory, compile_plan(inventory, site(stack))).items()}


def test_a_stack_has_the_agents_of_its_lines_and_those_that_no_line_of_the_file_calls() -> None:
    assert agents("eu") == {"both": ["two"], "eu": ["one"], "idle": []}
    assert agents("us") == {"both": ["three"], "idle": [], "us": ["four"], "vip": ["four"]}
