"""A door that closes by itself is told everywhere where somebody looks: log, /readyz and /metrics."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api import credentials
from tests.api.conftest import NOW
from tests.api.credentials import KEYS, key_file, token
from tests.api.serving import Fixed, serve
from tests.support.waiting import SOON, until
from trunkline.api import create_app
from trunkline.api.auth import keys, small_file
from trunkline.api.auth.jwks import fetch_from
from trunkline.api.auth.keys import KeyStore
from trunkline.api.auth.principal import Role
from trunkline.api.auth.throttle import Throttle
from trunkline.api.settings import ApiSettings


def get(url: str, path: str = "/sip", **headers: str) -> httpx.Response:
    return httpx.get(f"{url}{path}", headers=headers, trust_env=False, timeout=SOON)


def by_key(url: str) -> int:
    return get(url, **{"X-API-Key": KEYS[Role.VIEWER]}).status_code


def is_readable(url: str, word: str = "keysReadable") -> bool:
    return bool(get(url, "/readyz").json()[word])


def gauge(url: str, name: str) -> float:
    text = get(url, "/metrics", Authorization=f"Bearer {token()}").text
    found = re.search(rf"^{name} (.+)$", text, re.MULTILINE)
    assert found is not None, text
    return float(found[1])


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server whose failures are limited to one, and its key file."""
    auth = credentials.auth(tmp_path)
    auth.failures = Throttle(burst=1, every=1000.0, clock=lambda: 0.0)
    with serve(create_app(Fixed(NOW), auth)) as url:
        yield url, tmp_path / "keys.json"


@pytest.mark.parametrize("text", ["[" * 200_000, '{"keys":[{"sha256":[]}]}', None], ids=["deep", "type", "removed"])
def test_a_key_file_that_cannot_be_used_is_told_without_a_request_and_is_no_failure_of_who_asks(
    text: str | None, served: tuple[str, Path], caplog: pytest.LogCaptureFixture
) -> None:
    url, path = served
    assert (by_key(url), is_readable(url), gauge(url, "trunkline_keys_readable")) == (200, True, 1.0)
    good = path.read_bytes()
    if text is None:
        path.unlink()
    else:
        path.write_text(text)
    until(lambda: bool(caplog.records))
    assert (caplog.records[0].levelname, str(path) in caplog.text) == ("ERROR", True)
    assert (is_readable(url), gauge(url, "trunkline_keys_readable")) == (False, 0.0)
    assert [by_key(url) for _ in range(3)] == [503] * 3
    assert get(url, **{"X-API-Key": KEYS[Role.ADMIN]}).json()["type"] == "urn:trunkline:problem:keys-unavailable"
    assert str(path) not in get(url, **{"X-API-Key": KEYS[Role.ADMIN]}).text
    path.write_bytes(good)
    until(lambda: is_readable(url))
    assert (by_key(url), gauge(url, "trunkline_keys_readable")) == (200, 1.0)


class Hanging:
    """A file system that gives no answer, from when it is told so to when it is told to go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.goes, self.looks, real = threading.Event(), 0, small_file.read
        self.goes.set()
        stamp = keys._stamp

        def waited(path: Path) -> keys.Stamp | None:
            if not self.goes.is_set():
                self.looks += 1
                assert self.goes.wait(SOON)
            return stamp(path)

        def read(path: Path, limit: int) -> bytes:
            waited(path)
            return real(path, limit)

        monkeypatch.setattr(keys, "_stamp", waited)
        monkeypatch.setattr(small_file, "read", read)


def test_a_key_file_on_a_file_system_that_hangs_holds_no_request_up_and_closes_its_doors_after_a_while(
    monkeypatch: pytest.MonkeyPatch, served: tuple[str, Path]
) -> None:
    url, _ = served
    monkeypatch.setattr(KeyStore, "hangs", 10 * SOON)
    assert by_key(url) == 200
    disk = Hanging(monkeypatch)
    disk.goes.clear()
    until(lambda: disk.looks == 1)
    # The disk goes on after both answers: who waited for it would wait until this test gives up.
    assert (get(url, "/healthz").status_code, by_key(url)) == (200, 200)
    monkeypatch.setattr(KeyStore, "hangs", 0.0)
    until(lambda: by_key(url) == 503)
    assert (is_readable(url), gauge(url, "trunkline_keys_readable"), disk.looks) == (False, 0.0, 1)
    disk.goes.set()
    until(lambda: by_key(url) == 200)
    assert is_readable(url)


def test_whoever_asks_while_the_first_look_at_the_key_file_is_under_way_waits_for_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def both(store: KeyStore) -> list[bool]:
        async def accepted() -> bool:
            await store.refresh()
            return store.known(KEYS[Role.VIEWER]) is not None

        asked = [asyncio.create_task(accepted()) for _ in range(2)]
        await asyncio.sleep(0)  # both have asked
        disk.goes.set()
        return list(await asyncio.gather(*asked))

    store = KeyStore(key_file(tmp_path), time.monotonic)
    store.patience = SOON
    disk = Hanging(monkeypatch)
    disk.goes.clear()
    assert asyncio.run(both(store)) == [True, True]


def test_a_key_set_on_a_file_system_that_hangs_is_read_by_one_thread_and_keeps_no_server_from_ending(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    disk = Hanging(monkeypatch)
    disk.goes.clear()
    fetch = fetch_from(str(tmp_path / "set.json"), deadline=0.1)
    began = time.monotonic()
    for _ in range(3):
        with pytest.raises(OSError, match=r"no whole answer within 0\.1 s"):
            asyncio.run(fetch())
    assert (time.monotonic() - began < SOON / 2, disk.looks) == (True, 1)
    disk.goes.set()


def test_a_key_file_at_its_usual_place_that_appears_after_the_start_is_taken_up(tmp_path: Path) -> None:
    environ = {"PULUMI_BACKEND_URL": f"file://{tmp_path}", "TRUNKLINE_STACK": "organization/fleet/dev"}
    settings = ApiSettings.load(environ, folder=tmp_path)
    assert settings.authenticates is False
    auth = credentials.auth(tmp_path)
    auth.keys = KeyStore(settings.keys_file, lambda: 0.0, expected=settings.keys_expected)
    auth.keys.pause = 0.0
    with serve(create_app(Fixed(NOW), auth)) as url:
        assert (by_key(url), is_readable(url)) == (401, True)
        (tmp_path / ".trunkline").mkdir()
        key_file(tmp_path / ".trunkline")
        assert (by_key(url), is_readable(url)) == (200, True)
