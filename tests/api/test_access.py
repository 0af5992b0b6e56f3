"""What an auditor finds in /access: who read what, who was refused and why; and nothing that only fills it."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api import credentials
from tests.api.conftest import ENTRIES, NOW, explain, search
from tests.api.credentials import KEYS, token
from tests.api.serving import Fixed, client, serve, with_token
from tests.support.waiting import until
from trunkline.api import create_app
from trunkline.api.access import Access, AccessLog
from trunkline.api.auth import keys
from trunkline.api.auth.principal import Role
from trunkline.api.page.assets import Page


@pytest.fixture
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An API with its page, which nobody has asked yet."""
    auth = credentials.auth(tmp_path_factory.mktemp("access"))
    with serve(create_app(Fixed(NOW, ENTRIES), auth, search, explain, routes=[Page.load()])) as served:
        yield served


def kept(url: str, count: int) -> list[dict[str, Any]]:
    """Give what is kept, oldest first; the last answers may go out before they are written down."""
    with client(url, Role.ADMIN) as api:
        found: list[dict[str, Any]] = []

        def whole() -> bool:
            found[:] = [one for one in api.get("/access").json()["accesses"] if one["path"] != "/access"]
            return len(found) >= count

        until(whole)
        return found[::-1]


def short(accesses: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(access[name] for name in names) for access in accesses]


def test_reads_and_searches_are_kept_with_who_and_what(url: str) -> None:
    with client(url, Role.DEVELOPER) as api:
        api.get("/sip/sales-us")
        api.get("/sip", params={"text": "Sales", "provider": "twilio", "limit": 5})
        api.head("/sip?format=csv")
        api.get("/sip/search-numbers?country_code=us&area_code=650")
        api.get("/explain", params={"to": "+16505551234"})
    assert short(kept(url, 5), "who", "method", "path", "query", "status", "reason") == [
        ("ci-developer", "GET", "/sip/sales-us", "", 200, ""),
        ("ci-developer", "GET", "/sip", "provider=twilio&text=Sales&limit=5", 200, ""),
        ("ci-developer", "HEAD", "/sip", "format=csv", 200, ""),
        ("ci-developer", "GET", "/sip/search-numbers", "country_code=US&area_code=650", 200, ""),
        ("ci-developer", "GET", "/explain", "to=%2B16505551234", 200, ""),
    ]


def test_refusals_are_kept_with_their_reason(url: str) -> None:
    with client(url, None) as api:
        api.get("/sip")
        api.get("/sip", headers={"X-API-Key": "x"})
        api.get("/sip", headers={"X-API-Key": keys.generate(secrets.choice).reveal()})
        api.get("/sip", headers={"Authorization": f"Bearer {token(aud='other')}"})
        api.get("/metrics")
        api.post("/nowhere")
    with client(url, Role.VIEWER) as api:
        api.get("/keys")
        api.post("/sip", json={})
        api.get("/sip?agnt=x")
        api.get("/sip/nobody")
        api.get("/sip/..%2fkeys")
    assert short(kept(url, 11), "who", "path", "status", "reason") == [
        ("", "/sip", 401, "unauthenticated: no credential"),
        ("", "/sip", 401, "unauthenticated: key: it has not the form of one"),
        ("", "/sip", 401, "unauthenticated: key: it is unknown or revoked"),
        (
            "",
            "/sip",
            401,
            "unauthenticated: token aud: TRUNKLINE_JWT_AUDIENCE is not in it, or it is there and none is expected",
        ),
        ("", "/metrics", 401, "unauthenticated: no credential"),
        ("", "/nowhere", 401, "unauthenticated: no credential"),
        ("ci-viewer", "/keys", 403, "forbidden"),
        ("ci-viewer", "/sip", 405, "read-only"),
        ("ci-viewer", "/sip", 400, "query-invalid"),
        ("ci-viewer", "/sip/nobody", 404, "not-found"),
        ("", "/sip/../keys", 400, "path-invalid"),
    ]


def test_probes_and_static_files_are_not_kept(url: str) -> None:
    with client(url, Role.VIEWER) as api:
        for path in ("/healthz", "/readyz", "/metrics", "/reader", "/docs", "/openapi.json", "/", "/page/app.js"):
            api.get(path)
        api.get("/favicon.ico")
        api.options("/sip")
        api.post("/healthz")
        api.get("/sip")
    assert short(kept(url, 1), "path", "method") == [("/sip", "GET")]


def test_nobody_pushes_the_reads_out_by_being_refused(url: str) -> None:
    with client(url, Role.VIEWER) as api:
        api.get("/sip/sales-us")
    log = AccessLog(kept=3)
    for number in range(10):
        log.write(access(number, "unauthenticated" if number else ""), keep=True)
    assert [one.request for one in log.newest()] == ["9", "8", "7", "0"]


def access(number: int, reason: str) -> Access:
    return Access(
        time="",
        request=str(number),
        who="",
        role="",
        via="",
        address="",
        method="GET",
        path="/sip",
        status=401 if reason else 200,
        milliseconds=0.0,
        reason=reason,
        query="text=sales",
    )


def test_a_query_is_kept_for_administrators_and_goes_into_no_log(url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "trunkline.access")
    key = KEYS[Role.ADMIN]
    with client(url, Role.VIEWER) as api:
        api.get("/sip", params={"text": f"sales {key}"})
    (found,) = kept(url, 1)
    assert found["query"] == "text=sales+***"
    assert "query" not in json.loads(caplog.records[0].getMessage())
    assert not any(word in caplog.text for word in ("sales", key))


def test_the_log_has_every_access(url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "trunkline.access")
    httpx.get(f"{url}/healthz", trust_env=False)
    until(lambda: bool(caplog.records))
    assert json.loads(caplog.records[0].getMessage())["path"] == "/healthz"


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
        answer = with_token(url, text)
        until(lambda: bool(caplog.records))
    assert answer.status_code == 401
    assert answer.json()["detail"] == "the credential is not accepted"
    record = json.loads(caplog.records[0].getMessage())
    assert (record["status"], record["reason"]) == (401, f"unauthenticated: {reason}")
    assert text.split(".")[1] not in caplog.text
