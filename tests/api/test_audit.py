"""The findings, and the command that prints them."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from tests.state import fleet
from tests.state.state_file import STATE, checkpoint, put
from trunkline.audit.checks import CHECKS, findings
from trunkline.audit.finding import Finding, Severity
from trunkline.audit.fleet import AuditedFleet, LastUpdate
from trunkline.cli import audit as command
from trunkline.errors import SettingsError
from trunkline.outputs import Line, Neighbour, Summary

SALES = fleet.SALES


def found(*lines: Line, code: str, agents: dict[str, str] | None = None) -> list[Finding]:
    return [each for each in findings(AuditedFleet(outputs=fleet.outputs(lines, agents or {}))) if each.code == code]


def test_a_line_that_nobody_answers_is_found() -> None:
    silent = SALES.model_copy(update={"agent": "", "agent_name": ""})
    outbound = silent.model_copy(update={"id": "out", "inbound": False})
    assert found(SALES.model_copy(update={"id": "ok"}), silent, outbound, code="line-without-agent") == [
        Finding(
            code="line-without-agent",
            severity=Severity.WARNING,
            subject="sales-us",
            message="nobody answers +16505551234",
            fix="set `agent:` of numbers.sales-us, or `inbound: false`",
            lines=("sales-us",),
        )
    ]


def test_an_agent_without_lines_is_found() -> None:
    assert [each.subject for each in found(SALES, code="agent-without-lines", agents=fleet.AGENT_NAMES)] == [
        "night",
        "support",
    ]


def test_an_agent_on_one_carrier_is_found_and_one_on_two_is_not() -> None:
    assert [(each.subject, each.lines) for each in found(*fleet.LINES, code="agent-on-one-carrier")] == [
        ("ag_550e8400", ("sales-us",))
    ]


def test_costs_are_summed_exactly_by_tag_and_currency() -> None:
    lines = [SALES.model_copy(update={"id": f"l{number}", "monthly_cost": SALES.monthly_cost}) for number in range(3)]
    untagged = SALES.model_copy(update={"id": "plain", "tags": {}})
    assert [(each.subject, each.amounts) for each in found(*lines, untagged, code="cost-by-tag")] == [
        ("team=growth", {"USD": "3.45"})
    ]
    assert [each.amounts for each in found(*lines, untagged, code="cost-untagged")] == [{"USD": "1.15"}]


def test_lines_of_unknown_cost_are_found_but_not_custom_ones() -> None:
    assert [each.lines for each in found(*fleet.LINES, code="cost-unknown")] == [("support-de",)]


def test_what_is_protected_kept_or_marked_for_release_is_said() -> None:
    kept = SALES.model_copy(update={"id": "kept", "removal": "keep"})
    audit = findings(AuditedFleet(outputs=fleet.outputs((*fleet.LINES, kept))))
    assert [(each.code, each.severity.value, each.lines) for each in audit if each.code.startswith("removal")] == [
        ("removal-release", "warning", ("support-de",)),
        ("removal-keep", "info", ("kept",)),
        ("removal-protect", "info", ("sales-us", "uk-office")),
    ]


@pytest.mark.parametrize(
    ("code", "severity"),
    [
        ("foreign-rule", "error"),
        ("second-trunk", "error"),
        ("foreign-origination", "error"),
        ("foreign-failover", "warning"),
        ("foreign-credentials", "warning"),
        ("foreign-addresses", "warning"),
        ("foreign-user", "warning"),
        ("accepted-not-there", "warning"),
        ("a-code-of-a-later-version", "warning"),
    ],
)
def test_what_stands_beside_a_line_is_found(code: str, severity: str) -> None:
    beside = Neighbour(code=code, id="SDR_1", lines=("sales-us",), message="DispatchRule SDR_1 takes calls.")
    (finding,) = beside_sales(beside)
    assert (finding.code, finding.severity, finding.subject) == (code, severity, "SDR_1")
    assert (finding.message, finding.lines) == ("DispatchRule SDR_1 takes calls", ("sales-us",))


def test_what_the_file_accepts_is_listed_with_its_reason() -> None:
    beside = Neighbour(
        code="foreign-rule", id="SDR_1", lines=("sales-us",), message="It takes calls.", accepted="a canary"
    )
    assert beside_sales(beside) == [
        Finding(
            code="neighbour-accepted",
            severity=Severity.INFO,
            subject="SDR_1",
            message="It takes calls. Accepted: a canary",
            lines=("sales-us",),
        )
    ]


def beside_sales(*neighbours: Neighbour) -> list[Finding]:
    outputs = fleet.outputs((SALES,)).model_copy(update={"neighbours": neighbours})
    return [each for each in findings(AuditedFleet(outputs=outputs)) if each.subject == "SDR_1"]


def test_a_number_that_vanished_is_an_error() -> None:
    gone = SALES.model_copy(update={"status": "vanished"})
    assert [(each.severity, each.lines) for each in found(gone, code="number-vanished")] == [
        (Severity.ERROR, ("sales-us",))
    ]


def test_a_number_that_is_on_order_or_not_active_yet_is_a_warning_that_says_what_it_waits_for() -> None:
    ordered = SALES.model_copy(update={"status": "ordered"})
    pending = SALES.model_copy(update={"status": "pending", "waiting_for": 'status "pending-address"'})
    assert [(each.severity, each.message) for each in found(ordered, code="number-ordered")] == [
        (Severity.WARNING, "+16505551234 was ordered at twilio, whose account does not show it yet")
    ]
    assert [(each.severity, each.message) for each in found(pending, code="number-pending")] == [
        (
            Severity.WARNING,
            '+16505551234 is in the account of twilio, but not active yet: it waits for status "pending-address"',
        )
    ]


def test_a_failed_update_and_what_it_left_out_are_errors() -> None:
    last = LastUpdate(id="9", result="failed", ended="2026-01-01T00:00:00Z")
    audit = findings(
        AuditedFleet(
            outputs=fleet.outputs((SALES, fleet.OFFICE)), unlisted={"uk-office": ("urn:a", "urn:b")}, last=last
        )
    )
    errors = [(each.code, each.subject) for each in audit if each.severity is Severity.ERROR]
    assert errors == [("update-failed", "9"), ("line-unlisted", "uk-office")]
    assert audit[1].message == "the state holds uk-office (2 resources), and the stack's outputs lack it"


def test_an_unlisted_line_is_one_sentence_without_urns() -> None:
    line = "urn:pulumi:dev::trunkline::trunkline:PhoneLine"
    kinds = ("InboundTrunk", "OutboundTrunk", "DispatchRule", "PhoneNumber")
    urns = tuple(f"{line}$pulumi-python:dynamic/trunkline:{kind}::sales-us" for kind in kinds)
    (finding,) = findings(AuditedFleet(outputs=fleet.outputs((), {}), unlisted={"sales-us": urns}))
    assert finding.message == (
        "the state holds sales-us (4 resources: DispatchRule, InboundTrunk, OutboundTrunk, PhoneNumber),"
        " and the stack's outputs lack it"
    )


def test_no_agent_is_asked_for_where_the_file_may_have_no_such_line() -> None:
    left = SALES.model_copy(update={"agent": "", "agent_name": "", "status": "incomplete"})
    audit = findings(AuditedFleet(outputs=fleet.outputs((left,), {}), unlisted={"sales-us": ("urn:a",)}))
    told = [(each.code, each.fix) for each in audit if each.severity is not Severity.INFO]
    assert told == [
        (
            "line-unlisted",
            "run `pulumi up` until it succeeds: then it is listed if the file has it, and gone if not",
        ),
        ("line-without-agent", "run `pulumi up` until it succeeds"),
    ]


def test_a_number_that_vanished_costs_nothing() -> None:
    gone = SALES.model_copy(update={"id": "gone", "status": "vanished"})
    unpriced = gone.model_copy(update={"id": "unpriced", "monthly_cost": None})
    assert [each.amounts for each in found(SALES, gone, unpriced, code="cost-by-tag")] == [{"USD": "1.15"}]
    assert found(gone, unpriced, code="cost-by-tag") == found(gone, unpriced, code="cost-unknown") == []
    summary = Summary.of((SALES, gone, unpriced))
    assert (summary.lines, summary.monthly_cost, summary.unknown_cost) == (3, {"USD": "1.15"}, ())


def test_last_changes_are_grouped_newest_first() -> None:
    changed = {"sales-us": "2026-01-01T00:00:00Z", "uk-office": "2026-01-02T00:00:00Z", "gone": "2026-01-03T00:00:00Z"}
    audit = findings(AuditedFleet(outputs=fleet.outputs(), changed=changed))
    assert [(each.subject, each.lines) for each in audit if each.code == "last-change"] == [
        ("2026-01-02T00:00:00Z", ("uk-office",)),
        ("2026-01-01T00:00:00Z", ("sales-us",)),
    ]


def test_an_empty_fleet_has_no_findings() -> None:
    assert findings(AuditedFleet(outputs=fleet.outputs((), {}))) == ()
    assert len(CHECKS) == len(set(CHECKS))


def test_the_api_gives_the_same_findings_and_filters_them(developer: httpx.Client) -> None:
    audit = developer.get("/audit").json()["findings"]
    assert [each["code"] for each in audit] == [
        "agent-without-lines",
        "agent-on-one-carrier",
        "cost-unknown",
        "cost-by-tag",
        "removal-release",
        "removal-protect",
        "last-change",
        "last-change",
    ]
    assert developer.get("/audit?severity=warning").json()["findings"] == [
        e for e in audit if e["severity"] == "warning"
    ]
    assert developer.get("/audit?code=cost-unknown").json()["findings"] == [
        e for e in audit if e["code"] == "cost-unknown"
    ]


def run(folder: Path, *arguments: str) -> int:
    return command.main(("--stack", "organization/fleet/dev", *arguments), {"PULUMI_BACKEND_URL": f"file://{folder}"})


def test_the_command_ends_with_2_for_findings_and_prints_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, STATE, checkpoint(fleet.LINES))
    assert run(tmp_path) == 2
    assert capsys.readouterr().out.splitlines()[0] == (
        "warning agent-without-lines: the agent night answers no line;"
        " give a line `agent: night`, or remove it from agents"
    )
    assert run(tmp_path, "--json", "--all") == 2
    assert [each["code"] for each in json.loads(capsys.readouterr().out)][-1] == "removal-protect"


def test_the_command_ends_with_0_where_there_is_nothing_to_mend(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, STATE, b'{"version":3,"checkpoint":{}}')
    assert run(tmp_path) == 0
    assert capsys.readouterr().out == "No findings.\n"


def test_the_command_says_all_that_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="set TRUNKLINE_STACK or PULUMI_STACK") as told:
        command.main(("--cwd", str(tmp_path)), {"PULUMI_HOME": str(tmp_path)})
    assert [problem.rule for problem in told.value.problems] == ["stack-missing", "project-missing", "backend-missing"]


def test_the_command_takes_the_stack_that_pulumi_would_take(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path, STATE, checkpoint(fleet.LINES))
    (tmp_path / "Pulumi.yaml").write_text("name: fleet\nruntime: python\n")
    for name in ("dev", "organization/dev", "organization/fleet/dev"):
        environ = {"PULUMI_BACKEND_URL": f"file://{tmp_path}", "PULUMI_STACK": name}
        assert command.main(("--cwd", str(tmp_path)), environ) == 2
    assert "agent-without-lines" in capsys.readouterr().out
