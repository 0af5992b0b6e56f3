"""Who may read what: every role, endpoint and method, made from the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
import pytest

from tests.api.serving import client
from trunkline.api.auth.principal import Role

# The least role for each path, said a second time on purpose: a change of the table must be meant.
LEAST: Mapping[str, Role | None] = {
    "/sip": Role.VIEWER,
    "/sip/{id}": Role.VIEWER,
    "/sip/{id}/history": Role.VIEWER,
    "/sip/search-numbers": Role.DEVELOPER,
    "/agents": Role.VIEWER,
    "/agents/{id}/numbers": Role.VIEWER,
    "/summary": Role.VIEWER,
    "/carriers": Role.VIEWER,
    "/history": Role.VIEWER,
    "/history/{update}": Role.VIEWER,
    "/audit": Role.DEVELOPER,
    "/explain": Role.DEVELOPER,
    "/reader": Role.VIEWER,
    "/keys": Role.ADMIN,
    "/access": Role.ADMIN,
    "/metrics": Role.VIEWER,
    "/healthz": None,
    "/readyz": None,
}
EXAMPLES = {
    "/sip/{id}": "/sip/sales-us",
    "/sip/{id}/history": "/sip/sales-us/history",
    "/sip/search-numbers": "/sip/search-numbers?country_code=US&area_code=650&provider=twilio",
    "/agents/{id}/numbers": "/agents/support/numbers",
    "/history/{update}": "/history/2",
    "/explain": "/explain?to=%2B16505551234",
}
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "PROPFIND")
ROLES: tuple[Role | None, ...] = (None, *Role)


def expected(method: str, path: str, role: Role | None) -> int:
    least = LEAST[path]
    if method == "OPTIONS":
        return 204
    if least is not None and role is None:
        return 401
    if method not in ("GET", "HEAD"):
        return 405
    return 200 if least is None or (role is not None and list(Role).index(role) >= list(Role).index(least)) else 403


def test_the_document_names_every_endpoint_and_its_least_role(nobody: httpx.Client) -> None:
    paths = nobody.get("/openapi.json").json()["paths"]
    assert {path: item["get"].get("x-least-role") for path, item in paths.items()} == LEAST
    assert all(set(item) == {"get", "head"} for item in paths.values())


@pytest.mark.parametrize("role", ROLES, ids=str)
@pytest.mark.parametrize("path", LEAST)
def test_each_role_gets_what_it_may_and_nothing_else(path: str, role: Role | None, url: str) -> None:
    with client(url, role) as api:
        found = {method: api.request(method, EXAMPLES.get(path, path)).status_code for method in METHODS}
    assert found == {method: expected(method, path, role) for method in METHODS}


@pytest.mark.parametrize("path", LEAST)
def test_head_gives_the_head_of_get_and_options_the_methods(path: str, admin: httpx.Client) -> None:
    place = EXAMPLES.get(path, path)
    got, head = admin.get(place), admin.head(place)
    volatile = ("date", "x-request-id", "trunkline-age", "content-length")
    assert head.content == b""
    assert {k: v for k, v in head.headers.items() if k not in volatile} == {
        k: v for k, v in got.headers.items() if k not in volatile
    }
    assert admin.options(place).headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"])
def test_a_header_changes_no_method(header: str, viewer: httpx.Client) -> None:
    assert viewer.get("/sip/sales-us", headers={header: "DELETE"}).status_code == 200
    assert viewer.post("/sip/sales-us", headers={header: "GET"}).status_code == 405


COSTLY = ("/sip", "/sip/sales-us", "/sip?format=csv", "/sip?format=ndjson", "/agents/ag_550e8400/numbers", "/summary")


@pytest.mark.parametrize(
    "path", [*COSTLY, "/history/1", "/history", "/sip/sales-us/history", "/sip?at=2026-01-01T12:00:00Z"]
)
def test_a_viewer_sees_no_cost_anywhere(path: str, viewer: httpx.Client) -> None:
    answer = viewer.get(path)
    assert answer.status_code == 200
    assert not any(word in answer.text for word in ("1.15", "USD", "monthlyCost", "unknownCost"))


@pytest.mark.parametrize("path", [*COSTLY, "/history/1", "/sip/sales-us/history"])
def test_a_developer_sees_costs(path: str, developer: httpx.Client) -> None:
    assert "1.15" in developer.get(path).text
