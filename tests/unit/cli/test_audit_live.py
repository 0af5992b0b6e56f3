"""`trunkline audit --live`: a state in a folder, a sandbox that is served, and a file or none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sandbox import Sandbox, SandboxServer
from sandbox.environment import environment
from tests.state import state_file
from tests.state.fleet import OFFICE
from trunkline.cli import audit
from trunkline.errors import NoCredentials

FILE = """\
version: 1
agents: {support: {agent_name: support-agent}}
numbers:
  uk-office: {provider: custom, sip_address: sip.example.com, phone_number: "+442071234567", agent: support}
"""
WORDS = ["--stack", "organization/fleet/dev", "--live", "--json"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    state_file.put(tmp_path, state_file.STATE, state_file.checkpoint([OFFICE]))
    return tmp_path


def found(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, set[tuple[str, str, str]], str]:
    sandbox = Sandbox()
    sandbox.twilio.add_number("+16505550199")
    with SandboxServer(sandbox) as server:
        code = audit.main(WORDS, {"PULUMI_BACKEND_URL": f"file://{folder}", **environment(server.url)})
    said = capsys.readouterr()
    return code, {(one["code"], one["subject"], one["place"]) for one in json.loads(said.out)}, said.err


def gone(place: str) -> set[tuple[str, str, str]]:
    ids = (OFFICE.inbound_trunk_id, OFFICE.outbound_trunk_id, OFFICE.dispatch_rule_id)
    return {("object-gone", id, place) for id in ids} | {("agent-unreached", "support-agent", place)}


def test_without_a_file_state_and_vendors_are_compared_and_that_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, there, said = found(folder, capsys)

    assert (code, said) == (2, "numbers.yaml is not there, so no file is compared; --file names one\n")
    assert there >= gone("") | {("number-unmanaged", "+16505550199", "")}
    assert not any(code.startswith("line-not") for code, _, _ in there)


def test_with_the_file_each_finding_has_its_place_in_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("numbers.yaml").write_text(FILE, encoding="utf-8")

    code, there, said = found(folder, capsys)

    assert (code, said) == (2, "")
    assert there >= {
        (code, subject, "numbers.yaml:2" if code == "agent-unreached" else place)
        for code, subject, place in gone("numbers.yaml:4")
    }


def test_without_livekit_nothing_is_compared(folder: Path) -> None:
    with pytest.raises(NoCredentials, match="LIVEKIT_URL"):
        audit.main(WORDS, {"PULUMI_BACKEND_URL": f"file://{folder}"})
