"""Lines and outputs for the tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from trunkline.outputs import Agent, Cost, Line, StackOutputs, Summary, to_json

SALES = Line(
    id="sales-us",
    phone_number="+16505551234",
    provider="twilio",
    country="US",
    label="Sales, US",
    tags={"team": "growth"},
    agent="ag_550e8400",
    agent_name="sales-agent",
    sip_address="acme-us.pstn.twilio.com",
    krisp_enabled=True,
    inbound_trunk_id="ST_in_sales",
    outbound_trunk_id="ST_out_sales",
    dispatch_rule_id="SDR_sales",
    number_id="PN0001",
    monthly_cost=Cost(amount="1.15", currency="USD"),
    acquired="purchased",
)
SUPPORT = Line(
    id="support-de",
    phone_number="+493012345678",
    provider="vonage",
    country="DE",
    agent="support",
    agent_name="support-agent",
    sip_address="sip.nexmo.com",
    inbound_trunk_id="ST_in_support",
    outbound_trunk_id="ST_out_support",
    dispatch_rule_id="SDR_support",
    number_id="493012345678",
    acquired="adopted",
    removal="release",
)
OFFICE = Line(
    id="uk-office",
    phone_number="+442071234567",
    provider="custom",
    country="GB",
    label="=UK Office Line",
    agent="support",
    agent_name="support-agent",
    sip_address="custom-sip.provider.com",
    inbound_trunk_id="ST_in_office",
    outbound_trunk_id="ST_out_office",
    dispatch_rule_id="SDR_office",
    acquired="custom",
)
LINES = (SALES, SUPPORT, OFFICE)
AGENT_NAMES = {"ag_550e8400": "sales-agent", "support": "support-agent", "night": "night-agent"}


def outputs(lines: Iterable[Line] = LINES, agents: Mapping[str, str] | None = None) -> StackOutputs:
    """The outputs of a stack with these lines."""
    ordered = sorted(lines, key=lambda line: line.id)
    names = AGENT_NAMES if agents is None else agents
    return StackOutputs(
        inventory_digest="sha256:0123",
        summary=Summary.of(ordered),
        agents={
            id: Agent(id=id, agent_name=name, lines=tuple(line.id for line in ordered if line.agent == id))
            for id, name in names.items()
        },
        lines={line.id: line for line in ordered},
    )


def document(lines: Iterable[Line] = LINES) -> dict[str, Any]:
    """The same as the JSON that the program exports."""
    return to_json(outputs(lines))


def resources(line: Line) -> dict[str, dict[str, Any]]:
    """What the resources of a line say in the state, by kind."""
    agents = [{"agentName": line.agent_name, "metadata": ""}]
    claims = "" if line.provider == "custom" else line.provider
    trunk = {"name": line.label or line.id, "numbers": [line.phone_number]}
    number = {"provider": line.provider, "country": line.country, "removal": line.removal}
    cost = line.monthly_cost and to_json(line.monthly_cost)
    said: dict[str, dict[str, Any]] = {
        "InboundTrunk": {
            **trunk,
            "vendorId": line.inbound_trunk_id,
            "claims": claims,
            "krispEnabled": line.krisp_enabled,
        },
        "OutboundTrunk": {**trunk, "vendorId": line.outbound_trunk_id, "address": line.sip_address},
        "DispatchRule": {"vendorId": line.dispatch_rule_id, "trunkIds": [line.inbound_trunk_id], "agents": agents},
        "PhoneNumber": {
            **number,
            "vendorId": line.number_id,
            "phoneNumber": line.phone_number,
            "status": line.status,
            "monthlyCost": cost,
            "adopt": line.acquired == "adopted",
        },
    }
    return {kind: outputs for kind, outputs in said.items() if outputs["vendorId"]}


def many(count: int) -> tuple[Line, ...]:
    """A large fleet: four providers' worth of values, every line different."""
    countries, providers = ("US", "GB", "DE", "FR"), ("twilio", "vonage", "custom")
    return tuple(
        SALES.model_copy(
            update={
                "id": f"line-{number:06}",
                "phone_number": f"+1650{number:07}",
                "provider": providers[number % 3],
                "country": countries[number % 4],
                "label": f"Line {number * 7919 % count} of team {number % 50}",
                "tags": {"team": f"t{number % 50}", "site": f"s{number % 7}"},
                "agent": f"agent-{number % 200}",
                "agent_name": f"livekit-agent-{number % 200}",
                "number_id": f"PN{number:06}",
                "inbound_trunk_id": f"ST_in_{number}",
                "outbound_trunk_id": f"ST_out_{number}",
                "dispatch_rule_id": f"SDR_{number}",
            }
        )
        for number in range(count)
    )
