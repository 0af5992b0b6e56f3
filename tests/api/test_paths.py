"""Spellings of paths, heads and methods that proxies and servers read differently."""

from __future__ import annotations

import itertools
import socket
from urllib.parse import urlsplit

import httpx
import pytest

from tests.api.credentials import KEYS
from trunkline.api.auth.principal import Role

VIEWER = KEYS[Role.VIEWER]
ADMIN_PATHS = ("/keys", "/access", "/audit")
PREFIXES = (
    "/",
    "//",
    "/./",
    "/x/../",
    "/sip/../",
    "/sip/..%2f",
    "/%2e%2e/",
    "/sip/%2e%2e/",
    "/%252e/",
    "/;/",
    "/.;/",
    "/healthz/../",
    "/healthz/..%2f",
    "/readyz%2f..%2f",
    "\\",
    "/%5c",
    "/%00/",
    "/%0a/",
    "/healthz;/",
    "/docs//",
)
SUFFIXES = (
    "",
    "/",
    "//",
    "/.",
    "/..",
    ";",
    ";.json",
    "%00",
    "%0a",
    "%20",
    "%2f",
    ".json",
    "?",
    "#",
    "/%2e",
    "%3b",
    "%ff",
    "%c0%af",
    "..;/",
)
TRICKS = sorted(
    {prefix + path[1:] + suffix for path, prefix, suffix in itertools.product(ADMIN_PATHS, PREFIXES, SUFFIXES)}
)


def raw(url: str, *lines: str, body: str = "") -> bytes:
    """Send a request as it is written here and give the first line of the answer."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n" + body).encode("latin-1"))
        return connection.makefile("rb").readline()


def status(url: str, target: str, key: str = VIEWER) -> int:
    line = raw(url, f"GET {target} HTTP/1.1", "Host: localhost", f"X-API-Key: {key}", "Connection: close")
    return int(line.split()[1])


def test_there_are_enough_tricks() -> None:
    assert len(TRICKS) >= 200


def test_no_spelling_of_a_path_gives_a_viewer_what_is_not_for_viewers(url: str) -> None:
    opened = {trick: found for trick in TRICKS if (found := status(url, trick)) not in (400, 403, 404)}
    assert opened == {}


def test_the_plain_paths_are_forbidden_and_not_lost(url: str) -> None:
    assert {path: status(url, path) for path in ADMIN_PATHS} == dict.fromkeys(ADMIN_PATHS, 403)


@pytest.mark.parametrize(
    "head",
    [
        ("X-Original-URL: /healthz",),
        ("X-Rewrite-URL: /healthz",),
        ("X-Forwarded-Prefix: /healthz",),
        ("X-Forwarded-For: 127.0.0.1",),
        ("X-Forwarded-User: admin",),
        ("X-Role: admin",),
        ("Role: admin",),
    ],
)
def test_no_head_line_changes_path_or_role(head: tuple[str, ...], url: str) -> None:
    line = raw(url, "GET /keys HTTP/1.1", "Host: localhost", f"X-API-Key: {VIEWER}", *head, "Connection: close")
    assert line.split()[1] == b"403"


@pytest.mark.parametrize("host", ["http://localhost", "HTTP://numbers.example.com:8080", "https://[::1]:443"])
def test_a_target_with_a_host_is_answered_by_its_path(host: str, url: str) -> None:
    paths = ("/healthz", "/sip?limit=1", "/keys", "/nothing", "//sip", "/sip/%2e%2e/keys", "")
    found = {path: status(url, host + path) for path in paths}
    assert found == dict(zip(paths, (200, 200, 403, 404, 400, 400, status(url, "/")), strict=True))


@pytest.mark.parametrize(
    "host", ["http://a@localhost", "http://", "ftp://localhost", "http:///localhost", "http://a\\b"]
)
def test_a_target_whose_host_is_none_is_refused(host: str, url: str) -> None:
    assert status(url, f"{host}/healthz") in (400, 404)


@pytest.mark.parametrize(
    "target",
    ["/sip%2fsales-us", "/sip%2Fsales-us", "//sip", "/sip/./sales-us", "/x/../sip", "/sip;a", "/sip/%2e%2e/sip",
     "/sip/sales-us%00", "/sip/sales-us%0a", "/sip/%ff", "/sip/a%5cb", "/sip/%2573ales-us"],
)  # fmt: skip
def test_a_spelling_that_proxies_read_differently_is_refused_as_such(target: str, url: str) -> None:
    assert status(url, target) == 400


@pytest.mark.parametrize("path", ["/sip/", "/sip/sales-us/", "/SIP", "/sip/Sales-US", "/sip/sales-us%20"])
def test_a_path_has_one_spelling(path: str, viewer: httpx.Client) -> None:
    assert viewer.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/healthz", "/sip", "/nowhere", "/docs", "/openapi.json", "/sip/..%2fkeys"])
def test_every_answer_has_the_safe_heads(path: str, nobody: httpx.Client) -> None:
    heads = nobody.get(path).headers
    assert heads["x-content-type-options"] == "nosniff"
    assert heads["x-frame-options"] == "DENY"
    assert heads["referrer-policy"] == "no-referrer"
    assert heads["content-security-policy"].startswith("default-src 'none'")
    assert heads["cache-control"] in ("no-store", "private, no-cache")
    assert "server" not in heads
    assert "access-control-allow-origin" not in heads


def test_cors_is_off(viewer: httpx.Client) -> None:
    heads = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
    assert not any(name.startswith("access-control") for name in viewer.options("/sip", headers=heads).headers)
    assert not any(name.startswith("access-control") for name in viewer.get("/sip", headers=heads).headers)
