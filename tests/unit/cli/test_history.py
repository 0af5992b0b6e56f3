"""`trunkline history`: who answered a line when, by which update and commit, from the stack's backend."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.state import state_file
from tests.state.fleet import OFFICE, SALES
from trunkline.cli import history
from trunkline.errors import Refusal
from trunkline.outputs import Line

HISTORY = ".pulumi/history/fleet/dev/dev-{}.{}.json"
LATE = SALES.model_copy(update={"agent": "support", "agent_name": "support-agent", "allowed_callers": ("+1303",)})
# Number -> the lines that the update left, and what Pulumi recorded of it.
UPDATES: dict[int, tuple[list[Line], dict[str, Any]]] = {
    1: ([OFFICE], {"result": "succeeded"}),
    2: (
        [OFFICE, SALES],
        {
            "result": "succeeded",
            "environment": {"git.author": "Ada", "git.head": "a1b2c3d4e5f6a7b8", "git.dirty": "true"},
        },
    ),
    3: ([OFFICE, SALES.model_copy(update={"label": "Sales"})], {"result": "succeeded"}),
    4: (
        [OFFICE, LATE.model_copy(update={"label": "Sales"})],
        {
            "result": "failed",
            "environment": {"git.author": "Bo", "git.head": "ffff", "ci.system": "GitHub Actions", "ci.build.id": "7"},
        },
    ),
}


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.chdir(tmp_path)
    for number, (lines, said) in UPDATES.items():
        record = {"kind": "update", "startTime": number * 60 - 30, "endTime": number * 60, **said}
        state_file.put(tmp_path, HISTORY.format(number, "history"), json.dumps(record).encode())
        state_file.put(tmp_path, HISTORY.format(number, "checkpoint"), state_file.checkpoint(lines))
        state_file.put(tmp_path, state_file.STATE, state_file.checkpoint(lines))
    return {"PULUMI_BACKEND_URL": f"file://{tmp_path}", "TRUNKLINE_STACK": "organization/fleet/dev"}


@pytest.mark.parametrize("named", ["sales-us", "+16505551234", "PN0001"])
def test_a_line_s_history_says_who_answered_when_and_what_else_changed(
    named: str, environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert history.main([named], environ) == 0
    assert (
        capsys.readouterr().out
        == """\
sales-us  +16505551234
Answered by:
  since 1970-01-01T00:04:00Z: support-agent (key support), update 4 (failed), commit ffff, Bo, run by GitHub Actions 7
  since 1970-01-01T00:02:00Z until 1970-01-01T00:04:00Z: sales-agent (key ag_550e8400), update 2, commit a1b2c3d4e5f6 \
with changes that were not committed, Ada
Changes, newest first:
  1970-01-01T00:04:00Z  changed, update 4 (failed), commit ffff, Bo, run by GitHub Actions 7
    agent: "ag_550e8400" => "support"
    agentName: "sales-agent" => "support-agent"
    allowedCallers: - [] + ["+1303"]
  1970-01-01T00:03:00Z  changed, update 3
    label: "Sales, US" => "Sales"
  1970-01-01T00:02:00Z  added, update 2, commit a1b2c3d4e5f6 with changes that were not committed, Ada
"""
    )


def test_json_has_the_periods_and_the_updates_as_the_api_has_them(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert history.main(["sales-us", "--json"], environ) == 0
    document = json.loads(capsys.readouterr().out)

    assert {key: value for key, value in document.items() if key != "updates"} == {
        "line": "sales-us",
        "number": "+16505551234",
        "complete": True,
        "answered": [
            {
                "agent": "support",
                "agentName": "support-agent",
                "since": "1970-01-01T00:04:00Z",
                "until": None,
                "update": "4",
                "commit": "ffff",
            },
            {
                "agent": "ag_550e8400",
                "agentName": "sales-agent",
                "since": "1970-01-01T00:02:00Z",
                "until": "1970-01-01T00:04:00Z",
                "update": "2",
                "commit": "a1b2c3d4e5f6a7b8",
            },
        ],
    }
    assert [(update["id"], update["changes"][0]["kind"]) for update in document["updates"]] == [
        ("4", "changed"),
        ("3", "changed"),
        ("2", "added"),
    ]
    assert document["updates"][1]["changes"] == [
        {"line": "sales-us", "kind": "changed", "fields": {"label": {"before": "Sales, US", "after": "Sales"}}}
    ]


def test_of_a_line_that_is_gone_the_updates_on_record_are_told(
    environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = {"kind": "update", "startTime": 270, "endTime": 300, "result": "succeeded"}
    state_file.put(tmp_path, HISTORY.format(5, "history"), json.dumps(record).encode())
    for key in (HISTORY.format(5, "checkpoint"), state_file.STATE):
        state_file.put(tmp_path, key, state_file.checkpoint([OFFICE]))

    assert history.main(["sales-us"], environ) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[:3] == ["sales-us", "Answered by:", "  since 1970-01-01T00:05:00Z: nobody, update 5"]
    assert "  1970-01-01T00:05:00Z  removed, update 5" in shown


def test_what_is_not_on_record_is_said(
    environ: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in (1, 2):
        (tmp_path / HISTORY.format(number, "checkpoint")).unlink()

    assert history.main(["sales-us"], environ) == 0
    shown = capsys.readouterr().out
    assert "  before until 1970-01-01T00:04:00Z: sales-agent (key ag_550e8400)\n" in shown
    assert shown.endswith("What some older updates changed is not on record, or was not read.\n")


def test_a_line_that_never_was_is_refused(environ: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refused:
        history.main(["none"], environ)

    assert str(refused.value) == (
        'no line of the stack has the name, number or id "none" for itself, and no update on record changed a line of'
        " that name. Nothing was changed; `trunkline audit --all` names lines."
    )
