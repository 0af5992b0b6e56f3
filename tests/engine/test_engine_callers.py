"""Another agent for some callers, on the real engine: entries come, change, exchange their callers, and go."""

from __future__ import annotations

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.project import Project

pytestmark = pytest.mark.engine

A, B = "+13035550100", "+13035550101"
FILE = """\
version: 1
agents:
  desk: {{agent_name: desk-agent}}
  gold: {{agent_name: gold-agent}}
  late: {{agent_name: late-agent}}
trunks:
  us: {{provider: twilio, domain_name: acme-us.pstn.twilio.com}}
numbers:
  a: {{trunk: us, phone_number: "+16505551234", agent: desk, outbound: false{more}}}
"""
PLAIN = FILE.format(more="")


def file(more: str = "", **entries: str) -> str:
    said = ", ".join(f"{name}: {text}" for name, text in entries.items())
    return FILE.format(more=(f", callers: {{{said}}}" if said else "") + more)


def entry(caller: str, agent: str) -> str:
    return f'{{from: ["{caller}"], agent: {agent}}}'


def answered(project: Project) -> dict[str, tuple[list[str], list[str]]]:
    """Give whose rule -> whom it answers, and who is called."""
    return {
        str(rule["name"]).rpartition("/")[2]: (
            list(rule.get("inbound_numbers", ())),
            [agent["agent_name"] for agent in rule["room_config"]["agents"]],
        )
        for rule in project.sandbox.livekit.dispatch_rules()
    }


def test_entries_come_change_exchange_their_callers_and_go(make_project: MakeProject) -> None:
    project = make_project(PLAIN)
    project.up()
    project.write_inventory(file(vip=entry(A, "gold"), night=entry(B, "late")))
    shown = project.preview()
    project.up()
    came, mark = answered(project), project.sandbox.journal.mark()
    again, quiet = project.up(), project.writes(mark)
    rules = project.outputs()["lines"]["a"]["callerRules"]
    project.up(file(vip=entry(A, "late"), night=entry(B, "late")))
    changed = answered(project)
    project.up(file(vip=entry(B, "late"), night=entry(A, "late")))
    exchanged = answered(project)
    settled = project.up()
    project.up(file(night=entry(A, "late")))
    fewer = answered(project)
    project.up(file(", removal: release", night=entry(A, "late")))
    project.up("version: 1\nguard: {max_releases: 1}\nagents: {}\nnumbers: {}\n")

    desk: tuple[list[str], list[str]] = ([], ["desk-agent"])
    assert shown.steps == [
        "create CallerRule a+night",
        "create CallerRule a+vip",
        "update Fleet fleet callers recordForm",
    ]
    assert came == {"a": desk, "a+night": ([B], ["late-agent"]), "a+vip": ([A], ["gold-agent"])}
    assert (again.steps, quiet) == ([], [])
    assert [(one["name"], one["callers"], one["agent"], one["agentName"]) for one in rules] == [
        ("night", [B], "late", "late-agent"),
        ("vip", [A], "gold", "gold-agent"),
    ]
    assert all(one["dispatchRuleId"].startswith("SDR_") for one in rules)
    assert changed == {**came, "a+vip": ([A], ["late-agent"])}
    assert exchanged == {"a": desk, "a+night": ([A], ["late-agent"]), "a+vip": ([B], ["late-agent"])}
    assert (settled.steps, fewer) == ([], {"a": desk, "a+night": ([A], ["late-agent"])})
    assert answered(project) == {}
