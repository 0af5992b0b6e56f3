"""The log of `TRUNKLINE_DEBUG`."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from providers import twilio, vonage
from providers.dynamic import audited
from sandbox import SandboxServer
from sandbox.credentials import LIVEKIT, TWILIO, VONAGE
from sandbox.environment import environment
from sandbox.faults import Fault
from sandbox.world import Sandbox
from tests.contract.carriers import NUMBERS, SIP_PASSWORD, World, twilio_settings, vonage_settings
from tests.contract.test_carriers_trunks import make_case
from tests.engine.canaries import leaks
from tests.support.livekit_target import DESIRED, PASSWORD, impatient, in_process
from trunkline.cli.main import main
from trunkline.debug import DebugLog, Exchange
from trunkline.errors import SettingsError, VendorError
from trunkline.redaction import Redaction

SECRETS = {"a": TWILIO.auth_token, "b": VONAGE.api_secret, "c": LIVEKIT.api_secret, "d": SIP_PASSWORD, "e": PASSWORD}


@pytest.fixture
def log(tmp_path: Path) -> DebugLog:
    made = DebugLog.of({"TRUNKLINE_DEBUG": str(tmp_path / "debug.log")}, Redaction.of(SECRETS.values()))
    assert made is not None
    return replace(made, now=lambda: 1_800_000_000.25)


def lines(log: DebugLog) -> list[str]:
    """What was written, without time and process."""
    head = f"2027-01-15T08:00:00.250000Z {os.getpid()} "
    written = log.path.read_text().splitlines()
    assert all(line.startswith(head) for line in written)
    return [line.removeprefix(head) for line in written]


def test_each_request_to_each_vendor_is_written_down_with_what_came_of_it(log: DebugLog) -> None:
    world = World()
    policy = replace(world.policy, note=log.note, attempts=1)
    carrier = twilio.connect(twilio_settings(world.base_url), policy, world.transport).carrier
    numbers = vonage.connect(vonage_settings(world.base_url), policy, world.transport).carrier
    sandbox = Sandbox()
    livekit = in_process(sandbox).connect(impatient(note=log.note, monotonic=lambda: 5.0, attempts=1))
    carrier.find(NUMBERS["twilio"])
    world.fault("status", vendor="twilio", status=400, headers={"twilio-request-id": "RQ0123"})
    world.fault("drop", vendor="vonage")
    sandbox.faults.add(Fault("status", vendor="livekit", status=403))
    for ask in (carrier.owned, numbers.owned, livekit.adapters["DispatchRule"].list):
        with pytest.raises(VendorError):
            ask()
    assert lines(log) == [
        "twilio GET /IncomingPhoneNumbers.json 200 0.000s",
        "twilio GET /IncomingPhoneNumbers.json 400 0.000s RQ0123",
        "vonage GET /account/numbers no answer (ConnectionError) 0.000s",
        "livekit POST /twirp/livekit.SIP/ListSIPDispatchRule 403 0.000s",
    ]


def test_the_log_holds_no_secret_of_a_request_and_is_read_by_its_owner_alone(log: DebugLog) -> None:
    case = make_case("Credential")
    case.world.policy = replace(case.world.policy, note=log.note)
    account = twilio.connect(twilio_settings(case.world.base_url), case.world.policy, case.world.transport)
    account.adapters["Credential"].create(case.desired)
    in_process(Sandbox()).connect(impatient(note=log.note)).adapters["OutboundTrunk"].create(DESIRED["OutboundTrunk"])
    log.write(f"Traceback\n  {SIP_PASSWORD} eyJhbGciOiJIUzI1NiJ9.e30.c2ln")
    assert len(lines(log)) == 4 and lines(log)[-1] == "  *** ***"
    assert leaks({"log": log.path.read_bytes()}, SECRETS) == []
    assert stat.S_IMODE(log.path.stat().st_mode) == 0o600


WRITES = """
import os, sys
from trunkline.cli.main import main
from trunkline.debug import DebugLog, Exchange
from trunkline.redaction import Redaction
log = DebugLog.of(os.environ, Redaction.of([sys.argv[1]]))
for at in range(200):
    log.write("\\n".join(f"{at} {line} " + sys.argv[1] + "x" * 2000 for line in range(3)))
"""


def test_two_processes_that_write_at_once_write_whole_lines_and_no_secret(tmp_path: Path) -> None:
    log, secrets = tmp_path / "debug.log", ("Secret-Of-The-First/1", "Secret-Of-The-Second/2")
    variables = {**os.environ, "TRUNKLINE_DEBUG": str(log)}
    processes = [subprocess.Popen((sys.executable, "-c", WRITES, secret), env=variables) for secret in secrets]
    assert [process.wait() for process in processes] == [0, 0]
    written = log.read_text().splitlines()
    texts = [f"{at} {line} ***" + "x" * 2000 for at in range(200) for line in range(3)]
    for process in processes:
        assert [line.split(" ", 2)[2] for line in written if line.split(" ", 2)[1] == str(process.pid)] == texts
    assert len(written) == 2 * len(texts)


def test_what_a_vendor_names_a_request_moves_no_cursor_and_makes_no_line_of_its_own(log: DebugLog) -> None:
    log.note(Exchange(vendor="twilio", method="GET", path="/x", seconds=0, status=200, request_id="a\x1b[2J\u2028b\rc"))
    assert lines(log) == ["twilio GET /x 200 0.000s a [2J b c"]


def test_without_the_variable_nothing_is_written_and_a_path_that_is_of_no_use_is_told(tmp_path: Path) -> None:
    assert DebugLog.of({}, Redaction()) is None
    with pytest.raises(SettingsError, match="no absolute path"):
        DebugLog.of({"TRUNKLINE_DEBUG": "debug.log"}, Redaction())
    with pytest.raises(SettingsError, match="cannot be written: No such file"):
        DebugLog.of({"TRUNKLINE_DEBUG": str(tmp_path / "none" / "debug.log")}, Redaction())


COMMANDS = {
    "dump": ("dump",),
    "search": ("search", "--provider", "twilio", "--country", "US"),
    "explain": ("explain", "--on", "live", "--to", "+16505550000"),
    "init": ("init", "fleet", "--provider", "twilio", "--provider", "vonage", "--all", "--ci", "none"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_that_ask_vendors_write_each_request_down_too(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    sandbox, log = Sandbox(), tmp_path / "debug.log"
    with SandboxServer(sandbox) as server:
        asking = {**environment(server.url), "TRUNKLINE_DEBUG": str(log)}
        before = sandbox.journal.mark()
        main(COMMANDS[command], asking)
        asked = [entry.vendor for entry in sandbox.journal.entries(before)]
        assert asked != []
        assert sorted(line.split(" ")[2] for line in log.read_text().splitlines()) == sorted(asked)
        asking = {**asking, "TRUNKLINE_DEBUG": "debug.log"}
        shutil.rmtree(tmp_path / "fleet", ignore_errors=True)
        before = sandbox.journal.mark()
        assert main(COMMANDS[command], asking) == 1
        assert sandbox.journal.entries(before) == []


def test_so_does_the_audit(tmp_path: Path) -> None:
    log = tmp_path / "debug.log"
    with SandboxServer(Sandbox()) as server:
        run, _ = audited.process({**environment(server.url), "TRUNKLINE_DEBUG": str(log)})
        run.listing("InboundTrunk", "")
    assert [line.split(" ")[2:5] for line in log.read_text().splitlines()] == [
        ["livekit", "POST", "/twirp/livekit.SIP/ListSIPInboundTrunk"]
    ]


def test_a_disk_that_fills_up_stops_nothing(log: DebugLog) -> None:
    log.path.unlink()
    log.path.mkdir()
    log.write("nobody reads this")
