"""After an update that did not end well the API serves what the resources say, and names where the outputs differ."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.api import credentials
from tests.api.serving import Fixed, client, entry, serve
from tests.state import fleet
from tests.state.overlaid import COMPLETE, SAID, Said, differs, left, remapped
from tests.state.state_file import written
from trunkline.api import create_app
from trunkline.audit.checks import findings
from trunkline.audit.finding import Finding, Severity
from trunkline.audit.fleet import AuditedFleet
from trunkline.calls import explain
from trunkline.changes import ChangeKind, between
from trunkline.outputs import Line
from trunkline.state import checkpoint
from trunkline.state.checkpoint import StackState


def test_a_complete_update_has_nothing_to_lay_over_its_outputs() -> None:
    state = checkpoint.parse(written(fleet.document(), SAID))
    assert (state.outputs, state.differences) == (fleet.outputs(), {})


def test_the_agent_of_the_rule_is_the_agent_of_the_line_and_counted_so() -> None:
    state = left(remapped)
    served = fleet.SALES.model_copy(update={"agent": "support", "agent_name": "support-agent"})
    assert state.outputs == fleet.outputs((served, fleet.SUPPORT, fleet.OFFICE))
    assert state.differences == {
        "sales-us": (differs("agent", "ag_550e8400", "support"), differs("agentName", "sales-agent", "support-agent"))
    }


CHANGES: Mapping[str, tuple[Callable[[dict[str, Said]], object], dict[str, Any]]] = {
    "an agent that the last complete update did not have": (
        lambda said: remapped(said, "new-agent"),
        {"agent": "", "agent_name": "new-agent"},
    ),
    "several agents, the line's among them": (
        lambda said: said["sales-us"]["DispatchRule"]["agents"].insert(0, {"agentName": "recorder"}),
        {"further_agents": ("recorder",)},
    ),
    "several agents, none of them the line's": (
        lambda said: said["sales-us"]["DispatchRule"].update(
            agents=[{"agentName": "support-agent"}, {"agentName": "recorder"}]
        ),
        {"agent": "support", "agent_name": "support-agent", "further_agents": ("recorder",)},
    ),
    "a rule that is gone": (
        lambda said: said["sales-us"].pop("DispatchRule"),
        {"agent": "", "agent_name": "", "dispatch_rule_id": ""},
    ),
    "other objects": (
        lambda said: [said["sales-us"][kind].update(vendorId="new") for kind in said["sales-us"]],
        {
            "inbound_trunk_id": "new",
            "outbound_trunk_id": "new",
            "dispatch_rule_id": "new",
            "number_id": "new",
            "calls_lost": "rule new does not answer trunk new: LiveKit drops the call with 486",
        },
    ),
    "other callers, networks and noise cancellation": (
        lambda said: said["sales-us"]["InboundTrunk"].update(
            allowedNumbers=["+13035550100"], allowedAddresses=["203.0.113.0/28"], krispEnabled=False
        ),
        {
            "allowed_callers": ("+13035550100",),
            "allowed_addresses": ("203.0.113.0/28",),
            "krisp_enabled": False,
        },
    ),
    "another address for calls out": (
        lambda said: said["sales-us"]["OutboundTrunk"].update(address="elsewhere.example.com"),
        {"sip_address": "elsewhere.example.com"},
    ),
    "the same address in other letters": (
        lambda said: said["sales-us"]["OutboundTrunk"].update(address=fleet.SALES.sip_address.upper()),
        {},
    ),
    "a trunk for calls out that says no address": (
        lambda said: said["sales-us"]["OutboundTrunk"].pop("address"),
        {},
    ),
    "a rule for some callers and numbers alone": (
        lambda said: said["sales-us"]["DispatchRule"].update(
            onlyCallers=["+13035550100"], onlyNumbers=["+16505550000"]
        ),
        {"only_callers": ("+13035550100",), "only_numbers": ("+16505550000",)},
    ),
    "a trunk without the number": (
        lambda said: said["sales-us"]["InboundTrunk"].update(numbers=["+16505550000"]),
        {
            "calls_lost": "trunk ST_in_sales does not list +16505551234: LiveKit finds no trunk and answers 404",
        },
    ),
    "a rule that names another trunk": (
        lambda said: said["sales-us"]["DispatchRule"].update(trunkIds=["ST_other"]),
        {"calls_lost": "rule SDR_sales does not answer trunk ST_in_sales: LiveKit drops the call with 486"},
    ),
    "a rule that names no trunk answers every one": (
        lambda said: said["sales-us"]["DispatchRule"].update(trunkIds=[]),
        {},
    ),
    "a number that is on no trunk of its carrier": (
        lambda said: said["sales-us"]["PhoneNumber"].update(trunkSid=""),
        {"calls_lost": "+16505551234 is on no trunk of its carrier: no call arrives"},
    ),
    "a number that is forwarded nowhere": (
        lambda said: said["sales-us"]["PhoneNumber"].update(sipUri=""),
        {"calls_lost": "+16505551234 is forwarded to nobody: no call arrives"},
    ),
    "a number of LiveKit's that is tied to another rule": (
        lambda said: said["sales-us"]["PhoneNumber"].update(dispatchRuleId="SDR_other"),
        {"calls_lost": "+16505551234 is tied to another rule, or to none: no call arrives"},
    ),
    "another number": (
        lambda said: said["sales-us"]["PhoneNumber"].update(phoneNumber="+16505550000", status="ordered"),
        {"phone_number": "+16505550000", "status": "ordered"},
    ),
    "a number that waits": (
        lambda said: said["sales-us"]["PhoneNumber"].update(status="pending", waitingFor="papers"),
        {"status": "pending", "waiting_for": "papers"},
    ),
    "a number that is gone": (
        lambda said: said["sales-us"]["PhoneNumber"].update(status="vanished"),
        {"status": "vanished"},
    ),
    "a number that stands in the state no more": (
        lambda said: said["sales-us"].pop("PhoneNumber"),
        {"status": "incomplete", "number_id": ""},
    ),
    "a rule that dispatches nobody": (
        lambda said: said["sales-us"]["DispatchRule"]["agents"].clear(),
        {"agent": "", "agent_name": ""},
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_resources_count(name: str) -> None:
    change, expected = CHANGES[name]
    assert left(change).lines["sales-us"] == fleet.SALES.model_copy(update=expected)


def test_an_old_object_that_is_still_to_be_deleted_says_nothing() -> None:
    data = written(fleet.document(), SAID)
    old = {
        "urn": "urn:old",
        "type": "pulumi-python:dynamic/trunkline:DispatchRule",
        "parent": "urn:pulumi:dev::fleet::trunkline:PhoneLine::sales-us",
        "delete": True,
        "outputs": {"vendorId": "SDR_old", "agents": []},
    }
    document = json.loads(data)
    document["checkpoint"]["latest"]["resources"].append(old)
    state = checkpoint.parse(json.dumps(document).encode())
    assert (state.lines, state.differences) == (COMPLETE.lines, {})


def test_lines_of_a_shared_trunk_have_its_objects_and_its_rules_agent() -> None:
    shared = {"inbound_trunk_id": "ST_pool", "outbound_trunk_id": "ST_pool_out", "dispatch_rule_id": "SDR_pool"}
    lines = [
        fleet.SALES.model_copy(update={**shared, "id": name, "phone_number": number, "number_id": f"PN_{name}"})
        for name, number in (("p1", "+16505551241"), ("p2", "+16505551242"))
    ]
    numbers = [line.phone_number for line in lines]
    objects: list[tuple[str, dict[str, Any]]] = [
        ("InboundTrunk", {"vendorId": "ST_pool", "numbers": numbers}),
        ("OutboundTrunk", {"vendorId": "ST_pool_out", "numbers": numbers}),
        ("DispatchRule", {"vendorId": "SDR_pool", "trunkIds": ["ST_pool"], "agents": [{"agentName": "night-agent"}]}),
    ]
    own = {line.id: {"PhoneNumber": fleet.resources(line)["PhoneNumber"]} for line in lines}
    state = checkpoint.parse(written(fleet.document(lines), own, objects))
    answered = {"agent": "night", "agent_name": "night-agent"}
    assert state.lines == {line.id: line.model_copy(update=answered) for line in lines}


def test_a_line_of_a_shared_custom_trunk_has_no_resource_of_its_own_and_is_there() -> None:
    shared = {"inbound_trunk_id": "ST_pbx", "outbound_trunk_id": "ST_pbx_out", "dispatch_rule_id": "SDR_pbx"}
    pbx, gone = (
        fleet.OFFICE.model_copy(update={**shared, "id": name, "phone_number": number})
        for name, number in (("pbx", "+442071234568"), ("gone", "+442071234569"))
    )
    objects: list[tuple[str, dict[str, Any]]] = [
        ("InboundTrunk", {"vendorId": "ST_pbx", "numbers": [pbx.phone_number]}),
        ("OutboundTrunk", {"vendorId": "ST_pbx_out", "numbers": [pbx.phone_number]}),
        ("DispatchRule", {"vendorId": "SDR_pbx", "trunkIds": ["ST_pbx"], "agents": [{"agentName": pbx.agent_name}]}),
    ]
    state = checkpoint.parse(written(fleet.document((pbx, gone)), {}, objects))
    assert (state.lines, state.differences) == ({"pbx": pbx}, {"gone": (differs("line", gone.phone_number, ""),)})


def test_a_line_of_which_nothing_stands_is_served_no_more() -> None:
    state = left(lambda said: said.pop("sales-us"))
    assert state.outputs == fleet.outputs((fleet.SUPPORT, fleet.OFFICE))
    assert state.differences == {"sales-us": (differs("line", "+16505551234", ""),)}


def diverged(state: StackState) -> Iterable[Finding]:
    found = findings(AuditedFleet(outputs=state.outputs, differences=state.differences))
    return [finding for finding in found if finding.code == "line-diverged"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            remapped,
            'sales-us is not as the last complete update left it: agent is "support", not "ag_550e8400";'
            ' agentName is "support-agent", not "sales-agent"',
        ),
        (
            lambda said: said.pop("sales-us"),
            "the outputs list sales-us (+16505551234), of which nothing stands in the state any more",
        ),
    ],
    ids=["remapped", "gone"],
)
def test_an_audit_names_each_line_that_differs(change: Callable[[dict[str, Said]], object], message: str) -> None:
    assert diverged(left(change)) == [
        Finding(
            code="line-diverged",
            severity=Severity.ERROR,
            subject="sales-us",
            message=message,
            fix="read in `pulumi preview` what would put it right, and run `pulumi up` until it succeeds",
            lines=("sales-us",),
        )
    ]


def test_a_failed_update_applies_a_line_partly_and_one_that_succeeds_changes_it() -> None:
    after = left(remapped)
    kinds = {
        failed: [(change.line, change.kind) for change in between(COMPLETE.lines, after.lines, after.unlisted, partly)]
        for failed, partly in ((True, after.differences), (False, ()))
    }
    assert kinds == {True: [("sales-us", ChangeKind.PARTLY_APPLIED)], False: [("sales-us", ChangeKind.CHANGED)]}


def test_every_answer_after_a_failed_update_tells_who_answers(tmp_path: Path) -> None:
    after = left(remapped)
    entries = (entry(1, StackState(outputs=fleet.outputs(())), COMPLETE), entry(2, COMPLETE, after, result="failed"))
    app = create_app(Fixed(after, entries), credentials.auth(tmp_path), explain=explain.for_api({}))
    with serve(app) as url, client(url) as api:
        line, heard, update, ready, agents, audit = (
            api.get(path).json()
            for path in (
                "/sip/sales-us",
                "/explain?to=%2B16505551234",
                "/history/2",
                "/readyz",
                "/agents",
                "/audit?code=last-change",
            )
        )
    assert (line["agent"], heard["agentName"]) == ("support", "support-agent")
    assert [(change["line"], change["kind"]) for change in update["changes"]] == [("sales-us", "partly-applied")]
    assert (ready["divergedLines"], ready["unlistedLines"], "sales-us" in str(ready)) == (1, 0, False)
    assert {agent["id"]: agent["lines"] for agent in agents["agents"]} == {
        "ag_550e8400": [],
        "night": [],
        "support": ["sales-us", "support-de", "uk-office"],
    }
    assert {one["subject"]: one["lines"] for one in audit["findings"]} == {
        "2026-01-02T00:00:00Z": ["sales-us"],
        "2026-01-01T00:00:00Z": ["support-de", "uk-office"],
    }


def test_only_what_may_be_known_is_said_of_an_agent_whose_name_two_have() -> None:
    said = copy.deepcopy(SAID)
    remapped(said, "support-agent")
    names = {**fleet.AGENT_NAMES, "support-nights": "support-agent"}
    document = fleet.outputs(agents=names).model_dump(mode="json", by_alias=True)
    served: Mapping[str, Line] = checkpoint.parse(written(document, said)).lines
    assert (served["sales-us"].agent, served["sales-us"].agent_name) == ("", "support-agent")
