"""Requests that are no HTTP, or could be read in two ways: a problem like every other, and the connection's end."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.api.bounded import GET, KEY, address, served
from tests.support.waiting import SOON

HEAD = f"POST /sip HTTP/1.1\r\nHost: localhost\r\n{KEY}"
CHUNKS = "\r\n5\r\nhello\r\n0\r\n\r\n"

MALFORMED: Mapping[str, str] = {
    "no HTTP": "SSH-2.0-OpenSSH\r\n\r\n",
    "no version": "GET /sip\r\n\r\n",
    "another version": f"GET /sip HTTP/2.0\r\nHost: localhost\r\n{KEY}\r\n",
    "the beginning of HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "no host": "GET /sip HTTP/1.1\r\n\r\n",
    "a head without a colon": f"GET /sip HTTP/1.1\r\nHost: localhost\r\n{KEY}nonsense\r\n\r\n",
    "a blank before a colon": f"GET /sip HTTP/1.1\r\nHost: localhost\r\n{KEY}X-Odd : 1\r\n\r\n",
    "a length that is none": HEAD + "Content-Length: five\r\n\r\nhello",
    "two lengths": HEAD + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "a length and chunks": HEAD + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n" + CHUNKS,
    "chunks and a length": HEAD + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n" + CHUNKS,
    "chunks and a length of nothing": HEAD + "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n" + CHUNKS,
    "a length and chunks in odd letters": HEAD + "content-LENGTH: 5\r\ntransfer-ENCODING: Chunked\r\n" + CHUNKS,
    "an encoding that is not known": HEAD + "Transfer-Encoding: gzip\r\n\r\n",
    "chunks in HTTP/1.0": HEAD.replace("HTTP/1.1", "HTTP/1.0") + "Transfer-Encoding: chunked\r\n" + CHUNKS,
    "a chunk that is none": HEAD + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
    "an endless head": f"GET /sip HTTP/1.1\r\nHost: localhost\r\n{KEY}X-Pad: {'x' * 40_000}",
}


def said(url: str, request: bytes) -> bytes:
    """Give all that the server says until it closes the connection."""
    heard = b""
    with socket.create_connection(address(url), timeout=SOON) as connection:
        connection.sendall(request)
        while piece := connection.recv(65536):
            heard += piece
    return heard


@pytest.mark.parametrize("request_", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_request_or_more_than_one_is_a_problem_like_others_and_ends_the_connection(
    request_: str, tmp_path: Path
) -> None:
    with served(tmp_path) as (url, _):
        # What a smuggler hides behind it is not answered.
        answer = said(url, request_.encode() + (GET if "endless" not in request_ else b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *lines = head.decode().lower().split("\r\n")
    heads = dict(line.split(": ", 1) for line in lines)
    document = json.loads(body)
    assert status == "http/1.1 400 bad request"
    assert {
        name: heads[name] for name in ("content-type", "connection", "cache-control", "x-content-type-options")
    } == {
        "content-type": "application/problem+json",
        "connection": "close",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    assert document == {
        "type": "urn:trunkline:problem:request-malformed",
        "title": "The request is no HTTP",
        "status": 400,
        "detail": "the request is not HTTP/1.1, or could be read in two ways; nothing of it was looked at",
        "instance": f"urn:trunkline:request:{heads['x-request-id']}",
    }


def test_a_good_request_before_a_malformed_one_is_answered(tmp_path: Path) -> None:
    with served(tmp_path) as (url, _):
        answer = said(url, GET + MALFORMED["a length and chunks"].encode() + GET)
    assert answer.count(b"HTTP/1.1 ") == 2
    assert answer.startswith(b"HTTP/1.1 200 ") and b"HTTP/1.1 400 " in answer
