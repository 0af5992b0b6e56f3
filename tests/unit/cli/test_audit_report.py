"""How findings are printed."""

from __future__ import annotations

import json

from trunkline.audit import report
from trunkline.audit.finding import Finding, Severity
from trunkline.comparison import LiveFinding

LIVE = LiveFinding(
    code="rule-catch-all",
    severity=Severity.WARNING,
    subject="SDR_1",
    message='DispatchRule SDR_1 ("a|b\x1b<i>") names no trunk',
    fix="name its trunks, or remove it",
    lines=("sales-us",),
    vendor="livekit",
    place="numbers.yaml:5",
)
STATE = Finding(code="update-failed", severity=Severity.ERROR, subject="7", message="the last update failed")


def test_as_text_with_the_place_where_there_is_one() -> None:
    assert report.text([STATE, LIVE]) == (
        "error   update-failed: the last update failed\n"
        'warning rule-catch-all: numbers.yaml:5: DispatchRule SDR_1 ("a|b?<i>") names no trunk; name its trunks, or'
        " remove it"
    )


def test_as_markdown_with_what_would_end_a_cell_escaped() -> None:
    assert report.markdown([LIVE]) == (
        "| severity | code | | vendor | place | what to do |\n|---|---|---|---|---|---|\n"
        '| warning | `rule-catch-all` | DispatchRule SDR_1 ("a\\|b?&lt;i>") names no trunk | livekit | numbers.yaml:5 |'
        " name its trunks, or remove it |"
    )


def test_as_json_with_vendor_and_place_where_a_finding_has_them() -> None:
    state = {
        "code": "update-failed", "severity": "error", "subject": "7", "message": "the last update failed", "fix": "",
        "lines": [], "amounts": {},
    }  # fmt: skip
    live = {
        "code": "rule-catch-all", "severity": "warning", "subject": "SDR_1", "message": LIVE.message, "fix": LIVE.fix,
        "lines": ["sales-us"], "amounts": {}, "vendor": "livekit", "place": "numbers.yaml:5",
    }  # fmt: skip
    assert json.loads(report.as_json([STATE, LIVE])) == [state, live]


def test_nothing_found_is_said() -> None:
    assert [report.text([]), report.as_json([]), report.markdown([])] == ["No findings.", "[]", "No findings."]
