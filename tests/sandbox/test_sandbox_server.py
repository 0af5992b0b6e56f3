"""The sandbox over HTTP: real connections, the admin routes, the state file and the command."""

from __future__ import annotations

import base64
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox import Sandbox, SandboxServer
from sandbox.cli import main
from sandbox.credentials import TWILIO
from sandbox.environment import environment
from tests.sandbox.callers import Clock, TwilioCaller
from tests.support.waiting import SOON, until

US = "+16505551234"
AUTH = (TWILIO.sid, TWILIO.auth_token)
NUMBERS = f"/2010-04-01/Accounts/{TWILIO.sid}/IncomingPhoneNumbers.json"


@pytest.fixture
def server(world: Sandbox) -> Iterator[SandboxServer]:
    with SandboxServer(world) as running:
        yield running


@pytest.fixture
def client(server: SandboxServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, auth=AUTH, timeout=60) as made:
        yield made


def test_one_connection_serves_many_requests(server: SandboxServer, client: httpx.Client) -> None:
    answers = [client.get(NUMBERS) for _ in range(5)]
    ports = {each.extensions["network_stream"].get_extra_info("client_addr")[1] for each in answers}
    assert ([each.status_code for each in answers], len(ports)) == ([200] * 5, 1)


def test_an_answer_over_http_is_the_answer_in_process(world: Sandbox, client: httpx.Client) -> None:
    bought = client.post(NUMBERS, data={"PhoneNumber": US})
    twilio = TwilioCaller(world)
    path = f"{twilio.home}/IncomingPhoneNumbers/{bought.json()['sid']}.json"
    assert (bought.status_code, bought.json()) == (201, twilio.get(path)[1])
    released = client.delete(path)
    assert (released.status_code, released.content, client.get(path).status_code) == (204, b"", 404)


def test_a_dropped_connection_is_dropped_for_real(world: Sandbox, client: httpx.Client) -> None:
    client.post("/_sandbox/faults", json={"action": "drop", "when": "after", "write": True}).raise_for_status()
    with pytest.raises(httpx.RemoteProtocolError):
        client.post(NUMBERS, data={"PhoneNumber": US})
    client.post("/_sandbox/faults", json={"action": "reset"}).raise_for_status()
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(NUMBERS)
    assert [each["phone_number"] for each in client.get(NUMBERS).json()["incoming_phone_numbers"]] == [US]


def test_half_a_request_is_none(world: Sandbox, server: SandboxServer) -> None:
    credentials = base64.b64encode(":".join(AUTH).encode()).decode()
    head = f"POST {NUMBERS} HTTP/1.1\r\nauthorization: Basic {credentials}\r\ncontent-length: 99\r\n"
    url = httpx.URL(server.url)
    with socket.create_connection((url.host, url.port or 0), timeout=60) as killed:
        killed.sendall(f"{head}\r\nPhoneNumber=%2B1650".encode())
        killed.shutdown(socket.SHUT_WR)
        assert killed.recv(99) == b""
    assert (list(world.journal), world.ledger.charges()) == ([], [])


def test_a_purchase_held_over_http_happens_although_its_client_is_long_gone(client: httpx.Client) -> None:
    fault = {"action": "hold", "method": "POST", "path": "IncomingPhoneNumbers"}
    planted = client.post("/_sandbox/faults", json=fault).json()
    with pytest.raises(httpx.ReadTimeout):
        client.post(NUMBERS, data={"PhoneNumber": US}, timeout=httpx.Timeout(SOON, read=0.2))
    until(lambda: client.get("/_sandbox/faults").json()["faults"][0]["reached"])
    (seen,) = client.get("/_sandbox/faults").json()["faults"]
    assert (seen["id"], seen["reached"], seen["hits"]) == (planted["id"], True, 1)
    assert client.get("/_sandbox/ledger").json()["owned"] == []
    assert client.post(f"/_sandbox/faults/{planted['id']}/release").status_code == 200
    until(lambda: client.get("/_sandbox/ledger").json()["owned"] == [US])
    assert client.delete("/_sandbox/faults").status_code == 204
    assert client.get("/_sandbox/faults").json() == {"faults": []}


def test_the_admin_routes_tell_and_change_what_python_would(world: Sandbox, client: httpx.Client) -> None:
    edit = {"vendor": "twilio", "kind": "number", "id": US}
    assert client.post("/_sandbox/edit", json={**edit, "create": {"friendly_name": "x"}}).status_code == 200
    assert client.post("/_sandbox/edit", json={**edit, "set": {"friendly_name": "y"}}).json()["friendly_name"] == "y"
    vonage = {"vendor": "vonage", "kind": "number", "id": "+442079460123"}
    assert client.post("/_sandbox/edit", json={**vonage, "create": {}}).json()["msisdn"] == "442079460123"
    assert client.post("/_sandbox/edit", json={**vonage, "delete": True}).json() == {}
    client.get(NUMBERS)
    journal = client.get("/_sandbox/journal").json()
    assert ([entry["path"] for entry in journal["entries"]], journal["mark"]) == ([NUMBERS], 1)
    assert client.get("/_sandbox/journal", params={"since": 1}).json()["entries"] == []
    state = client.get("/_sandbox/state").json()
    client.post("/_sandbox/edit", json={**edit, "delete": True})
    assert client.put("/_sandbox/state", json=state).status_code == 204
    assert world.twilio.numbers() == (US,)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        ("POST", "faults", {"action": "explode"}, 400, "action 'explode' is none of status"),
        ("POST", "faults", [], 400, "the body must be a JSON object"),
        ("POST", "faults/7/release", {}, 404, "no fault to release at 7/release"),
        ("POST", "edit", {"vendor": "acme"}, 400, "vendor must be one of twilio, vonage, livekit"),
        ("PATCH", "faults", {}, 404, "no route PATCH /_sandbox/faults; there are GET /_sandbox/faults"),
        ("PUT", "state", {"version": 0}, 400, "not a snapshot of version 1"),
    ],
)
def test_a_wrong_admin_request_is_told_what_is_wrong(
    client: httpx.Client, method: str, path: str, body: Any, status: int, message: str
) -> None:
    answer = client.request(method, f"/_sandbox/{path}", json=body)
    assert answer.status_code == status
    assert message in answer.json()["message"]


def test_parallel_purchases_over_http_charge_each_number_once(world: Sandbox, server: SandboxServer) -> None:
    def buy() -> None:
        with httpx.Client(base_url=server.url, auth=AUTH, timeout=60) as own:
            for n in range(5):
                own.post(NUMBERS, data={"PhoneNumber": f"+1650555000{n}"})

    threads = [threading.Thread(target=buy) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(charge.number for charge in world.ledger.charges()) == [f"+1650555000{n}" for n in range(5)]
    assert len(world.journal.writes()) == 20


def test_the_state_file_survives_a_restart(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "below" / "state.json"
    with SandboxServer(Sandbox(now=clock), state_file=file) as first:
        httpx.post(first.url + NUMBERS, data={"PhoneNumber": US}, auth=AUTH).raise_for_status()
        assert file.stat().st_mode & 0o777 == 0o600
        saved = file.read_bytes()
    assert [path.name for path in file.parent.iterdir()] == ["state.json"]
    second = Sandbox(now=clock)
    with SandboxServer(second, state_file=file):
        assert (second.twilio.numbers(), len(second.ledger.purchases(US))) == ((US,), 1)
        second.twilio.edit_number(US, friendly_name="changed")
        assert b"changed" in file.read_bytes() and b"changed" not in saved


def test_a_state_file_that_is_none_is_refused_and_left_untouched(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    for text in ("{", "{}", "[]", '{"version": 1}'):
        file.write_text(text)
        with pytest.raises(ValueError, match=r"state\.json is no state of this sandbox .* left untouched"):
            SandboxServer(Sandbox(), state_file=file)
        assert file.read_text() == text


def test_only_loopback_addresses_are_served(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="loopback"):
        SandboxServer(Sandbox(), host="0.0.0.0")  # noqa: S104 - the refusal is the point
    assert main(["--host", "0.0.0.0"]) == 1  # noqa: S104 - the refusal is the point
    assert "Invalid value for '--host': '0.0.0.0' is not one of" in capsys.readouterr().err


def test_a_taken_port_is_one_clear_error(server: SandboxServer, capsys: pytest.CaptureFixture[str]) -> None:
    port = server.url.rpartition(":")[2]
    assert main(["--port", port]) == 1
    assert f"cannot serve on 127.0.0.1:{port}" in capsys.readouterr().err


def test_the_command_prints_the_settings_serves_and_stops_on_sigterm() -> None:
    command = [sys.executable, "-m", "sandbox"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ}) as process:
        assert process.stdout
        lines = [process.stdout.readline().strip() for _ in environment("")]
        printed = dict(line.removeprefix("export ").split("=", 1) for line in lines)
        assert printed == environment(printed["TWILIO_BASE_URL"])
        assert httpx.get(printed["TWILIO_BASE_URL"] + NUMBERS, auth=AUTH).status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(SOON) == 0


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sandbox", "--state", str(tmp_path / "state.json")]
    owned = []
    for number in (US, "+16505550000"):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            lines = [process.stdout.readline().strip() for _ in environment("")]
            url = dict(line.removeprefix("export ").split("=", 1) for line in lines)["TWILIO_BASE_URL"]
            httpx.post(url + NUMBERS, data={"PhoneNumber": number}, auth=AUTH).raise_for_status()
            owned.append(httpx.get(url + "/_sandbox/ledger").json()["owned"])
            process.kill()
    assert owned == [[US], ["+16505550000", US]]
