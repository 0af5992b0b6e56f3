"""Lines of which some callers have an agent of their own, for tests, and what LiveKit has of them then."""

from __future__ import annotations

from typing import Any

from tests.support.world import Stack

A, B, C = "+13035550100", "+13035550101", "+13035550102"
TAG = "trunkline:acme/test"
HEAD = """\
version: 1
guard: {max_releases: 2}
agents:
  desk: {agent_name: desk-agent}
  gold: {agent_name: gold-agent, metadata: {tier: gold}}
  billing: {agent_name: billing-agent}
trunks:
  us: {provider: twilio, domain_name: acme-us.pstn.twilio.com}
  pbx: {provider: custom, sip_address: sip.example.com, transport: tls}
numbers:
"""
LINE = '  a: {{trunk: us, phone_number: "+16505551234", agent: desk, outbound: false{more}}}\n'
PBX = '  p: {{trunk: pbx, phone_number: "+442071234567", agent: desk, outbound: false{more}}}\n'


def entry(*callers: str, agent: str = "gold") -> str:
    """Give what an entry says."""
    listed = ", ".join(f'"{one}"' for one in callers)
    return f"{{from: [{listed}], agent: {agent}}}"


def said(**entries: str) -> str:
    """Give a line's `callers`."""
    rows = ", ".join(f"{name.replace('_', '-')}: {text}" for name, text in entries.items())
    return f", callers: {{{rows}}}" if entries else ""


def file(*, line: str = LINE, more: str = "", **entries: str) -> str:
    """Give a file with one line and its entries."""
    return HEAD + line.format(more=said(**entries) + more)


def rules(stack: Stack) -> dict[str, tuple[list[str], list[str]]]:
    """Give tag -> whom the rule answers ([] for all) and who is called, of all dispatch rules."""
    found = sorted(stack.world.process().adapter("DispatchRule").list(), key=lambda one: one.tag)
    assert len({one.tag for one in found}) == len(found)
    return {
        one.tag.removeprefix(f"{TAG}/"): (
            list(one.every["onlyCallers"]),
            [agent["agentName"] for agent in one.props["agents"]],
        )
        for one in found
    }


def trunks_of(stack: Stack) -> dict[str, Any]:
    """Give tag -> the trunks that the rule answers."""
    found = stack.world.process().adapter("DispatchRule").list()
    return {one.tag.removeprefix(f"{TAG}/"): one.props["trunkIds"] for one in found}


def written(stack: Stack, text: str) -> list[str]:
    """Preview and apply; give the writes, which a preview must not have."""
    stack.world.sandbox.journal.clear()
    stack.preview(text)
    assert stack.world.writes() == []
    stack.up(text)
    return stack.world.writes()
