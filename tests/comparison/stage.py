"""Sides to compare: of a few objects made by hand, and of a stack in the model."""

from __future__ import annotations

from typing import Any

from tests.dump.proof import hold
from tests.support.model_engine import Engine
from tests.support.world import World
from trunkline.comparison import CODES, LiveFinding, Sides, compare
from trunkline.dump import HeldNumber, Holdings, LiveObject
from trunkline.inventory import parse
from trunkline.outputs import Line
from trunkline.plan import LineFacts, Plan

SCOPE, NUMBER, CALLER = "acme/test", "+16505551234", "+13035550100"
TAG = f"trunkline:{SCOPE}/sales-us"
OTHER = "+16505550199"
ALIEN = "trunkline:other/prod/desk"
HERE: dict[str, Any] = {"lines": ("sales-us",), "place": "numbers.yaml:5"}
SILENT = frozenset({"trunk-foreign", "agent-unreached"})
FILE = f"""\
version: 1
agents:
  sales: {{agent_name: sales-agent}}
numbers:
  sales-us:
    phone_number: "{NUMBER}"
    agent: sales
    provider: custom
    sip_address: sip.example.com
    allowed_callers: ["{CALLER}"]
"""
LINE = Line(
    id="sales-us", phone_number=NUMBER, provider="custom", country="US", agent="sales", agent_name="sales-agent",
    inbound_trunk_id="ST_in", outbound_trunk_id="ST_out", dispatch_rule_id="SDR_1", acquired="custom",
)  # fmt: skip


def inbound(id: str = "ST_in", tag: str = TAG, **props: Any) -> LiveObject:
    given = {
        "name": "", "numbers": [NUMBER], "allowedAddresses": ["203.0.113.0/28"], "allowedNumbers": [],
        "authUsername": "", "authPassword": "",
    }  # fmt: skip
    return LiveObject(id=id, tag=tag, props={**given, **props})


def outbound(id: str = "ST_out", tag: str = TAG, **props: Any) -> LiveObject:
    given = {
        "name": "",
        "numbers": [NUMBER],
        "address": "sip.example.com",
        "authUsername": "pbx",
        "authPassword": "canary-1",
    }
    return LiveObject(id=id, tag=tag, props={**given, **props})


def rule(id: str = "SDR_1", tag: str = TAG, *, agent: str = "sales-agent", **more: Any) -> LiveObject:
    also = {"form": "individual", "room": "call-", "pin": "", "callers": [], "numbers": [], **more.pop("also", {})}
    agents = [{"agentName": agent, "metadata": ""}] if agent else []
    return LiveObject(id=id, tag=tag, props={"trunkIds": ["ST_in"], "agents": agents, **more}, also=also)


def live(**given: Any) -> Holdings:
    """What LiveKit has of the line, and what is given in its place."""
    usual: dict[str, Any] = {
        "inbound": (inbound(),),
        "outbound": (outbound(),),
        "rules": (rule(),),
        "accounts": {"livekit": "acme.livekit.cloud", "twilio": "AC1"},
    }
    return Holdings(**{**usual, **given})


def sides(**given: Any) -> Sides:
    """A line that is everywhere as it should be, and what is given in place of that."""
    usual: dict[str, Any] = {
        "live": live(),
        "file": parse(FILE, "numbers.yaml"),
        "lines": {"sales-us": LINE},
        "held": frozenset({"ST_in", "ST_out", "SDR_1"}),
        "scopes": frozenset({SCOPE}),
        "passwords": {"ST_out": "canary-1"},
    }
    return Sides(**{**usual, **given})


def number(number: str = "+16505550199", **given: Any) -> HeldNumber:
    return HeldNumber(**{"provider": "twilio", "number": number, **given})


def of_stack(world: World, engine: Engine, plan: Plan, text: str) -> Sides:
    """Give file, state and live systems of a stack that was applied in the model."""
    resources = engine.state.resources
    ids = {key: str(one.outputs.get("vendorId") or one.id) for key, one in resources.items()}
    passwords = {
        ids[key]: str(one.outputs["authPassword"])
        for key, one in resources.items()
        if "authPassword" in one.outputs and "authPassword" not in one.outputs.get("unmanaged", ())
    }
    return Sides(
        live=hold(world),
        file=parse(text, "numbers.yaml"),
        lines={name: _line(facts, ids) for name, facts in plan.lines.items()},
        held=frozenset(ids.values()),
        scopes=frozenset({SCOPE}),
        passwords=passwords,
    )


def _line(facts: LineFacts, ids: dict[Any, str]) -> Line:
    line = facts.line
    return Line(
        id=line.name,
        phone_number=line.number,
        provider=line.provider,
        country=line.country,
        agent=facts.agent,
        agent_name=facts.agent_name,
        inbound=line.inbound,
        outbound=line.outbound,
        inbound_trunk_id=ids.get(facts.inbound_trunk, ""),
        outbound_trunk_id=ids.get(facts.outbound_trunk, ""),
        dispatch_rule_id=ids.get(facts.dispatch_rule, ""),
        acquired="custom" if line.provider == "custom" else "adopted",
    )


def found(given: Sides, *, but: frozenset[str] = frozenset()) -> list[LiveFinding]:
    """Compare, and leave out the findings of these codes."""
    return [one for one in compare(given) if one.code not in but]


def says(code: str, subject: str, message: str, fix: str, **more: Any) -> LiveFinding:
    """A finding of a code, with its severity; about LiveKit unless told otherwise."""
    given = {"vendor": "livekit", **more}
    return LiveFinding(code=code, severity=CODES[code], subject=subject, message=message, fix=fix, **given)
