"""The issuer's keys: found when they rotate, fetched once for all who ask, through the proxy or directly."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from tests.api import credentials
from tests.api.conftest import NOW
from tests.api.credentials import by_key_set, key_file
from tests.api.serving import Fixed, client, serve, with_token
from tests.api.test_tokens import EC, KEY_SET, RSA, signed
from trunkline.api import create_app
from trunkline.api.auth import jwks
from trunkline.api.auth.jwks import KeySet, KeySetUnavailable, fetch_from
from trunkline.api.auth.keys import KeyStore
from trunkline.api.auth.principal import Role
from trunkline.api.auth.throttle import Throttle

DOCUMENT = json.dumps(KEY_SET).encode()


def status(url: str, token: str) -> int:
    return with_token(url, token).status_code


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


def test_an_issuer_whose_set_has_no_usable_key_closes_its_doors_at_once_and_tells_it(
    issuer: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = [0.0]
    good = signed(RSA, "RS256", "rsa", credentials.claims())
    KeyServer.document = json.dumps(KEY_SET).encode()
    auth = by_key_set(issuer, clock)
    auth.keys = KeyStore(key_file(tmp_path), time.monotonic)
    with serve(create_app(Fixed(NOW), auth)) as url, client(url, Role.VIEWER) as scraper:
        gauge = "trunkline_key_set_readable"
        auth.failures = Throttle(burst=1, every=1000.0, clock=lambda: 7.0)
        assert status(url, good) == 200
        assert f"\n{gauge} 1.0\n" in scraper.get("/metrics").text
        KeyServer.document = b'{"keys":[]}'
        clock[0] = 400.0
        assert [status(url, good) for _ in range(3)] == [503] * 3
        assert f"\n{gauge} 0.0\n" in scraper.get("/metrics").text
        assert httpx.get(f"{url}/readyz", trust_env=False).json()["keySetReadable"] is False
        KeyServer.document = json.dumps(KEY_SET).encode()
        clock[0] = 411.0
        assert status(url, good) == 200
    assert [record.getMessage() for record in caplog.records if record.name == "trunkline.api"] == [
        f"{issuer}: the key set cannot be used: the key set has no key that can be used: RSA of 2048 bits or more,"
        " P-256 or Ed25519. No token is accepted by it.",
        f"{issuer}: can be used again; it has 3 keys.",
    ]


def test_many_who_ask_at_once_make_one_fetch() -> None:
    asked = 0

    async def fetch() -> bytes:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0.01)
        return DOCUMENT

    async def ask() -> list[jwks.Key | None]:
        keys = KeySet(fetch, lambda: 0.0)
        return await asyncio.gather(*(keys.find("rsa", "RS256") for _ in range(50)))

    found = asyncio.run(ask())
    assert (len(found), None in found, asked) == (50, False, 1)


def test_while_a_fetch_takes_its_time_keys_are_good_until_their_grace_ends_and_no_longer() -> None:
    async def asked(age: float) -> list[str]:
        """Ask beside a fetch under way that will fail, by keys of so many seconds; give what comes, in its order."""
        clock, may_end, told = [0.0], asyncio.Event(), list[str]()

        async def fetch() -> bytes:
            if clock[0]:
                await may_end.wait()
                told.append("fetched")
                raise OSError("the issuer is gone")
            return DOCUMENT

        async def ask() -> None:
            try:
                told.append("accepted" if await keys.find("rsa", "RS256") else "unknown")
            except KeySetUnavailable:
                told.append("unavailable")

        keys = KeySet(fetch, lambda: clock[0])
        await keys.find("rsa", "RS256")
        clock[0] = age
        first, beside = asyncio.create_task(keys.refresh(0)), asyncio.create_task(ask())
        await asyncio.sleep(0.01)
        may_end.set()
        await asyncio.gather(first, beside)
        return told

    assert asyncio.run(asked(1000.0)) == ["accepted", "fetched"]
    assert asyncio.run(asked(4000.0)) == ["fetched", "unavailable"]


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
            return asyncio.run(key_set.find("rsa", "RS256")) is not None
        except KeySetUnavailable:
            return None

    assert is_open() is True
    nothing_usable = json.dumps({"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "rsa"}]})
    for spoil in (
        path.unlink,
        lambda: path.write_text("[" * 200_000),
        lambda: path.write_text('{"keys":1}'),
        lambda: path.write_text('{"keys":[]}'),
        lambda: path.write_text(nothing_usable),
    ):
        spoil()
        assert (is_open(), bool(key_set.fault)) == (None, True)
        path.write_bytes(DOCUMENT)
        assert (is_open(), key_set.fault) == (True, "")
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"] * 5


def test_one_key_that_no_library_reads_does_not_take_its_neighbours_with_it() -> None:
    odd = [
        {"kty": "RSA", "n": 5, "e": "AQAB", "kid": "a"},
        {"kty": "RSA", "n": "AQAB", "e": "AA", "kid": "b"},
        {"kty": "EC", "crv": "P-256", "x": [], "y": "AA", "kid": "c"},
        {"kty": "OKP", "crv": "Ed25519", "x": None, "kid": "d"},
    ]
    document = json.dumps({"keys": [*odd, *KEY_SET["keys"]]}).encode()
    assert {key.kid for key in jwks.parse(document)} == {"rsa", "ec", "ed"}


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
