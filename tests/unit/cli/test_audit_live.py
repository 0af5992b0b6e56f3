"""`trunkline audit --live`: a state in a folder, a sandbox that is served, and a file or none."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sandbox import Request, Sandbox, SandboxServer
from sandbox.environment import environment
from tests.state import state_file
from tests.state.fleet import OFFICE
from tests.support.waiting import until
from trunkline.cli import audit, audit_live
from trunkline.errors import NoCredentials
from trunkline.state import held
from trunkline.state.held import Held
from trunkline.state.opening import open_backend
from trunkline.state.pulumi_cli import CliBackend
from trunkline.state.stack import StackAddress

FILE = """\
version: 1
agents: {support: {agent_name: support-agent}}
numbers:
  uk-office: {provider: custom, sip_address: sip.example.com, phone_number: "+442071234567", agent: support}
"""
PATIENCE = 20.0  # seconds, for what is sure to come
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


HANDLE, READ = Sandbox.handle, held.read


def _noting(asked: list[str]) -> Callable[[Sandbox, Request], Any]:
    def handle(sandbox: Sandbox, request: Request) -> Any:
        asked.append(request.path)
        return HANDLE(sandbox, request)

    return handle


def _sealed(data: bytes) -> Held:
    """Read a state as one whose passwords are encrypted."""
    return replace(READ(data), sealed=True)


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


def test_the_vendors_are_asked_while_the_state_is_read(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[str]()

    def slowly(address: StackAddress) -> Any:
        until(lambda: bool(asked), PATIENCE)
        return open_backend(address)

    monkeypatch.setattr(audit_live, "open_backend", slowly)
    monkeypatch.setattr(Sandbox, "handle", _noting(asked))

    assert found(folder, capsys)[0] == 2


def test_pulumi_opens_the_passwords_while_the_vendors_are_asked(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opening = threading.Event()

    def opened(backend: CliBackend) -> bytes:
        opening.set()
        return state_file.checkpoint([OFFICE])

    def handle(sandbox: Sandbox, request: Request) -> Any:
        assert opening.wait(PATIENCE)
        return HANDLE(sandbox, request)

    monkeypatch.setattr(held, "read", _sealed)
    monkeypatch.setattr(CliBackend, "opened", opened)
    monkeypatch.setattr(Sandbox, "handle", handle)

    assert found(folder, capsys)[0] == 2


def test_without_livekit_nothing_is_compared(folder: Path) -> None:
    with pytest.raises(NoCredentials, match="LIVEKIT_URL"):
        audit.main(WORDS, {"PULUMI_BACKEND_URL": f"file://{folder}"})
