"""The issuer's keys: fetched in time or not at all, and never held against whoever brings a token."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import socketserver
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api import credentials
from tests.api.conftest import NOW
from tests.api.credentials import AUDIENCE, ISSUER
from tests.api.serving import Fixed, serve
from tests.api.test_tokens import EC, KEY_SET, OTHER, RSA, signed
from tests.support.waiting import SOON, until
from trunkline.api import create_app
from trunkline.api.auth import jwks
from trunkline.api.auth.auth import Auth
from trunkline.api.auth.jwks import KeySet, KeySetUnavailable, fetch_from
from trunkline.api.auth.throttle import Throttle
from trunkline.api.auth.tokens import Expected, TokenVerifier

DOCUMENT = json.dumps(KEY_SET).encode()


def get(url: str, token: str) -> httpx.Response:
    return httpx.get(f"{url}/sip", headers={"Authorization": f"Bearer {token}"}, trust_env=False, timeout=SOON)


def status(url: str, token: str) -> int:
    return get(url, token).status_code


class KeyServer(BaseHTTPRequestHandler):
    """Gives the key set of the moment, and counts."""

    document: bytes = b""
    asked = 0

    def do_GET(self) -> None:
        KeyServer.asked += 1
        if not KeyServer.document:
            self.send_error(500)
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(KeyServer.document)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def issuer() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), KeyServer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    KeyServer.asked = 0
    yield f"http://127.0.0.1:{server.server_port}/keys"
    server.shutdown()
    server.server_close()
    thread.join()


def by_key_set(place: str, clock: list[float], deadline: float = SOON) -> Auth:
    key_set = KeySet(fetch_from(place, deadline), lambda: clock[0], place)
    expected = Expected(issuer=ISSUER, audience=AUDIENCE)
    verifier = TokenVerifier(expected, secret=None, find_key=key_set.find)
    return Auth(tokens=verifier, key_set=key_set)


def test_a_rotated_key_is_found_and_a_withdrawn_one_forgotten(issuer: str) -> None:
    clock = [0.0]
    old, new = (signed(RSA, "RS256", "rsa", credentials.claims()), signed(EC, "ES256", "ec", credentials.claims()))
    KeyServer.document = json.dumps({"keys": KEY_SET["keys"][:1]}).encode()
    with serve(create_app(Fixed(NOW), by_key_set(issuer, clock))) as url:
        assert (status(url, old), status(url, new)) == (200, 401)
        KeyServer.document = json.dumps(KEY_SET).encode()
        assert status(url, new) == 401  # an unknown kid does not make us ask at once again
        clock[0] = 11.0
        assert (status(url, old), status(url, new)) == (200, 200)
        KeyServer.document = json.dumps({"keys": KEY_SET["keys"][1:]}).encode()
        clock[0] = 400.0
        assert (status(url, old), status(url, new)) == (401, 200)
        assert KeyServer.asked == 3


def test_an_issuer_that_fails_for_a_while_locks_nobody_out(issuer: str) -> None:
    clock = [0.0]
    good = signed(RSA, "RS256", "rsa", credentials.claims())
    KeyServer.document = json.dumps(KEY_SET).encode()
    with serve(create_app(Fixed(NOW), by_key_set(issuer, clock))) as url:
        assert status(url, good) == 200
        KeyServer.document = b""
        clock[0] = 1000.0
        assert status(url, good) == 200
        clock[0] = 4000.0
        assert status(url, good) == 503  # not 401: nobody can say that the token is bad


Says = Callable[[socketserver.StreamRequestHandler], None]


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
        answers = [get(url, good) for _ in range(3)]
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


def test_who_asks_while_the_first_keys_are_fetched_waits_for_them(place_that: tuple[str, dict[str, Says]]) -> None:
    place, says = place_that

    def later(handler: socketserver.StreamRequestHandler) -> None:
        time.sleep(0.3)
        handler.wfile.write(answer(DOCUMENT))

    says["now"] = later
    good = signed(RSA, "RS256", "rsa", credentials.claims())
    with serve(create_app(Fixed(NOW), by_key_set(place, [0.0]))) as url:
        assert [status(url, good) for _ in range(2)] == [200, 200]


def test_many_who_ask_at_once_make_one_fetch() -> None:
    asked = 0

    async def fetch() -> bytes:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.01)
        return DOCUMENT

    async def ask() -> list[jwks.Key | None]:
        keys = KeySet(fetch, lambda: 0.0)
        return await asyncio.gather(*(keys.find("rsa") for _ in range(50)))

    found = asyncio.run(ask())
    assert (len(found), None in found, asked) == (50, False, 1)


def test_a_key_set_file_that_becomes_unusable_closes_every_door_it_opened(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock, path = [0.0], tmp_path / "keys.json"
    path.write_bytes(DOCUMENT)
    key_set = KeySet(fetch_from(str(path)), lambda: clock[0], str(path))
    key_set.ttl = key_set.pause = 1.0
    key_set.grace = 0.0

    def is_open() -> bool | None:
        clock[0] += 2.0
        try:
            return asyncio.run(key_set.find("rsa")) is not None
        except KeySetUnavailable:
            return None

    assert is_open() is True
    for spoil in (path.unlink, lambda: path.write_text("[" * 200_000), lambda: path.write_text('{"keys":1}')):
        spoil()
        assert (is_open(), bool(key_set.fault)) == (None, True)
        path.write_bytes(DOCUMENT)
        assert (is_open(), key_set.fault) == (True, "")
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"] * 3


def test_one_key_that_no_library_reads_does_not_take_its_neighbours_with_it() -> None:
    odd = [
        {"kty": "RSA", "n": 5, "e": "AQAB", "kid": "a"},
        {"kty": "RSA", "n": "AQAB", "e": "AA", "kid": "b"},
        {"kty": "EC", "crv": "P-256", "x": [], "y": "AA", "kid": "c"},
        {"kty": "OKP", "crv": "Ed25519", "x": None, "kid": "d"},
    ]
    document = json.dumps({"keys": [*odd, *KEY_SET["keys"]]}).encode()
    assert set(jwks.parse(document)) == {"rsa", "ec", "ed"}


class Proxy(BaseHTTPRequestHandler):
    """Answers for every host."""

    asked: list[str]

    def do_GET(self) -> None:
        Proxy.asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(DOCUMENT)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A proxy that the environment names."""
    Proxy.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.lower(), raising=False)
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.server_port}")
        yield
        server.shutdown()
        thread.join()


@pytest.mark.usefixtures("proxy")
def test_keys_are_fetched_through_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asyncio.run(fetch_from("http://issuer.example/keys")()) == DOCUMENT
    assert Proxy.asked == ["http://issuer.example/keys"]
    monkeypatch.setenv("no_proxy", "127.0.0.2")
    with pytest.raises(OSError, match=r"127\.0\.0\.2"):
        asyncio.run(fetch_from("http://127.0.0.2:9/keys")())
    assert len(Proxy.asked) == 1


@pytest.mark.usefixtures("proxy")
def test_this_host_is_asked_directly(issuer: str) -> None:
    KeyServer.document = DOCUMENT
    assert (asyncio.run(fetch_from(issuer)()), Proxy.asked) == (DOCUMENT, [])


REASONS: Mapping[str, tuple[dict[str, Any], str]] = {
    "another audience": (
        {"aud": "other"},
        "token aud: TRUNKLINE_JWT_AUDIENCE is not in it, or it is there and none is expected",
    ),
    "another issuer": ({"iss": "other"}, "token iss: it is not TRUNKLINE_JWT_ISSUER"),
    "expired": ({"exp": 1}, "token exp: it is over"),
    "without exp": ({"exp": None}, "token exp: it is missing"),
    "to come": ({"nbf": 4_000_000_000}, "token nbf: it is still to come"),
    "without sub": (
        {"sub": None},
        "token sub: it is missing, or no printable text of at most 200 characters",
    ),
    "another role": ({"role": "root"}, "token role: it is missing, or none of viewer, developer, admin"),
}


@pytest.mark.parametrize(("changes", "reason"), REASONS.values(), ids=REASONS)
def test_why_a_token_was_refused_is_in_the_log_and_not_in_the_answer(
    changes: dict[str, Any], reason: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "trunkline.access")
    text = credentials.token(**changes)
    with serve(create_app(Fixed(NOW), credentials.auth(tmp_path))) as url:
        answer = get(url, text)
        until(lambda: bool(caplog.records))
    assert answer.status_code == 401
    assert answer.json()["detail"] == "the credential is not accepted"
    record = json.loads(caplog.records[0].getMessage())
    assert (record["status"], record["reason"]) == (401, f"unauthenticated: {reason}")
    assert text.split(".")[1] not in caplog.text
