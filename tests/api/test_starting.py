"""Starting and stopping `trunkline serve`: one clear line where it cannot begin, and silence where it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from tests.api.credentials import KEYS, key_file
from tests.api.test_tokens import KEY_SET
from tests.state import fleet
from tests.state.state_file import STATE, checkpoint, put
from tests.support.waiting import SOON, until
from trunkline.api.auth.principal import Role
from trunkline.api.proxies import Proxies
from trunkline.cli.serve import listen
from trunkline.errors import Refusal, SettingsError

PINNED = {"TRUNKLINE_JWT_ISSUER": "i", "TRUNKLINE_JWT_AUDIENCE": "a"}


def environ_of(folder: Path) -> dict[str, str]:
    """What names the stack of a test."""
    return {"PULUMI_BACKEND_URL": f"file://{folder}", "TRUNKLINE_STACK": "organization/fleet/dev"}


def start(folder: Path, *arguments: str, **environ: str) -> subprocess.Popen[str]:
    """Start the command on a stack, in a process group of its own."""
    put(folder, STATE, checkpoint(fleet.LINES))
    given = {**environ_of(folder), **environ}
    inherited = {name: value for name, value in os.environ.items() if name != "FORWARDED_ALLOW_IPS"}
    return subprocess.Popen(
        [sys.executable, "-m", "trunkline.cli.main", "serve", "--cwd", str(folder), *arguments],
        env=inherited | given,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, list[str]]:
    """Give how a process ended: its exit code, what it gave, and what it told, line by line."""
    out, told = process.communicate(timeout=SOON)
    return process.returncode, out, told.splitlines()


class Serving:
    """A server that said that it serves."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self.told = process, list[str]()
        assert process.stderr is not None
        for line in process.stderr:
            self.told.append(line.rstrip())
            if line.startswith("Serving "):
                break
        else:
            raise AssertionError(self.told)
        self.url = self.told[-1].rpartition(" on ")[2]

    def stop(self, kill: Callable[[int, int], None], number: int) -> list[str]:
        """Stop it by a signal; give what it told in its whole life."""
        kill(self.process.pid, number)
        _, told = self.process.communicate(timeout=SOON)
        return [*self.told, *told.splitlines()]


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Callable[..., Serving]]:
    """Starts servers on free ports, and ends what is left of them."""
    started: list[Serving] = []

    def serve(**environ: str) -> Serving:
        keys = {"TRUNKLINE_KEYS_FILE": str(key_file(tmp_path))}
        started.append(Serving(start(tmp_path, "--port", "0", **keys, **environ)))
        return started[-1]

    yield serve
    for server in started:
        server.process.kill()
        server.process.communicate()


def get(url: str, path: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{url}{path}", headers=headers, trust_env=False, timeout=SOON)


def test_it_says_where_it_serves_when_it_serves(serving: Callable[..., Serving]) -> None:
    server = serving()
    assert get(server.url, "/healthz").status_code == 200
    assert server.told == [f"Serving stack dev on {server.url}"]
    assert re.fullmatch(r"http://127\.0\.0\.1:[1-9][0-9]+", server.url)


def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert ended(start(tmp_path, "--port", str(port))) == (
            1,
            "",
            [
                f"trunkline serve: 127.0.0.1:{port}: this address cannot be listened on: Address already in use."
                " Nothing was started. Stop what listens there, or choose another --host or --port."
            ],
        )


@pytest.mark.parametrize("port", ["65536", "-1", "1e3", "http", "\uff18\uff10"])
def test_what_is_no_port_is_told_as_such(port: str, tmp_path: Path) -> None:
    assert ended(start(tmp_path, f"--port={port}")) == (
        1,
        "",
        [f"trunkline serve: --port: {port!r} is no port. Nothing was started. Give a number from 0 to 65535."],
    )


def test_a_host_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"192\.0\.2\.1:0: this address cannot be listened on: .+ Nothing was started"):
        listen("192.0.2.1", 0)
    with pytest.raises(Refusal, match="Nothing was started"):
        listen("no-such-host.invalid", 0)


def test_a_name_listens_on_each_of_its_addresses_at_one_port() -> None:
    sockets = listen("localhost", 0)
    assert len({one.getsockname()[1] for one in sockets}) == 1
    for one in sockets:
        with socket.create_connection(one.getsockname()[:2], timeout=SOON):
            pass
        one.close()


@pytest.mark.parametrize(
    ("text", "rule"),
    [("{", "keys-broken"), ("[" * 200_000, "keys-broken"), ('{"keys":[{"sha256":[]}]}', "keys-broken")],
    ids=["no JSON", "deep", "a wrong type"],
)
def test_a_broken_key_file_is_one_line(text: str, rule: str, tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    code, out, told = ended(start(tmp_path, "--port", "0", TRUNKLINE_KEYS_FILE=str(path)))
    assert (code, out, len(told)) == (1, "", 1)
    assert told[0].startswith(f"trunkline serve: {path}: is not a key file that can be read.")
    assert f"[{rule}]" in told[0]


def test_a_server_of_somebody_else_says_one_line_too(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_text("{")
    done = subprocess.run(
        [sys.executable, "-m", "uvicorn", "trunkline.api:app", "--port", "0"],
        env={**os.environ, **environ_of(tmp_path), "TRUNKLINE_KEYS_FILE": str(path)},
        capture_output=True,
        text=True,
        timeout=SOON,
    )
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert done.stderr.startswith(f"trunkline.api:app: {path}: is not a key file that can be read.")


@pytest.mark.parametrize(
    "document",
    ["", "[]", "{}", '{"keys":1}', '{"keys":[]}', "[" * 200_000, '{"keys":[{"kty":"oct","k":"AA"}]}', "<html>"],
    ids=["empty", "a list", "no keys", "a number", "none", "deep", "a shared secret", "a page"],
)
def test_a_file_that_is_no_key_set_is_one_line(document: str, tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    path.write_text(document)
    code, out, told = ended(start(tmp_path, "--port", "0", TRUNKLINE_JWKS=str(path), **PINNED))
    assert (code, out, len(told)) == (1, "", 1)
    assert told[0].startswith(f"trunkline serve: TRUNKLINE_JWKS: {path}: the ")
    assert "[jwks-invalid]; name a key set" in told[0]


@pytest.fixture
def issuer() -> Iterator[Callable[[bytes, int], str]]:
    """Serves one document at a URL of this host."""
    servers: list[tuple[HTTPServer, threading.Thread]] = []

    def serve(document: bytes, status: int) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(document)

            def log_message(self, *_: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append((server, threading.Thread(target=server.serve_forever)))
        servers[-1][1].start()
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_url_that_gives_no_key_set_is_one_line(issuer: Callable[[bytes, int], str], tmp_path: Path) -> None:
    place = issuer(b"<html>", 200)
    code, out, told = ended(start(tmp_path, "--port", "0", TRUNKLINE_JWKS=f"{place}/x?secret=canary", **PINNED))
    assert (code, out) == (1, "")
    assert told == [
        f"trunkline serve: TRUNKLINE_JWKS: {place}/x: the document is no JSON Web Key Set [jwks-invalid]; give the"
        " issuer's jwks_uri, which its /.well-known/openid-configuration names"
    ]


def test_an_issuer_that_does_not_answer_now_holds_no_start_up(
    issuer: Callable[[bytes, int], str], serving: Callable[..., Serving]
) -> None:
    server = serving(TRUNKLINE_JWKS=issuer(json.dumps(KEY_SET).encode(), 503), **PINNED)
    until(lambda: get(server.url, "/readyz").json()["keySetReadable"] is False)
    told = server.stop(os.kill, signal.SIGTERM)
    assert any(
        "the key set cannot be used: the answer is HTTP 503. No token is accepted by it." in line for line in told
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "a service's stop"])
def test_a_stop_of_all_its_processes_logs_no_restart(number: int, serving: Callable[..., Serving]) -> None:
    server = serving()
    until(lambda: get(server.url, "/readyz").status_code == 200)
    reader = int(Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()[0])

    def all_of_them(pid: int, number: int) -> None:
        os.kill(reader, number) if number == signal.SIGTERM else None  # a service manager reaches sessions too
        os.killpg(pid, number)

    told = server.stop(all_of_them, number)
    assert server.process.returncode == 0
    assert [line for line in told if not line.startswith("{")] == [f"Serving stack dev on {server.url}"]
    until(lambda: not Path(f"/proc/{reader}").exists())


@pytest.mark.parametrize(
    ("believed", "seen"),
    [
        ({}, "127.0.0.1"),
        ({"FORWARDED_ALLOW_IPS": "10.0.0.1"}, "127.0.0.1"),
        ({"FORWARDED_ALLOW_IPS": "127.0.0.0/8"}, "203.0.113.9"),
    ],
    ids=["by default", "from another proxy", "from a named one"],
)
def test_a_forwarded_address_is_believed_from_named_proxies_alone(
    believed: dict[str, str], seen: str, serving: Callable[..., Serving]
) -> None:
    server = serving(**believed)
    admin = {"X-API-Key": KEYS[Role.ADMIN]}
    until(lambda: get(server.url, "/readyz").status_code == 200)
    said = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9", "X-Forwarded-Proto": "https"}
    answer = get(server.url, "/sip", **admin, **said)
    assert ("strict-transport-security" in answer.headers) is (seen != "127.0.0.1")
    until(lambda: bool(get(server.url, "/access", **admin).json()["accesses"]))
    first = get(server.url, "/access", **admin).json()["accesses"][-1]
    assert (first["path"], first["address"]) == ("/sip", seen)


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("*", ["proxies-everyone"]),
        ("10.0.0.1, *", ["proxies-everyone"]),
        ("10.0.0.0/33,lb.example", ["proxies-malformed", "proxies-malformed"]),
        ("10.0.0.7/24", ["proxies-malformed"]),
    ],
)
def test_proxies_are_named_by_address_or_network(text: str, rules: list[str]) -> None:
    with pytest.raises(SettingsError) as told:
        Proxies.parse(text)
    assert [problem.rule for problem in told.value.problems] == rules


def test_nobody_is_a_proxy_unless_named() -> None:
    some = Proxies.parse("10.0.0.7, 2001:db8::/32")
    assert [name in some for name in ("10.0.0.7", "2001:db8::1", "10.0.0.8", "", "lb")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert "127.0.0.1" not in Proxies.parse("")
