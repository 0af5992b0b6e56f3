"""A saved plan on the real engine: applied as it was reviewed, and refused with what moved where something did."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.inventories import START
from tests.engine.project import SECRETS, STACK, Project
from tests.engine.stage import edited
from trunkline import approval
from trunkline.cli import apply, plan

pytestmark = pytest.mark.engine

REMAPPED = edited(START, "agent: sales\n    label", "agent: support\n    label")
GROWN = f"{REMAPPED}  near-us:\n    search: {{country: US, area_code: 212, type: local}}\n    agent: sales\n"


def command(project: Project, name: str, *arguments: str) -> int:
    main = {"plan": plan.main, "apply": apply.main}[name]
    return main((*arguments, "--cwd", str(project.directory)), project.environment)


def moved(capfd: pytest.CaptureFixture[str]) -> list[str]:
    """Give what was printed to have moved, each once: the engine tells an error where it is and at the end."""
    lines = (line.strip() for line in capfd.readouterr().out.splitlines())
    return list(dict.fromkeys(line for line in lines if line.startswith("- ")))


def test_a_saved_plan_is_applied_as_reviewed_or_not_at_all(
    make_project: MakeProject, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    project = make_project(START)
    journal, file = project.sandbox.journal, tmp_path / "plan.json"
    project.up()
    ids = project.ids()

    project.write_inventory(GROWN)
    assert command(project, "plan", "--stack", STACK, "--save", str(file)) == 2
    text = file.read_text()
    [bought] = json.loads(text)["page"]["bought"]
    assert [secret for secret in SECRETS.values() if secret in text] == []
    mark = journal.mark()
    assert command(project, "plan", "--check", str(file)) == 0

    # The file is another one.
    project.write_inventory(GROWN.replace("label: Sales, US", "label: Sales"))
    capfd.readouterr()
    assert command(project, "plan", "--check", str(file)) == 2
    assert moved(capfd) == [
        "- inbound trunk of sales-us, name: Sales, US => Sales, in the file or the settings",
        "- outbound trunk of sales-us, name: Sales, US => Sales, in the file or the settings",
    ]
    project.write_inventory(GROWN)

    # Somebody changed a trunk by hand.
    project.sandbox.livekit.edit_trunk(ids["InboundTrunk support-us"], krisp_enabled=True)
    assert command(project, "apply", str(file)) == 2
    assert moved(capfd) == ["- inbound trunk of support-us, krisp_enabled: false => true, at the vendor"]
    project.sandbox.livekit.edit_trunk(ids["InboundTrunk support-us"], krisp_enabled=False)
    assert journal.writes(mark) == []

    # Another update ran.
    project.up(edited(START, "label: Support, UK mobile", "label: Support, UK mobile\n    removal: keep"))
    project.write_inventory(GROWN)
    assert command(project, "apply", str(file)) == 2
    assert moved(capfd) == ["- line support-gb, removal: protect => keep, in the stack's record"]
    project.up(START)

    # Nothing has moved: exactly the number that was reviewed, although a search shows others by now.
    project.write_inventory(GROWN)
    assert command(project, "apply", str(file)) == 0
    assert capfd.readouterr().out.splitlines()[-1] == "Stack test: applied as approved."
    charges = [charge.number for charge in project.sandbox.ledger.charges()]
    assert (charges[-1], len(charges)) == (bought["number"], 4)

    # It is done: a second time it would be another update.
    assert command(project, "apply", str(file)) == 2
    assert "- line near-us: no line => a line, in the stack's record" in moved(capfd)


def test_a_plan_of_another_version_or_stack_or_edited_is_refused_before_anything(
    make_project: MakeProject, tmp_path: Path
) -> None:
    project, file = make_project(START), tmp_path / "plan.json"
    command(project, "plan", "--stack", STACK, "--save", str(file))
    text = file.read_text()
    saved = approval.read(text, str(file))
    mark = project.sandbox.journal.mark()

    refused = {
        "was changed after it was saved": json.dumps({**json.loads(text), "stack": "prod"}),
        "is no saved plan, or a part of one": text[:-3],
        "was saved by an older Trunkline, and this is": json.dumps({**json.loads(text), "trunklinePlan": 1}),
        "is the plan of stack prod of project trunkline, and this is test of trunkline": replace(
            saved, stack="prod"
        ).write(),
        "is the plan of stack test of project numbers, and this is test of trunkline": replace(
            saved, project="numbers"
        ).write(),
    }
    for said, other in refused.items():
        file.write_text(other)
        assert said in project.up(code=1, TRUNKLINE_APPROVED=str(file)).errors
    said = "TRUNKLINE_APPROVED is set and empty, as by a variable that did not expand; nothing was changed"
    assert said in project.up(code=1, TRUNKLINE_APPROVED="").errors
    # By the command the last of them, another project's, is an error too, and no move.
    assert command(project, "apply", str(file)) == 1

    assert project.sandbox.journal.entries(mark) == []


def test_a_plan_that_puts_drift_right_does_so_by_its_refresh_or_is_refused(
    make_project: MakeProject, tmp_path: Path
) -> None:
    project, file = make_project(START), tmp_path / "plan.json"
    project.up()
    trunk = project.ids()["InboundTrunk support-us"]
    project.sandbox.livekit.edit_trunk(trunk, krisp_enabled=True)
    assert command(project, "plan", "--stack", STACK, "--save", str(file)) == 2

    refused = project.engine("up", "--yes", "--skip-preview", "--refresh=false", code=1, TRUNKLINE_APPROVED=str(file))

    assert "Nothing was changed. Run it without `--refresh=false`." in refused.errors
    assert command(project, "apply", str(file)) == 0
    [mended] = [one for one in project.sandbox.livekit.inbound_trunks() if one["sip_trunk_id"] == trunk]
    assert not mended.get("krisp_enabled")
