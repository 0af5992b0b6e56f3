"""What the scripts of docs/ci and action.yml make of words and lengths; the tests of the engine run them all."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
ISSUE = 65_536
TRUNKLINE = """\
#!/bin/sh
for word in "$@"; do echo "$word" >> words; done
case "$1" in
  plan) cat plan.txt > drift.md; exit 2 ;;
  audit) cat findings.txt; exit 2 ;;
esac
"""
RUN = {
    "numbers.yml": {
        "validate": ["Validate"],
        "plan": ["Plan", "Comment"],
        "queued": ["Find the approved plan", "Check"],
        "look": ["Find the approved plan", "Look"],
        "update": ["Update"],
        "drift": ["Look for drift", "Tell"],
    },
    "gitlab.yml": ["validate", "plan", "look", "update", "drift"],
}
"""What the tests of the engine run; `make setup` stands before each, and is run by those of the toolchain."""


def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def run(script: str, folder: Path, **variables: str) -> int:
    """Run a script as GitHub does, with a stand-in for `trunkline` that notes its words."""
    (folder / ".tools").mkdir()
    (folder / ".tools/env.sh").touch()
    (folder / "trunkline").write_text(TRUNKLINE, encoding="utf-8")
    (folder / "trunkline").chmod(0o755)
    known = {"PATH": f"{folder}:{os.environ['PATH']}", "PULUMI_STACK": "prod"}
    files = {name: str(folder / name) for name in ("GITHUB_ENV", "GITHUB_OUTPUT")}
    command = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script)
    return subprocess.run(command, cwd=folder, env={**known, **files, **variables}, check=False).returncode


def test_every_script_is_one_that_the_tests_run() -> None:
    jobs = read("docs/ci/numbers.yml")["jobs"].items()
    scripts = {name: [step["name"] for step in job["steps"] if "run" in step] for name, job in jobs}
    assert scripts == {name: ["Set up", *steps] for name, steps in RUN["numbers.yml"].items()}  # type: ignore[attr-defined]
    assert [name for name, job in read("docs/ci/gitlab.yml").items() if "script" in job] == RUN["gitlab.yml"]
    assert [step.get("name") for step in read("action.yml")["runs"]["steps"] if "run" in step] == ["Set up", "Run"]


@pytest.mark.parametrize("command", ["plan * ?ords --stack prod", "plan *\n  ?ords\n  --stack prod\n"])
def test_the_action_gives_its_words_on_as_they_are_written(command: str, tmp_path: Path) -> None:
    script = read("action.yml")["runs"]["steps"][-1]["run"]
    (tmp_path / "plan.txt").touch()
    assert run(script, tmp_path, COMMAND=f"{command} $(touch-me) `id` ; id", FAILS="false") == 0
    said = ["plan", "*", "?ords", "--stack", "prod", "$(touch-me)", "`id`", ";", "id"]
    assert (tmp_path / "words").read_text().splitlines() == said


@pytest.mark.parametrize("finding", ["\n", "x\n", "é" * 500 + "\n", "no end"])
def test_an_issue_has_no_more_characters_than_may_be(finding: str, tmp_path: Path) -> None:
    script = {step.get("name"): step.get("run") for step in read("docs/ci/numbers.yml")["jobs"]["drift"]["steps"]}
    (tmp_path / "plan.txt").write_text("é" * 60_000, encoding="utf-8")
    (tmp_path / "findings.txt").write_text(finding * 20_000, encoding="utf-8")
    assert run(script["Look for drift"], tmp_path) == 0
    body = (tmp_path / "drift.md").read_text(encoding="utf-8")
    assert 60_000 < len(body) <= ISSUE
    _, _, audit = body.partition("**Audit**\n\n")
    assert [line for line in audit.splitlines() if line.strip() and not line.startswith("    ")] == []
