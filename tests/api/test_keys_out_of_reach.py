"""Keys that cannot be had: an answer in time all the same, and never held against whoever brings a token."""

from __future__ import annotations

import contextlib
import json
import socketserver
import threading
import time
from collections.abc import Callable, Iterator, Mapping

import httpx
import pytest

from tests.api import credentials
from tests.api.conftest import NOW
from tests.api.credentials import by_key_set
from tests.api.serving import Fixed, serve, with_token
from tests.api.test_tokens import KEY_SET, OTHER, RSA, signed
from tests.support.waiting import SOON
from trunkline.api import create_app
from trunkline.api.auth import jwks
from trunkline.api.auth.throttle import Throttle

DOCUMENT = json.dumps(KEY_SET).encode()
Says = Callable[[socketserver.StreamRequestHandler], None]


def status(url: str, token: str) -> int:
    return with_token(url, token).status_code


def bytes_of(data: bytes) -> Says:
    return lambda handler: _say(handler, data)


def _say(handler: socketserver.StreamRequestHandler, data: bytes) -> None:
    handler.wfile.write(data)


def answer(body: bytes, status: str = "200 OK", *more: str) -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"content-length: {len(body)}", "connection: close", *more])
    return head.encode() + b"\r\n\r\n" + body


def dripping(start: bytes, rest: bytes) -> Says:
    """An answer whose bytes come each well within any time for a single one, and all together never."""

    def say(handler: socketserver.StreamRequestHandler) -> None:
        handler.wfile.write(start)
        for place in range(len(rest)):
            handler.wfile.write(rest[place : place + 1])
            handler.wfile.flush()
            time.sleep(0.05)

    return say


FAILING: Mapping[str, Says] = {
    "500": bytes_of(answer(DOCUMENT, "500 Oops")),
    "404": bytes_of(answer(DOCUMENT, "404 Not Found")),
    "a redirect": bytes_of(answer(DOCUMENT, "302 Found", "location: http://127.0.0.1:9/")),
    "no answer": bytes_of(b""),
    "no HTTP": bytes_of(b"SSH-2.0-OpenSSH\r\n"),
    "a bad status line": bytes_of(b"HTTP/1.1 abc\r\n\r\n"),
    "a body that is not packed as it says": bytes_of(answer(DOCUMENT, "200 OK", "content-encoding: gzip")),
    "a long head": bytes_of(answer(DOCUMENT, "200 OK", f"x-long: {'a' * 100_000}")),
    "half an answer": bytes_of(answer(DOCUMENT)[:-9]),
    "a page": bytes_of(answer(b"<html>")),
    "no key set": bytes_of(answer(b"{}")),
    "deep JSON": bytes_of(answer(b'{"keys":' + b"[" * 200_000)),
    "UTF-16": bytes_of(answer(json.dumps(KEY_SET).encode("utf-16"))),
    "over a megabyte": bytes_of(answer(DOCUMENT[:-1] + b" " * jwks.MAX_SIZE + b"}")),
    "a slow body": dripping(answer(DOCUMENT)[: -len(DOCUMENT)], DOCUMENT),
    "a slow head": dripping(b"", answer(DOCUMENT)),
    "silence": lambda handler: time.sleep(3),
}


@pytest.fixture
def place_that(request: pytest.FixtureRequest) -> Iterator[tuple[str, dict[str, Says]]]:
    """A server on this host, and what it says."""
    says = {"now": bytes_of(b"")}

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                pass
            with contextlib.suppress(OSError):  # who asked has gone
                says["now"](self)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/keys", says
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("failing", FAILING.values(), ids=FAILING)
def test_a_key_set_that_cannot_be_had_is_503_within_the_deadline_and_no_failed_login(
    failing: Says, place_that: tuple[str, dict[str, Says]], caplog: pytest.LogCaptureFixture
) -> None:
    place, says = place_that
    clock = [0.0]
    says["now"] = failing
    auth = by_key_set(place, clock, deadline=0.5)
    auth.failures = Throttle(burst=1, every=1000.0, clock=lambda: 7.0)
    good, bad = (signed(key, "RS256", "rsa", credentials.claims()) for key in (RSA, OTHER))
    with serve(create_app(Fixed(NOW), auth)) as url:
        began = time.monotonic()
        answers = [with_token(url, good) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [503] * 3
        assert answers[0].json()["type"] == "urn:trunkline:problem:keys-unavailable"
        assert int(answers[0].headers["retry-after"]) > 0
        assert time.monotonic() - began < SOON / 3
        assert httpx.get(f"{url}/readyz", trust_env=False).json()["keySetReadable"] is False
        says["now"] = bytes_of(answer(DOCUMENT))
        clock[0] = 11.0
        assert (status(url, good), status(url, bad), status(url, bad), status(url, good)) == (200, 401, 429, 200)
        assert httpx.get(f"{url}/readyz", trust_env=False).json()["keySetReadable"] is True
    told = [record.getMessage() for record in caplog.records if record.name == "trunkline.api"]
    assert [(place in text, "cannot be used" in text, "can be used again" in text) for text in told] == [
        (True, True, False),
        (True, False, True),
    ]
    assert all(text.isprintable() and len(text) < 400 for text in told)


def test_who_asks_while_the_first_keys_are_fetched_waits_for_them(place_that: tuple[str, dict[str, Says]]) -> None:
    place, says = place_that

    def later(handler: socketserver.StreamRequestHandler) -> None:
        time.sleep(0.3)
        handler.wfile.write(answer(DOCUMENT))

    says["now"] = later
    good = signed(RSA, "RS256", "rsa", credentials.claims())
    with serve(create_app(Fixed(NOW), by_key_set(place, [0.0]))) as url:
        assert [status(url, good) for _ in range(2)] == [200, 200]
