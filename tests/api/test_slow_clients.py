"""Clients that say nothing, speak slowly, or do not listen: each is waited for a while, and nobody else for them."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Receive

from tests.api import credentials
from tests.api.conftest import NOW
from tests.api.credentials import KEYS
from tests.api.serving import Fixed, serve
from tests.support.waiting import SOON, until
from trunkline.api import create_app
from trunkline.api.auth.principal import Role
from trunkline.api.connections import Connections, Limits, protocol
from trunkline.api.endpoints.edits import refusal
from trunkline.api.metrics import Metrics
from trunkline.api.problem import ApiProblem
from trunkline.api.proxies import Proxies

PATIENCE = 1.0  # seconds, in place of the 10 that a request has
KEY = f"X-API-Key: {KEYS[Role.VIEWER]}\r\n"
GET = f"GET /sip/sales-us HTTP/1.1\r\nHost: localhost\r\n{KEY}\r\n".encode()
POST = f"POST /sip HTTP/1.1\r\nHost: localhost\r\n{KEY}Content-Length: 60\r\n\r\n".encode()
LARGE = 8 << 20  # bytes


class Slow:
    """A route that answers when it is told to; `asked` counts who waits."""

    def __init__(self) -> None:
        self.asked, self.told = 0, threading.Event()

    async def __call__(self, request: Request) -> Response:
        self.asked += 1
        while not self.told.is_set():
            await asyncio.sleep(0.01)
        return Response(status_code=204)


async def large(request: Request) -> Response:
    """Answers with more than a connection holds."""
    return Response(bytes(LARGE))


@contextlib.contextmanager
def served(folder: Path, slow: Slow | None = None, **limits: object) -> Iterator[tuple[str, Metrics]]:
    """The API behind limits that suit a test."""
    chosen = Limits(**{"request": PATIENCE, "unread": PATIENCE, **limits})  # type: ignore[arg-type]
    metrics, waiting = Metrics(), slow or Slow()
    routes = [Route("/slow", waiting.__call__), Route("/large", large)]
    app = create_app(Fixed(NOW), credentials.auth(folder), routes=routes, metrics=metrics)
    with serve(app, http=protocol(Connections(chosen, metrics.close)), ws="none") as url:
        try:
            yield url, metrics
        finally:
            waiting.told.set()  # a test that fails must not leave a server that cannot end


def address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    assert parts.hostname is not None and parts.port is not None
    return parts.hostname, parts.port


def closed(metrics: Metrics, reason: str) -> int:
    """How many connections were closed for a reason."""
    line = f'trunkline_connections_closed_total{{reason="{reason}"}} '
    found = [text for text in metrics.text(()).decode().splitlines() if text.startswith(line)]
    return int(float(found[0].removeprefix(line))) if found else 0


def healthy(url: str) -> float:
    """Ask whether the process answers; give the seconds it took."""
    began = time.monotonic()
    assert httpx.get(f"{url}/healthz", trust_env=False, timeout=SOON).status_code == 200
    return time.monotonic() - began


async def spoken(url: str, start: bytes, rest: bytes, pause: float) -> tuple[float, bytes]:
    """Say the start at once and the rest byte by byte; give when the connection was closed, and what was answered."""
    began = time.monotonic()
    reader, writer = await asyncio.open_connection(*address(url))
    heard = asyncio.create_task(reader.read())
    with contextlib.suppress(ConnectionError):
        writer.write(start)
        for place in range(len(rest)):
            await asyncio.wait([heard], timeout=pause)
            if heard.done():
                break
            writer.write(rest[place : place + 1])
        answer = await asyncio.wait_for(heard, SOON)
        writer.close()
        return time.monotonic() - began, answer
    return time.monotonic() - began, b""


@contextlib.contextmanager
def many_files(count: int) -> Iterator[None]:
    """Both ends of a thousand connections are files of this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max(soft, count) if hard == resource.RLIM_INFINITY else min(max(soft, count), hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_thousand_idle_connections_keep_nobody_waiting_and_go_when_their_time_is_over(tmp_path: Path) -> None:
    async def hold(url: str) -> tuple[list[float], float]:
        idle = [await asyncio.open_connection(*address(url)) for _ in range(1000)]
        began = time.monotonic()
        taken = [await asyncio.to_thread(healthy, url) for _ in range(5)]
        await asyncio.wait_for(asyncio.gather(*(reader.read() for reader, _ in idle), return_exceptions=True), SOON)
        for _, writer in idle:
            writer.close()
        return taken, time.monotonic() - began

    with many_files(4096), served(tmp_path, request=5.0) as (url, metrics):
        taken, until_closed = asyncio.run(hold(url))
        assert max(taken) < 4.0
        assert until_closed < SOON / 2
        counted = {reason: closed(metrics, reason) for reason in ("slow", "crowded")}
    assert counted["slow"] + counted["crowded"] == 1000
    assert counted["crowded"] >= 900  # an address holds a hundred


@pytest.mark.parametrize(
    ("start", "rest"),
    [
        (b"", b""),
        (b"", GET),
        (GET[:-4], b"X-Pad: " + b"x" * 90),
        (POST, b"x" * 60),
        (b"", POST),
        (GET, GET),
        (GET + GET[:5], b""),
        (POST + b"x" * 60, b"GET / HTTP"),
    ],
    ids=[
        "silence",
        "a head by bytes",
        "one more line",
        "a body by bytes",
        "head and body by bytes",
        "an answer, then a head by bytes",
        "an answer, then a part of a head",
        "a body, then a head by bytes",
    ],
)
def test_a_request_has_its_time_from_its_first_byte_to_its_last(start: bytes, rest: bytes, tmp_path: Path) -> None:
    with served(tmp_path) as (url, metrics):
        took, answer = asyncio.run(spoken(url, start, rest, 0.1))
        assert PATIENCE * 0.9 <= took < SOON / 2
        assert answer.count(b"HTTP/1.1 ") == (start.startswith(GET) or start.endswith(b"x"))
        assert closed(metrics, "slow") == 1
        healthy(url)


def test_a_connection_between_two_requests_has_another_clock(tmp_path: Path) -> None:
    with served(tmp_path) as (url, metrics), httpx.Client(base_url=url, trust_env=False, timeout=SOON) as client:
        ports = set()
        for _ in range(2):
            answer = client.get("/healthz")
            ports.add(answer.extensions["network_stream"].get_extra_info("client_addr"))
            time.sleep(PATIENCE * 1.5)
        assert (len(ports), closed(metrics, "slow")) == (1, 0)


@pytest.mark.parametrize(
    "start", [b"", GET[:9], POST, POST + b"xx"], ids=["idle", "heads", "bodies", "parts of bodies"]
)
def test_an_address_that_holds_too_many_pushes_out_its_own_oldest(start: bytes, tmp_path: Path) -> None:
    with served(tmp_path, request=SOON, address=10) as (url, metrics):
        held = [socket.create_connection(address(url)) for _ in range(10)]
        for connection in held:
            connection.sendall(start)
        time.sleep(0.2)
        healthy(url)
        held[0].settimeout(SOON)
        with contextlib.suppress(ConnectionError):
            assert held[0].recv(1000) == b""
        assert closed(metrics, "crowded") == 1
        held[1].setblocking(False)
        with pytest.raises(BlockingIOError):
            held[1].recv(1)
        for connection in held:
            connection.close()


def test_who_asked_last_is_pushed_out_last(tmp_path: Path) -> None:
    def ask(connection: HTTPConnection) -> int:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        answer.read()
        return answer.status

    with served(tmp_path, request=SOON, address=3) as (url, metrics), contextlib.ExitStack() as stack:
        held = [HTTPConnection(*address(url), timeout=SOON) for _ in range(3)]
        for connection in held:
            stack.callback(connection.close)
            assert ask(connection) == 200  # one that has connected only may not be known to the server yet
        assert ask(held[0]) == 200
        healthy(url)
        assert closed(metrics, "crowded") == 1
        assert (ask(held[0]), ask(held[2])) == (200, 200)
        with pytest.raises((ConnectionError, HTTPException)):
            ask(held[1])


def test_uvicorns_own_command_can_be_told_to_bound_clients_as_well(tmp_path: Path) -> None:
    app = create_app(Fixed(NOW), credentials.auth(tmp_path))
    with serve(app, http="trunkline.api.connections:Bounded") as url:
        held = [socket.create_connection(address(url), timeout=SOON) for _ in range(Limits().address)]
        time.sleep(0.2)
        healthy(url)
        with contextlib.suppress(ConnectionError):
            assert held[0].recv(1000) == b""
        for connection in held:
            connection.close()


def test_there_is_room_for_connections_where_few_files_may_be_open() -> None:
    code = (
        "import resource; from trunkline.api.server import _total;"
        "hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1];"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard)); print(_total())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "192\n"


def test_what_is_being_answered_is_not_pushed_out(tmp_path: Path) -> None:
    slow = Slow()
    with served(tmp_path, slow, request=SOON, address=3) as (url, metrics):
        held = [socket.create_connection(address(url), timeout=SOON) for _ in range(3)]
        for connection in held:
            connection.sendall(b"GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n")
        until(lambda: slow.asked == 3)
        with pytest.raises(httpx.TransportError):
            healthy(url)
        slow.told.set()
        assert [connection.recv(20)[:12] for connection in held] == [b"HTTP/1.1 204"] * 3
        assert closed(metrics, "crowded") == 1
        for connection in held:
            connection.close()


def test_all_together_hold_no_more_than_the_server_has(tmp_path: Path) -> None:
    everyone = Proxies.parse("127.0.0.0/8")
    with served(tmp_path, request=SOON, address=2, total=10, proxies=everyone) as (url, metrics):
        held = [socket.create_connection(address(url)) for _ in range(10)]
        time.sleep(0.2)
        assert closed(metrics, "crowded") == 0  # those of a proxy are many clients'
        healthy(url)
        assert closed(metrics, "crowded") == 1
        for connection in held:
            connection.close()


def test_who_does_not_take_an_answer_is_not_waited_for_without_an_end(tmp_path: Path) -> None:
    with served(tmp_path) as (url, metrics), socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(address(url))
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
        began = time.monotonic()
        while closed(metrics, "unread") == 0:
            assert time.monotonic() - began < SOON
            time.sleep(0.05)
        assert time.monotonic() - began >= PATIENCE * 0.9


def test_who_takes_an_answer_slowly_gets_it_whole(tmp_path: Path) -> None:
    with served(tmp_path) as (url, metrics), socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        connection.settimeout(SOON)
        connection.connect(address(url))
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer, began = bytearray(), time.monotonic()
        while piece := connection.recv(1 << 16):
            answer += piece
            time.sleep(3 * PATIENCE * len(piece) / LARGE)
        assert time.monotonic() - began >= 2 * PATIENCE
        assert (len(answer.partition(b"\r\n\r\n")[2]), closed(metrics, "unread")) == (LARGE, 0)


async def never() -> Message:
    await asyncio.sleep(SOON)
    raise AssertionError


async def gone() -> Message:
    return {"type": "http.disconnect"}


@pytest.mark.parametrize("receive", [never, gone])
def test_a_body_that_does_not_come_whole_is_408_under_any_server(receive: Receive) -> None:
    scope = {"type": "http", "method": "POST", "path": "/sip"}
    with pytest.raises(ApiProblem) as told:
        asyncio.run(refusal(scope, receive, None, patience=0.05))
    assert (told.value.code, told.value.status) == ("request-slow", 408)
