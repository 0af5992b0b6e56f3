"""Which credential counts, how often one may fail, and what is written down of it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.api import credentials
from tests.api.conftest import ENTRIES, NOW
from tests.api.credentials import KEYS, token
from tests.api.serving import Fixed, client, serve
from tests.support.waiting import SOON, until
from trunkline.api import create_app
from trunkline.api.auth import keys
from trunkline.api.auth.auth import Auth
from trunkline.api.auth.jwks import allowed
from trunkline.api.auth.principal import Role
from trunkline.api.auth.throttle import Throttle

GOOD, BAD = token(), token(role="root")
KEY = KEYS[Role.VIEWER]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An API that puts up with any number of failures."""
    auth = credentials.auth(tmp_path_factory.mktemp("auth"))
    auth.failures = Throttle(burst=10_000, every=0.001, clock=lambda: 0.0)
    with serve(create_app(Fixed(NOW, ENTRIES), auth)) as served:
        yield served


def status(url: str, *headers: tuple[str, str]) -> int:
    return httpx.get(f"{url}/sip", headers=list(headers), trust_env=False, timeout=SOON).status_code


def bearer(text: str) -> tuple[str, str]:
    return "Authorization", f"Bearer {text}"


def cookie(text: str) -> tuple[str, str]:
    return "Cookie", text


@pytest.mark.parametrize(
    "headers",
    [
        [("X-API-Key", KEY)],
        [bearer(GOOD)],
        [("authorization", f"bearer {GOOD}")],
        [bearer(KEY)],
        [("X-API-Key", KEY), ("Authorization", "Basic dXNlcjpwYXNz")],
        [("Authorization", "Basic dXNlcjpwYXNz"), cookie(f"access_token={GOOD}")],
        [("Authorization", "Digest a=b"), bearer(GOOD)],
        [cookie(f"access_token={GOOD}")],
        [cookie(f"theme=dark; access_token={GOOD}; x=y")],
        [cookie(f"access_token={GOOD}"), cookie(f"access_token={GOOD}")],
        [("X-API-Key", KEY), cookie(f"access_token={BAD}")],
        [bearer(GOOD), cookie(f"access_token={BAD}")],
    ],
    ids=[
        "key",
        "bearer",
        "small letters",
        "key as bearer",
        "key beside a proxy's own password",
        "cookie beside a proxy's own password",
        "bearer beside another scheme",
        "cookie",
        "among cookies",
        "cookie twice the same",
        "key goes first",
        "bearer goes first",
    ],
)
def test_a_good_credential_opens_the_door(headers: list[tuple[str, str]], url: str) -> None:
    assert status(url, *headers) == 200


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("X-API-Key", "")],
        [("X-API-Key", GOOD)],
        [bearer(KEY[:-1])],
        [bearer(KEY), ("X-API-Key", KEY)],
        [bearer(f"{KEY} x")],
        [("Authorization", f"Basic {KEY}")],
        [bearer(BAD)],
        [("Authorization", "Bearer")],
        [("Authorization", GOOD)],
        [("Authorization", f"Basic {GOOD}")],
        [("Authorization", f"Bearer  {GOOD}")],
        [cookie(f"Access_Token={GOOD}")],
        [cookie(f'access_token="{GOOD}"')],
        [cookie(f"access_token={KEY}")],
        [("X-API-Key", KEY), bearer(GOOD)],
        [("X-API-Key", KEY), ("X-API-Key", KEY)],
        [bearer(GOOD), bearer(GOOD)],
        [("X-API-Key", "wrong"), cookie(f"access_token={GOOD}")],
        [bearer(BAD), cookie(f"access_token={GOOD}")],
        [cookie(f"access_token={GOOD}; access_token={BAD}")],
        [cookie(f"access_token={GOOD}"), cookie(f"access_token={token(sub='eve')}")],
        [("X-Api-Key", f"{KEY},{KEY}")],
    ],
)
def test_anything_else_does_not(headers: list[tuple[str, str]], url: str) -> None:
    assert status(url, *headers) == 401


def test_a_token_in_the_query_is_no_credential(nobody: httpx.Client) -> None:
    assert nobody.get("/sip", params={"access_token": GOOD}).status_code == 401


def test_a_verified_token_is_forgotten_when_it_expires(tmp_path: Path) -> None:
    auth = credentials.auth(tmp_path)
    now = [1_800_000_000.0]
    auth.clock = lambda: now[0]
    text = token(iat=1_800_000_000, exp=1_800_000_060)
    with serve(create_app(Fixed(NOW), auth)) as url:
        assert status(url, bearer(text)) == 200
        now[0] += 59
        assert status(url, bearer(text)) == 200
        now[0] += 1
        assert status(url, bearer(text)) == 401


def test_a_revoked_key_is_refused_by_a_running_server(tmp_path: Path) -> None:
    auth = credentials.auth(tmp_path)
    assert auth.keys is not None
    auth.keys.pause = 0.0
    with serve(create_app(Fixed(NOW), auth)) as url:
        assert status(url, ("X-API-Key", KEY)) == 200
        keys.revoke(tmp_path / "keys.json", "ci-viewer")
        assert status(url, ("X-API-Key", KEY)) == 401


def test_failures_are_limited_by_address_and_nobody_with_a_good_credential_is_locked_out(tmp_path: Path) -> None:
    auth = replace(credentials.auth(tmp_path), failures=Throttle(burst=20, every=3.0, clock=lambda: 7.0))
    with serve(create_app(Fixed(NOW), auth)) as url:
        answers = [
            httpx.get(f"{url}/sip", headers={"X-API-Key": "x"}, trust_env=False, timeout=SOON) for _ in range(22)
        ]
        assert [answer.status_code for answer in answers] == [401] * 20 + [429] * 2
        assert answers[-1].json()["type"] == "urn:trunkline:problem:too-many-failures"
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 4
        assert status(url, bearer(BAD)) == 429
        assert status(url, bearer(token(sub="never seen before"))) == 200
        assert status(url, ("X-API-Key", KEY)) == 200


def test_what_is_meant_for_somebody_else_is_no_failed_login(tmp_path: Path) -> None:
    auth = replace(credentials.auth(tmp_path), failures=Throttle(burst=1, every=3.0, clock=lambda: 7.0))
    with serve(create_app(Fixed(NOW), auth)) as url:
        assert [status(url, ("Authorization", "Basic dXNlcjpwYXNz")) for _ in range(3)] == [401] * 3
        assert [status(url, bearer(BAD)) for _ in range(2)] == [401, 429]


def test_without_any_authentication_everyone_is_refused() -> None:
    with serve(create_app(Fixed(NOW), Auth())) as url:
        assert status(url, ("X-API-Key", KEY)) == 401
        assert status(url, bearer(GOOD)) == 401


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("https://issuer.example/keys", True),
        ("http://127.0.0.1:9/keys", True),
        ("http://issuer.example/keys", False),
        ("http://127.0.0.1.evil.example/keys", False),
        ("file:///etc/passwd", False),
        ("ftp://127.0.0.1/keys", False),
        ("HTTPS://issuer.example/keys", True),
        ("HTTP://issuer.example/keys", False),
        ("https://issuer.example:8443/keys", True),
        ("https://[::1]/keys", True),
        ("https://[::1/keys", False),
        ("https://issuer.example:99999/keys", False),
        ("https://issuer.example:keys", False),
        ("https://issuer .example/keys", False),
        ("https://issuer.example/ke\nys", False),
    ],
)
def test_keys_come_over_https_or_from_this_host(place: str, expected: bool) -> None:
    assert allowed(place) is expected


def test_every_access_is_logged_without_what_opens_the_door(url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "trunkline.access")
    with client(url, Role.VIEWER) as api:
        api.get("/sip/sales-us", headers={"X-Request-ID": "abc-1"})
        api.get(f"/sip/{KEY}")
        api.get(f"/sip/{GOOD}?token={GOOD}")
    status(url, bearer(BAD))
    until(lambda: len(caplog.records) == 4)  # the answer goes out before its line in the log
    records = [json.loads(record.getMessage()) for record in caplog.records]
    seen = [{k: v for k, v in record.items() if k in ("who", "role", "via", "path", "status")} for record in records]
    assert seen == [
        {"who": "ci-viewer", "role": "viewer", "via": "key", "path": "/sip/sales-us", "status": 200},
        {"who": "ci-viewer", "role": "viewer", "via": "key", "path": "/sip/***", "status": 404},
        {"who": "ci-viewer", "role": "viewer", "via": "key", "path": "/sip/***", "status": 400},
        {"who": "", "role": "", "via": "", "path": "/sip", "status": 401},
    ]
    assert records[0]["request"] == "abc-1"
    assert not any(secret in caplog.text for secret in (KEY, GOOD, BAD))


@pytest.mark.parametrize(
    "given",
    [
        "",
        "x" * 65,
        "a b",
        "é",
        "<script>",
        "a\tb",
        "a%0ab",
        pytest.param(KEY, id="key"),
        pytest.param(GOOD[:64], id="token"),
    ],
)
def test_a_request_id_of_another_form_is_replaced(given: str, nobody: httpx.Client) -> None:
    answer = nobody.get("/healthz", headers=[(b"X-Request-ID", given.encode())])
    assert answer.headers["x-request-id"] != given
    assert len(answer.headers["x-request-id"]) == 16
