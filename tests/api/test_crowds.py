"""More connections than the server has room for: the oldest idle one of a crowded address goes, and no other."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import httpx
import pytest

from tests.api import credentials
from tests.api.bounded import GET, POST, Slow, address, closed, healthy, served
from tests.api.conftest import NOW
from tests.api.serving import Fixed, serve
from tests.support.waiting import SOON, until
from trunkline.api import create_app
from trunkline.api.connections import Limits
from trunkline.api.proxies import Proxies


@contextlib.contextmanager
def many_files(count: int) -> Iterator[None]:
    """Both ends of a thousand connections are files of this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max(soft, count) if hard == resource.RLIM_INFINITY else min(max(soft, count), hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_thousand_idle_connections_keep_nobody_waiting(tmp_path: Path) -> None:
    async def answered_beside(url: str, count: int) -> int:
        held = [await asyncio.open_connection(*address(url)) for _ in range(count)]
        for _ in range(5):
            await asyncio.to_thread(healthy, url)
        went_in_time = closed(metrics, "slow")
        for _, writer in held:
            writer.close()
        return went_in_time

    # They may stay longer than who asks is ready to wait.
    with many_files(4096), served(tmp_path, request=10 * SOON) as (url, metrics):
        assert asyncio.run(answered_beside(url, 1000)) == 0
        assert closed(metrics, "crowded") >= 900  # an address holds a hundred


def test_idle_connections_go_when_their_time_is_over(tmp_path: Path) -> None:
    async def held_out(url: str) -> None:
        idle = [await asyncio.open_connection(*address(url)) for _ in range(90)]
        await asyncio.wait_for(asyncio.gather(*(reader.read() for reader, _ in idle), return_exceptions=True), SOON)
        for _, writer in idle:
            writer.close()

    with served(tmp_path) as (url, metrics):
        asyncio.run(held_out(url))
        assert {reason: closed(metrics, reason) for reason in ("slow", "crowded")} == {"slow": 90, "crowded": 0}


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
