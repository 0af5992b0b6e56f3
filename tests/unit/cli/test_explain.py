"""`trunkline explain`: by the file, by a state, and by what LiveKit lists."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sandbox import Sandbox, SandboxServer
from sandbox.environment import environment
from tests.state import state_file
from tests.state.fleet import OFFICE, SALES
from trunkline.cli import explain
from trunkline.cli.main import main
from trunkline.errors import NoCredentials

FILE = """\
version: 1
agents: {sales: {agent_name: sales-agent}}
numbers:
  sales-us: {provider: custom, sip_address: sip.example.com, phone_number: "+16505551234", agent: sales}
"""
NUMBER, CALLER = "+16505551234", "+13035550100"
TAG = "trunkline:acme/prod/sales-us"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("TRUNKLINE_INVENTORY", "TRUNKLINE_STACK", "PULUMI_STACK"):
        monkeypatch.delenv(name, raising=False)
    Path("numbers.yaml").write_text(FILE, encoding="utf-8")
    return tmp_path


def test_by_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--to", NUMBER, "--from", CALLER]) == 0
    assert capsys.readouterr().out == (
        f'{NUMBER} from {CALLER}, by the file: agent "sales-agent" answers.\n'
        "  line  sales-us\n"
        "  trunk InboundTrunk sales-us\n"
        "  rule  DispatchRule sales-us\n"
        "  agent sales-agent, key sales\n"
    )


def test_nobody_is_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--to", "+16505559999"]) == 2
    assert capsys.readouterr().out == (
        "+16505559999 from an unnamed caller, by the file: nobody answers: no line has +16505559999: LiveKit finds no"
        " trunk and answers 404.\n"
    )


def test_by_the_state_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    guarded = SALES.model_copy(update={"allowed_callers": (CALLER,)})
    state_file.put(folder, state_file.STATE, state_file.checkpoint([guarded, OFFICE]))
    state = {"PULUMI_BACKEND_URL": f"file://{folder}"}
    words = [
        "--to",
        NUMBER,
        "--on",
        "state",
        "--stack",
        "organization/fleet/dev",
        "--source-ip",
        "203.0.113.7",
        "--json",
    ]

    codes = [explain.main([*words, "--from", caller], state) for caller in (CALLER, "+1999")]

    answered, refused = (json.loads(f"{text}}}") for text in capsys.readouterr().out.split("}\n")[:2])
    assert codes == [0, 2]
    assert answered == {
        "on": "state",
        "to": NUMBER,
        "caller": CALLER,
        "source": "203.0.113.7",
        "answered": True,
        "line": "sales-us",
        "trunk": "ST_in_sales",
        "rule": "SDR_sales",
        "agents": ["sales-agent"],
        "keys": ["ag_550e8400"],
        "reason": 'agent "sales-agent" answers',
    }
    assert (refused["caller"], refused["answered"], refused["reason"]) == (
        "+1999",
        False,
        "LiveKit finds no trunk and answers 404 (ST_in_sales does not admit +1999)",
    )


def test_by_what_livekit_lists_a_foreign_rule_that_takes_the_call_is_seen(capsys: pytest.CaptureFixture[str]) -> None:
    sandbox = Sandbox()
    sandbox.livekit.add_inbound_trunk(sip_trunk_id="ST_1", numbers=[NUMBER], metadata=TAG)
    for id, name, agent, numbers in (("SDR_1", TAG, "sales-agent", []), ("SDR_2", "theirs", "thief", [NUMBER])):
        sandbox.livekit.add_dispatch_rule(
            sip_dispatch_rule_id=id,
            name=name,
            trunk_ids=["ST_1"],
            numbers=numbers,
            rule={"dispatch_rule_individual": {"room_prefix": "call-"}},
            room_config={"agents": [{"agent_name": agent}]},
        )
    with SandboxServer(sandbox) as server:
        code = explain.main(["--to", NUMBER, "--on", "live"], environment(server.url))

    assert (code, capsys.readouterr().out) == (
        0,
        f'{NUMBER} from an unnamed caller, by the live lists: agent "thief" answers.\n'
        "  line  sales-us\n"
        "  trunk ST_1\n"
        "  rule  SDR_2\n"
        "  agent thief\n",
    )
    assert sandbox.journal.writes() == []


def test_without_livekit_s_settings_nothing_live_is_asked() -> None:
    with pytest.raises(NoCredentials, match=r"^LiveKit is not configured here, so nothing live can be asked\."):
        explain.main(["--to", NUMBER, "--on", "live"], {})


@pytest.mark.parametrize("words", [[], ["--to", "sales"], ["--to", NUMBER, "--source-ip", "sip.example.com"]])
def test_what_is_no_call_is_an_error(words: list[str]) -> None:
    assert main(["explain", *words]) == 1
