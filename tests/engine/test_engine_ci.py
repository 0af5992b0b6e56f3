"""The scripts of docs/ci and of action.yml, run as they stand: with the real engine, and stand-ins for gh and curl."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.engine.conftest import MakeProject
from tests.engine.inventories import START
from tests.engine.project import COMMAND_LIMIT, REPOSITORY, STACK, Project
from tests.engine.stage import edited

pytestmark = pytest.mark.engine

# Each agent keeps a line, or the audit would find one without.
REMAPPED = edited(
    edited(START, "agent: sales\n    label", "agent: support\n    label"),
    "type: local}\n    agent: support\n",
    "type: local}\n    agent: sales\n",
)
GROWN = f'{START}  more-us:\n    phone_number: "+16505551299"\n    agent: sales\n'
VALID = "numbers.yaml: 4 lines (custom 1, twilio 2, vonage 1), 2 trunks, 2 agents; no problems\n"
NONE: Mapping[str, str] = {}
# It writes down what it is asked, and has one pull request with one plan, the comments that are kept, and no issue.
GH = """\
#!/bin/sh
echo "gh $*" >> "$ASKED"
case "$1 $2" in
  *"/issues/12/comments") [ ! -e "$KEPT/comments" ] || cat "$KEPT/comments" ;;
  "api "* | "pr view") echo head ;;
  "run list") echo 7 ;;
  "run download") cp "$KEPT/plan.json" . ;;
esac
"""


@dataclass
class Runner:
    """A CI's machine: runs the scripts of a job, each in a shell of its own, with what earlier ones left in files."""

    project: Project
    folder: Path
    variables: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.folder / "bin").mkdir(parents=True)
        (self.folder / "kept").mkdir()
        for name, text in {"gh": GH, "curl": '#!/bin/sh\necho "curl" >> "$ASKED"\n'}.items():
            (self.folder / "bin" / name).write_text(text)
            (self.folder / "bin" / name).chmod(0o755)
        # The environment of the project is that of `.tools/env.sh` already.
        (self.project.directory / ".tools").mkdir(exist_ok=True)
        (self.project.directory / ".tools/env.sh").touch()

    def run(self, script: str, variables: Mapping[str, str] = NONE, *, code: int = 0) -> str:
        """Run a script to its end; give what it printed."""
        files = {f"GITHUB_{name}": str(self.folder / name.lower()) for name in ("ENV", "OUTPUT", "STEP_SUMMARY")}
        known = {
            **self.project.environment,
            **files,
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{self.project.environment['PATH']}",
            "ASKED": str(self.folder / "asked"),
            "KEPT": str(self.folder / "kept"),
            "PULUMI_STACK": STACK,
            "GITHUB_REPOSITORY": "acme/numbers",
            "GITHUB_SHA": "merged",
            **self.told("env"),
        }
        ended = subprocess.run(
            ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script),
            cwd=self.project.directory,
            env={**known, **variables},
            capture_output=True,
            text=True,
            timeout=3 * COMMAND_LIMIT,
            check=False,
        )
        assert ended.returncode == code, (ended.stdout + ended.stderr)[-3000:]
        return ended.stdout

    def told(self, name: str) -> Mapping[str, str]:
        """Give what scripts put into GITHUB_ENV or GITHUB_OUTPUT."""
        path = self.folder / name
        rows = path.read_text().splitlines() if path.exists() else ()
        return dict(row.split("=", 1) for row in rows)

    def asked(self) -> list[str]:
        """Give the first two words after `gh` of what was asked since the last time."""
        path = self.folder / "asked"
        rows = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return [" ".join(row.split()[:3]) for row in rows]

    def keep(self) -> None:
        """Keep the plan as an artifact, away from the checked-out folder."""
        (self.project.directory / "plan.json").replace(self.folder / "kept/plan.json")


def steps(job: str) -> Mapping[str, str]:
    """Give the scripts of a job of the workflow by name."""
    workflow: Any = yaml.safe_load((REPOSITORY / "docs/ci/numbers.yml").read_text(encoding="utf-8"))
    return {step["name"]: step["run"] for step in workflow["jobs"][job]["steps"] if "run" in step}


def test_the_workflow_applies_what_a_pull_request_showed_and_tells_of_drift(
    make_project: MakeProject, tmp_path: Path
) -> None:
    project = make_project(START)
    runner = Runner(project, tmp_path / "runner")
    project.up()
    project.write_inventory(REMAPPED)

    assert runner.run(steps("validate")["Validate"]) == VALID
    plan = steps("plan")
    runner.run(plan["Plan"])
    runner.run(plan["Comment"], {"PULL": "12"})
    comment = (project.directory / "comment.md").read_text()
    assert comment.splitlines()[0] == "### Plan of stack test: 2 changed."
    assert (tmp_path / "runner/step_summary").read_text() == comment
    assert runner.asked() == ["gh api repos/acme/numbers/issues/12/comments", "gh pr comment"]
    (tmp_path / "runner/kept/comments").write_text("501\n502\n")
    runner.run(plan["Comment"], {"PULL": "12"})
    assert runner.asked() == [f"gh api repos/acme/numbers/issues/{which}" for which in ("12/comments", "comments/501")]
    runner.run(plan["Comment"], {"PULL": "12", "REFUSED": "true"}, code=1)
    assert len(runner.asked()) == 2
    runner.keep()
    queued = steps("queued")
    runner.run(queued["Find the approved plan"], {"QUEUED": "gh-readonly-queue/main/pr-12-abc"})
    assert runner.run(queued["Check"]) == "Plan of stack test: still what was approved.\n"
    assert runner.asked() == ["gh pr view", "gh run list", "gh run download"]

    look = steps("look")
    runner.run(look["Find the approved plan"])
    runner.run(look["Look"])
    assert runner.told("output") == {"environment": "numbers"}
    assert runner.asked()[0] == "gh api repos/acme/numbers/commits/merged/pulls"
    assert runner.run(steps("update")["Update"]).splitlines()[-1] == "Stack test: applied as approved."

    # The plan is done, so that it has moved: what is shown anew waits for a person, as does what is bought.
    project.write_inventory(GROWN)
    runner.run(look["Look"])
    assert runner.told("output") == {"environment": "numbers-approval"}
    assert "1 bought" in (tmp_path / "runner/step_summary").read_text()

    project.write_inventory(REMAPPED)
    drift = steps("drift")
    runner.run(drift["Look for drift"])
    assert runner.told("env") == {}
    project.sandbox.livekit.edit_trunk(project.ids()["InboundTrunk support-us"], krisp_enabled=True)
    runner.run(drift["Look for drift"])
    assert runner.told("env") == {"FOUND": "true"}
    runner.run(drift["Tell"])
    assert runner.asked() == ["gh issue list", "gh issue create"]
    assert "krisp" in (project.directory / "drift.md").read_text()


def test_the_pipeline_of_gitlab_and_the_action_run(make_project: MakeProject, tmp_path: Path) -> None:
    project = make_project(START)
    runner = Runner(project, tmp_path / "runner")
    pipeline: Any = yaml.safe_load((REPOSITORY / "docs/ci/gitlab.yml").read_text(encoding="utf-8"))
    script = {name: "\n".join(job["script"]) for name, job in pipeline.items() if "script" in job}
    variables = dict.fromkeys(("COMMENT_TOKEN", "CI_API_V4_URL", "CI_PROJECT_ID", "CI_MERGE_REQUEST_IID"), "-")

    for name in ("validate", "plan", "look", "update", "drift"):
        runner.run(script[name], variables)
    assert runner.asked() == ["curl"]

    action: Any = yaml.safe_load((REPOSITORY / "action.yml").read_text(encoding="utf-8"))
    run = action["runs"]["steps"][-1]["run"]
    project.write_inventory(REMAPPED)
    runner.run(run, {"COMMAND": "plan --save plan.json", "FAILS": "false"})
    assert runner.told("output") == {"code": "2"}
    runner.run(run, {"COMMAND": "plan --save plan.json", "FAILS": "true"}, code=1)
    runner.run(run, {"COMMAND": "validate nothing.yaml", "FAILS": "false"}, code=1)
    assert runner.told("output") == {"code": "1"}
