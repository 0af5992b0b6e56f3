"""A state that was lost is written anew from an import file: no vendor is written to, and nothing is left to do."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

import pytest

from tests.engine.conftest import MakeProject
from tests.engine.project import REPOSITORY, SECRETS, STACK, Project, Run

pytestmark = pytest.mark.engine

FILE = """\
version: 1
agents: {desk: {agent_name: desk-agent}}
trunks:
  us:
    provider: twilio
    domain_name: acme.pstn.twilio.com
    auth_username: livekit
    auth_password: {secret: twilioTermination}
  office:
    provider: custom
    sip_address: sip.example.com
    auth_username: pbx
    auth_password: {secret: ukOfficePassword}
numbers:
  us: {search: {country: US, area_code: 650}, trunk: us, agent: desk}
  uk: {phone_number: "+442071234567", trunk: office, agent: desk}
"""


@dataclass(frozen=True)
class Repaired:
    """What was written and said, and the previews after the repair and after one more update."""

    project: Project
    text: str
    said: str
    writes: list[str]
    ids: tuple[dict[str, str], dict[str, str]]
    preview: Run
    up: Run


@pytest.fixture(scope="module")
def repaired(make_project: MakeProject, tmp_path_factory: pytest.TempPathFactory) -> Repaired:
    project = make_project(FILE)
    project.up()
    ids, mark = project.ids(), project.sandbox.journal.mark()
    project.pulumi("stack", "rm", "--force", "--preserve-config", "--yes", STACK)
    project.pulumi("stack", "init", STACK)
    file = tmp_path_factory.mktemp("import") / "state.json"
    done = subprocess.run(
        (sys.executable, "-m", "trunkline.cli.main", "dump", "--import-file", str(file), "--stack", STACK,
         "--cwd", str(project.directory)),
        cwd=REPOSITORY, env=dict(project.environment), capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    project.pulumi("import", "--stack", STACK, "--file", str(file), "--protect=false", "--generate-code=false", "--yes")
    preview = project.preview("--expect-no-changes")
    up = project.up()
    writes = project.writes(mark)
    return Repaired(project, file.read_text(), done.stdout, writes, (ids, project.ids()), preview, up)


def test_no_vendor_is_written_to(repaired: Repaired) -> None:
    assert repaired.writes == []


def test_the_next_preview_is_empty_and_so_is_the_update(repaired: Repaired) -> None:
    # The engine's own provider, which no import file can have; it shows it to nobody and counts it as no change.
    assert (repaired.preview.steps, repaired.up.steps) == (["create pulumi default"], ["create pulumi default"])
    assert "unchanged" in repaired.up.text


def test_the_state_has_the_objects_that_it_had(repaired: Repaired) -> None:
    before, after = repaired.ids
    assert after == before


def test_no_secret_is_in_the_file_in_clear(repaired: Repaired) -> None:
    assert not any(secret in repaired.text + repaired.said for secret in SECRETS.values())
    assert "ciphertext" in repaired.text
    # Beside them the Fleet and the components of two lines.
    assert len(json.loads(repaired.text)["resources"]) == len(repaired.ids[0]) + 3
