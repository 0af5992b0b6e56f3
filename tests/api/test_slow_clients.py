"""Clients that say nothing, speak slowly, or do not listen: each is waited for a while, and nobody else for them."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from pathlib import Path

import httpx
import pytest
from starlette.types import Message, Receive

from tests.api.bounded import GET, LARGE, PATIENCE, POST, address, closed, healthy, served
from tests.support.waiting import SOON
from trunkline.api.endpoints.edits import refusal
from trunkline.api.problem import ApiProblem


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
    patience = 3 * PATIENCE  # a busy machine may let nobody run for one
    with served(tmp_path, unread=patience) as (url, metrics), socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        connection.settimeout(SOON)
        connection.connect(address(url))
        connection.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer, began = bytearray(), time.monotonic()
        while piece := connection.recv(1 << 16):
            answer += piece
            time.sleep(2 * patience * len(piece) / LARGE)
        assert time.monotonic() - began >= 1.5 * patience
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
