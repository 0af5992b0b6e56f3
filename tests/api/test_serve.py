"""Starting the server: by the command, by any ASGI server, and not at all where that would be unsafe."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api.credentials import JWT_SECRET, KEYS, key_file
from tests.state import fleet
from tests.state.state_file import STATE, checkpoint, put
from tests.support.waiting import SOON, until
from trunkline.api.auth import keys, small_file
from trunkline.api.auth.principal import Role
from trunkline.api.serving import auth, build, from_environment, plugged
from trunkline.api.settings import ApiSettings
from trunkline.cli.serve import check_address, listen, main
from trunkline.errors import Refusal, SettingsError
from trunkline.state.opening import require_stack
from trunkline.state.stack import StackAddress

STACK = "organization/fleet/dev"
PINNED = {"TRUNKLINE_JWT_ISSUER": "i", "TRUNKLINE_JWT_AUDIENCE": "a"}


def environ(folder: Path, **more: str) -> dict[str, str]:
    return {"PULUMI_BACKEND_URL": f"file://{folder}", "TRUNKLINE_STACK": STACK, **more}


def test_an_answer_is_sent_at_once_and_waits_for_no_acknowledgement_of_its_head() -> None:
    async def sends_at_once() -> int:
        taken: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            taken.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        (listening,) = listen("127.0.0.1", 0)
        async with await asyncio.start_server(take, sock=listening):
            _, writer = await asyncio.open_connection(*listening.getsockname())
            writer.close()
            return await taken

    assert asyncio.run(sends_at_once()) == 1


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com", "127.0.0.1.example.com", ""])  # noqa: S104
def test_an_open_server_does_not_listen_where_others_reach_it(host: str, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="Nothing was started"):
        main(("--host", host, "--cwd", str(tmp_path)), environ(tmp_path))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_loopback_needs_no_authentication(host: str) -> None:
    check_address(host, authenticates=False)


@pytest.mark.parametrize(
    ("more", "authenticates"),
    [
        ({}, False),
        ({"TRUNKLINE_KEYS_FILE": "keys.json"}, True),
        ({"TRUNKLINE_JWT_SECRET": JWT_SECRET, **PINNED}, True),
        ({"TRUNKLINE_JWT_SECRET": JWT_SECRET, "TRUNKLINE_JWT_ISSUER": "", "TRUNKLINE_JWT_AUDIENCE": ""}, True),
        ({"TRUNKLINE_JWKS": "https://issuer.example/keys", **PINNED}, True),
    ],
)
def test_authentication_is_what_the_environment_configures(
    more: dict[str, str], authenticates: bool, tmp_path: Path
) -> None:
    assert ApiSettings.load(environ(tmp_path, **more), folder=tmp_path).authenticates is authenticates


def test_a_key_file_beside_the_project_is_found(tmp_path: Path) -> None:
    (tmp_path / ".trunkline").mkdir()
    key_file(tmp_path / ".trunkline")
    assert ApiSettings.load(environ(tmp_path), folder=tmp_path).keys_file == tmp_path / ".trunkline/keys.json"


@pytest.mark.parametrize("named", [{"TRUNKLINE_KEYS_FILE": "keys.json"}, {}, {"TRUNKLINE_JWKS": "set.json", **PINNED}])
def test_a_file_system_that_gives_no_answer_holds_no_start_up_and_opens_no_door(
    named: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = threading.Event()
    monkeypatch.setattr(small_file, "PATIENCE", 0.01)
    monkeypatch.setattr(small_file, "read", lambda path, limit: answers.wait(SOON))
    try:
        settings = ApiSettings.load(environ(tmp_path, **named), folder=tmp_path)
        way_in = auth(settings)
        assert way_in.keys is not None
        asyncio.run(way_in.keys.refresh())
        assert (settings.authenticates, way_in.keys_readable, way_in.known_keys()) == (True, False, ())
    finally:
        answers.set()


@pytest.mark.parametrize(
    ("more", "rules"),
    [
        ({"TRUNKLINE_STACK": ""}, ["stack-missing"]),
        (
            {"TRUNKLINE_STACK": "a/b/../c", "PULUMI_BACKEND_URL": ""},
            ["stack-malformed", "project-missing", "backend-missing"],
        ),
        ({"TRUNKLINE_STACK": "acme/fleet/dev"}, ["organization-unknown"]),
        ({"TRUNKLINE_JWT_SECRET": JWT_SECRET}, ["jwt-unpinned", "jwt-unpinned"]),
        ({"TRUNKLINE_JWT_SECRET": "short", **PINNED}, ["secret-short"]),
        ({"TRUNKLINE_JWKS": "http://issuer.example/keys", **PINNED}, ["jwks-insecure"]),
        ({"TRUNKLINE_JWKS": "https:///keys", **PINNED}, ["jwks-insecure"]),
        ({"PULUMI_BACKEND_URL": "s3://[team-state"}, ["backend-malformed"]),
        ({"TRUNKLINE_JWKS": "nowhere.json", **PINNED}, ["jwks-missing"]),
        (
            {"TRUNKLINE_STACK": "", "TRUNKLINE_JWKS": "nowhere.json"},
            ["stack-missing", "project-missing", "jwt-unpinned", "jwt-unpinned", "jwks-missing"],
        ),
    ],
)
def test_every_wrong_setting_is_named_at_once(more: dict[str, str], rules: list[str], tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as told:
        ApiSettings.load(environ(tmp_path, **more), folder=tmp_path)
    assert [problem.rule for problem in told.value.problems] == (
        [*rules, "project-missing"] if rules == ["stack-missing"] else rules
    )
    assert "short" not in str(told.value) or "bytes" in str(told.value)


def test_project_and_backend_are_those_of_pulumi_yaml(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: fleet\nruntime: python\nbackend: {url: 's3://team-state'}\n")
    address = ApiSettings.load({"TRUNKLINE_STACK": "dev"}, folder=tmp_path).addresses[0]
    assert (address.project, address.stack, address.backend) == ("fleet", "dev", "s3://team-state")


@pytest.mark.parametrize(
    ("environ", "option", "stack"),
    [
        ({"PULUMI_STACK": "dev"}, "", "dev"),
        ({"PULUMI_STACK": "dev", "TRUNKLINE_STACK": "prod"}, "", "prod"),
        ({"PULUMI_STACK": "dev", "TRUNKLINE_STACK": "prod"}, "test", "test"),
    ],
)
def test_the_stack_is_named_by_the_option_or_by_us_or_by_pulumi(
    environ: dict[str, str], option: str, stack: str, tmp_path: Path
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: fleet\nruntime: python\nbackend: {url: 's3://team-state'}\n")
    assert ApiSettings.load(environ, stacks=[option] if option else [], folder=tmp_path).addresses[0].stack == stack


def selected(folder: Path, stacks: object) -> dict[str, str]:
    """An environment that names no stack, in which `pulumi stack select` has left this for the project of a folder."""
    (folder / "Pulumi.yaml").write_text("name: fleet\nruntime: python\nbackend: {url: 's3://team-state'}\n")
    mark = hashlib.sha1(str(folder / "Pulumi.yaml").encode(), usedforsecurity=False).hexdigest()
    workspaces = folder / "home" / "workspaces"
    workspaces.mkdir(parents=True)
    (workspaces / f"fleet-{mark}-workspace.json").write_text(json.dumps(stacks))
    return {"PULUMI_HOME": str(folder / "home")}


@pytest.mark.parametrize(
    "stacks",
    [
        {"stacks": {"s3://other": "organization/fleet/else", "s3://team-state": "organization/fleet/dev"}},
        {"stack": "dev"},
    ],
    ids=["by backend", "as older ones do"],
)
def test_where_nobody_names_a_stack_it_is_the_one_that_pulumi_has_selected(stacks: object, tmp_path: Path) -> None:
    environ = selected(tmp_path, stacks)
    assert ApiSettings.load(environ, folder=tmp_path).addresses[0].stack == "dev"
    assert ApiSettings.load({**environ, "PULUMI_STACK": "prod"}, folder=tmp_path).addresses[0].stack == "prod"


@pytest.mark.parametrize("stacks", [{"stacks": {"s3://other": "organization/fleet/else"}}, [], {"stacks": 1}, 7])
def test_a_stack_that_is_selected_in_another_backend_or_in_no_way_is_not_taken(stacks: object, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as told:
        ApiSettings.load(selected(tmp_path, stacks), folder=tmp_path)
    assert [(one.rule, one.fix) for one in told.value.problems] == [
        ("stack-missing", "pass --stack, set TRUNKLINE_STACK or PULUMI_STACK, or run `pulumi stack select`")
    ]


def test_the_backend_is_that_of_the_last_login(tmp_path: Path) -> None:
    (tmp_path / "credentials.json").write_text('{"current": "gs://team-state"}')
    settings = ApiSettings.load({"TRUNKLINE_STACK": STACK, "PULUMI_HOME": str(tmp_path)}, folder=tmp_path)
    assert settings.addresses[0].backend == "gs://team-state"
    assert "team-state" not in repr(settings)


def test_a_stack_that_does_not_exist_is_an_error_at_the_start(tmp_path: Path) -> None:
    for start in (
        lambda: main(("--cwd", str(tmp_path)), environ(tmp_path)),
        lambda: from_environment(environ(tmp_path)),
    ):
        with pytest.raises(SettingsError) as told:
            start()
        assert [(one.rule, one.message) for one in told.value.problems] == [
            ("stack-unknown", "the backend holds no stack organization/fleet/dev")
        ]


def test_a_backend_that_does_not_answer_keeps_no_server_from_starting(tmp_path: Path) -> None:
    require_stack(StackAddress(project="fleet", stack="dev", backend=f"file://{tmp_path}/gone", folder=str(tmp_path)))


def test_importing_does_nothing_and_loads_no_server() -> None:
    code = (
        "import sys, threading, trunkline.api, trunkline.cli.serve;"
        "assert threading.active_count() == 1;"
        "assert not {'uvicorn', 'starlette', 'boto3', 'psycopg', 'jwt'} & set(sys.modules), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PATH": os.environ["PATH"]})


def test_what_is_handed_to_the_api_may_be_missing() -> None:
    assert plugged("no_such_package_of_ours.offers:search", {}) is None
    assert plugged("trunkline.no_such_module:search", {}) is None


@contextlib.contextmanager
def started(*command: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a server as a process; give it and its URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    put(folder, STATE, checkpoint(fleet.LINES))
    given = environ(folder, TRUNKLINE_KEYS_FILE=str(key_file(folder)))
    process = subprocess.Popen(
        [sys.executable, *command, "--port", port],
        env={**os.environ, **given},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        until(lambda: process.poll() is not None or _is_ready(url))
        assert process.poll() is None, process.communicate()[1]
        yield process, url
    finally:
        process.kill()
        process.communicate()


def _status(url: str, key: str) -> int:
    return httpx.get(url, headers={"X-API-Key": key}, trust_env=False, timeout=SOON).status_code


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


SERVE = ("-c", "import sys; from trunkline.cli.serve import main; sys.exit(main(sys.argv[1:]))")
UVICORN = ("-m", "uvicorn", "trunkline.api:app", "--no-access-log", "--no-server-header", "--log-level", "error")


@pytest.mark.parametrize("command", [SERVE, UVICORN], ids=["trunkline serve", "uvicorn trunkline.api:app"])
def test_a_started_server_serves_logs_and_ends_with_its_reader(command: tuple[str, ...], tmp_path: Path) -> None:
    key = KEYS[Role.VIEWER]
    with started(*command, folder=tmp_path) as (process, url):
        answer = httpx.get(f"{url}/sip/sales-us", headers={"X-API-Key": key}, trust_env=False, timeout=SOON)
        assert (answer.status_code, answer.json()["id"], "server" in answer.headers) == (200, "sales-us", False)
        keys.revoke(tmp_path / "keys.json", "ci-viewer")
        until(lambda: _status(f"{url}/sip", key) == 401)
        reader = _child(process.pid)
        process.send_signal(signal.SIGINT)
        _, logged = process.communicate(timeout=SOON)
    accesses = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
    statuses = [access["status"] for access in accesses if access["path"].startswith("/sip")]
    assert statuses == [200] * (len(statuses) - 1) + [401]  # a key works for some moments after it was revoked
    assert key not in logged
    assert not Path(f"/proc/{reader}").exists()


def test_a_reader_whose_server_is_killed_ends_too(tmp_path: Path) -> None:
    with started(*UVICORN, folder=tmp_path) as (process, _):
        reader = _child(process.pid)
    until(lambda: not Path(f"/proc/{reader}").exists())


def _child(pid: int) -> int:
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def test_origins_that_are_named_may_ask(tmp_path: Path) -> None:
    settings = ApiSettings.load(environ(tmp_path, TRUNKLINE_CORS_ORIGINS="https://a.example"), folder=tmp_path)
    assert type(build(settings, None, None)).__name__ == "CORSMiddleware"
