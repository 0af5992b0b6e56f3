"""From an account that is there to a stack that has it, by the command and the real engine."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.dump.account import Account
from tests.dump.population import (
    guarded,
    pbx_shared,
    several_agents,
    twilio_crowded,
    twilio_shared,
    vonage_lines,
)
from tests.dump.proof import but_for_tags, hold, where_calls_go
from tests.engine.conftest import MakeProject
from tests.engine.project import REPOSITORY, Project, Run

pytestmark = pytest.mark.engine

EMPTY = "version: 1\nnumbers: {}\n"


@dataclass(frozen=True)
class Adopted:
    """The account before, and what the operator did with it."""

    project: Project
    account: Account
    before: dict[str, Any]
    calls: dict[tuple[str, str, str], tuple[object, ...]]
    said: str
    up: Run
    again: Run


@pytest.fixture(scope="module")
def adopted(make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory) -> Adopted:
    project = make_project(EMPTY)
    account = Account(7, project.sandbox)
    for shape in (twilio_crowded, twilio_shared, vonage_lines, guarded, pbx_shared, several_agents):
        shape(account)
    held = hold(account.world)
    before, calls = but_for_tags(account.world), where_calls_go(held)
    file = tmp_path_factory.mktemp("dump") / "numbers.yaml"
    said = _dump(project, file)
    passwords = {one.props["authUsername"]: one.props["authPassword"] for one in held.outbound}
    for name in ("twilioSipUsername", "twilioSipPassword"):
        project.pulumi("config", "rm", f"trunkline:{name}")
    for command in (line.removeprefix("#").split("#") for line in file.read_text().splitlines() if "--secret" in line):
        set_it, who = command[0].split()[1:], command[1].split()
        project.pulumi(*set_it, passwords[who[who.index("user") + 1]])
    up = project.up(file.read_text())
    return Adopted(project, account, before, calls, said, up, project.preview())


def _dump(project: Project, file: Path) -> str:
    ended = subprocess.run(
        (sys.executable, "-m", "trunkline.cli.main", "dump", "-o", str(file)),
        cwd=REPOSITORY,
        env=dict(project.environment),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return ended.stdout + ended.stderr


def test_nothing_is_bought_replaced_or_deleted_and_nothing_but_tags_changes(adopted: Adopted) -> None:
    assert {step.split()[0] for step in adopted.up.steps} == {"create"}
    assert but_for_tags(adopted.account.world) == adopted.before


def test_each_call_goes_where_it_went(adopted: Adopted) -> None:
    assert where_calls_go(hold(adopted.account.world)) == adopted.calls


def test_the_next_preview_is_empty(adopted: Adopted) -> None:
    assert adopted.again.steps == []


def test_the_dump_says_what_is_to_be_set_and_shows_no_password(adopted: Adopted) -> None:
    assert "pulumi config set --secret trunkline:" in adopted.said
    assert "canary" not in adopted.said + adopted.up.text + adopted.again.text


def test_the_outputs_have_every_number_that_is_answered(adopted: Adopted) -> None:
    lines = adopted.project.outputs()["lines"].values()
    called = {
        to if to.startswith("+") else f"+{to}" for (to, _, _), end in adopted.calls.items() if end[0] == "answered"
    }
    assert called <= {line["phoneNumber"] for line in lines}
