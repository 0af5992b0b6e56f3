"""The writes of the API that this one replaces: each is answered by the edit that does it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import yaml

PASSWORD = "correct horse"
AGENT = {"agent_id": "ag_550e8400"}


@pytest.mark.parametrize(
    ("method", "path", "body", "expected"),
    [
        (
            "POST",
            "/sip/purchase-number",
            {"phone_number": "+16505550100", "provider": "twilio", "label": "Sales, US", **AGENT},
            {
                "numbers": {
                    "sales-us": {
                        "phone_number": "+16505550100",
                        "provider": "twilio",
                        "label": "Sales, US",
                        "agent": "ag_550e8400",
                    }
                }
            },
        ),
        (
            "POST",
            "/sip",
            {"country_code": "US", "area_code": "650"},
            {"numbers": {"my-line": {"search": {"country": "US", "area_code": "650", "type": "local"}}}},
        ),
        (
            "POST",
            "/sip/register",
            {
                "phone_number": "+442071234567",
                "sip_address": "custom-sip.provider.com",
                "auth_username": "me",
                "auth_password": PASSWORD,
                "label": "UK Office",
                "krisp_enabled": True,
            },
            {
                "trunks": {
                    "uk-office": {
                        "provider": "custom",
                        "sip_address": "custom-sip.provider.com",
                        "auth_username": "me",
                        "auth_password": {"secret": "sipPassword"},
                    }
                },
                "numbers": {
                    "uk-office": {
                        "phone_number": "+442071234567",
                        "trunk": "uk-office",
                        "label": "UK Office",
                        "krisp_enabled": True,
                    }
                },
            },
        ),
        (
            "PUT",
            "/sip/PN0001",
            {"label": "New", "krisp_enabled": False, "phone_number": "+1"},
            {"numbers": {"sales-us": {"label": "New", "krisp_enabled": False}}},
        ),
        ("PATCH", "/sip/%2B16505551234", {"agent_id": "night"}, {"numbers": {"sales-us": {"agent": "night"}}}),
        ("POST", "/sip/sales-us/map-agent", AGENT, {"numbers": {"sales-us": {"agent": "ag_550e8400"}}}),
        (
            "POST",
            "/sip/map-agent",
            {"sip_id": "ST_in_office", **AGENT},
            {"numbers": {"uk-office": {"agent": "ag_550e8400"}}},
        ),
        (
            "PUT",
            "/agents/night/numbers",
            {"phone_number": "+442071234567"},
            {"numbers": {"uk-office": {"agent": "night"}}},
        ),
        ("DELETE", "/sip/uk-office", None, {"numbers": {"uk-office": {"removal": "release"}}}),
        ("DELETE", "/sip/SDR_sales", None, {"numbers": {"sales-us": {"removal": "release"}}}),
        ("DELETE", "/sip/unknown", None, {"numbers": {"unknown": {"removal": "release"}}}),
    ],
    ids=[
        "purchase",
        "purchase by search",
        "register",
        "update",
        "update by number",
        "map agent",
        "map agent in the body",
        "map from the agent",
        "delete",
        "delete by rule",
        "delete unknown",
    ],
)
def test_a_write_is_answered_by_its_edit(
    method: str, path: str, body: Any, expected: dict[str, Any], viewer: httpx.Client
) -> None:
    answer = viewer.request(method, path, json=body)
    problem = answer.json()
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert problem["type"] == "urn:trunkline:problem:read-only"
    assert yaml.safe_load(problem["edit"]) == expected
    assert "pulumi up" in problem["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {"sip_address": "a.example", "auth_password": PASSWORD},
        {"sip_address": "a.example", "auth_password": PASSWORD, "label": f"it is {PASSWORD}", "agent_id": PASSWORD},
        {"sip_address": PASSWORD, "password": PASSWORD, "auth_username": f"me:{PASSWORD}"},
        {"phone_number": "+1", "secret": PASSWORD, "allowed_numbers": ["+1", PASSWORD]},
        {"label": 'quote " here', "auth_token": 'quote " here'},
        {"unheard_of": PASSWORD},
    ],
)
@pytest.mark.parametrize(("method", "path"), [("POST", "/sip"), ("PUT", "/sip/sales-us"), ("PUT", "/agents/a/numbers")])
def test_a_password_is_never_echoed(method: str, path: str, body: dict[str, str], viewer: httpx.Client) -> None:
    answer = viewer.request(method, path, json=body)
    assert answer.status_code == 405
    secret = next(reversed([value for name, value in body.items() if name in ("auth_token",)]), PASSWORD)
    assert secret not in answer.text
    assert secret.replace('"', '\\"') not in answer.text


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b"\xff", b"[" * 10_000, b"agent_id=1"])
def test_a_body_that_is_no_object_is_answered_all_the_same(content: bytes, viewer: httpx.Client) -> None:
    answer = viewer.post("/sip", content=content)
    assert (answer.status_code, yaml.safe_load(answer.json()["edit"])) == (
        405,
        {"numbers": {"my-line": {"phone_number": "+16505551234"}}},
    )


def test_a_value_can_not_break_out_of_the_snippet(viewer: httpx.Client) -> None:
    label = "x\nnumbers:\n  evil: {removal: release}"
    edit = yaml.safe_load(viewer.post("/sip", json={"label": label}).json()["edit"])
    assert list(edit["numbers"]) == ["my-line"]


def test_a_large_body_is_refused(viewer: httpx.Client) -> None:
    assert viewer.post("/sip", content=b" " * 70_000).status_code == 413


def test_a_write_elsewhere_names_no_edit(viewer: httpx.Client) -> None:
    answer = viewer.post("/audit")
    assert (answer.status_code, "edit" in answer.json()) == (405, False)


def test_who_is_unknown_gets_no_edit(nobody: httpx.Client) -> None:
    assert nobody.delete("/sip/sales-us").status_code == 401
    assert nobody.post("/sip/sales-us/map-agent").status_code == 401
