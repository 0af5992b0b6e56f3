"""The writes of the API that this one replaces: each is answered by the command that does it."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from trunkline.cli.main import main

PASSWORD = "correct horse"
AGENT = {"agent_id": "ag_550e8400"}
UK = {"phone_number": "+442071234567", "provider": "custom", "sip_address": "sip.example.com", "agent": "night"}


FILE = """\
version: 1
defaults: {provider: twilio, outbound: false}
agents: {ag_550e8400: {agent_name: sales}, night: {agent_name: night}}
trunks: {twilio-us: {provider: twilio, domain_name: acme.pstn.twilio.com, auth_username: u, auth_password: {secret: s}}}
numbers:
  sales-us: {phone_number: "+16505551234", agent: ag_550e8400}
  uk-office: {phone_number: "+442071234567", provider: custom, sip_address: sip.example.com, agent: night}
  unknown: {phone_number: "+16505551235", agent: night}
"""
# What is asked -> the command, and what it makes of the file's part: section, key -> what is new of it.
ASKED: dict[str, tuple[tuple[str, str, Any], str, dict[str, Any]]] = {
    "purchase": (
        (
            "POST",
            "/sip/purchase-number",
            {"phone_number": "+16505550123", "provider": "twilio", "label": "Sales, West", **AGENT},
        ),
        "trunkline edit add sales-west --provider=twilio --phone-number=+16505550123 --agent=ag_550e8400"
        " --label='Sales, West'",
        {
            "numbers.sales-west": {
                "provider": "twilio",
                "phone_number": "+16505550123",
                "agent": "ag_550e8400",
                "label": "Sales, West",
            }
        },
    ),
    "purchase by search": (
        ("POST", "/sip", {"country_code": "US", "area_code": "650", **AGENT}),
        "trunkline edit add my-line --country=US --area-code=650 --type=local --agent=ag_550e8400",
        {
            "numbers.my-line": {
                "search": {"country": "US", "area_code": 650, "type": "local"},
                "agent": "ag_550e8400",
            }
        },
    ),
    "register": (
        (
            "POST",
            "/sip/register",
            {
                "phone_number": "+442071234568",
                "sip_address": "custom-sip.provider.com",
                "auth_username": "me",
                "auth_password": PASSWORD,
                "label": "UK Desk's",
                "krisp_enabled": True,
                "allowed_addresses": ["203.0.113.0/28", "203.0.113.64/28"],
                "agent_id": "night",
            },
        ),
        "trunkline edit register uk-desk-s --phone-number=+442071234568 --sip-address=custom-sip.provider.com"
        " --auth-username=me --secret=sipPassword --agent=night --label='UK Desk'\"'\"'s' --krisp-enabled"
        " --allowed-address=203.0.113.0/28 --allowed-address=203.0.113.64/28",
        {
            "trunks.uk-desk-s": {
                "provider": "custom",
                "sip_address": "custom-sip.provider.com",
                "auth_username": "me",
                "auth_password": {"secret": "sipPassword"},
            },
            "numbers.uk-desk-s": {
                "phone_number": "+442071234568",
                "trunk": "uk-desk-s",
                "agent": "night",
                "label": "UK Desk's",
                "krisp_enabled": True,
                "allowed_addresses": ["203.0.113.0/28", "203.0.113.64/28"],
            },
        },
    ),
    "update": (
        ("PUT", "/sip/PN0001", {"label": "New", "krisp_enabled": False, "phone_number": "+1"}),
        "trunkline edit set sales-us --label=New --no-krisp-enabled",
        {
            "numbers.sales-us": {
                "phone_number": "+16505551234",
                "agent": "ag_550e8400",
                "label": "New",
                "krisp_enabled": False,
            }
        },
    ),
    "update by number": (
        ("PATCH", "/sip/%2B16505551234", {"agent_id": "night"}),
        "trunkline edit map-agent sales-us night",
        {"numbers.sales-us": {"phone_number": "+16505551234", "agent": "night"}},
    ),
    "map agent": (
        ("POST", "/sip/uk-office/map-agent", AGENT),
        "trunkline edit map-agent uk-office ag_550e8400",
        {"numbers.uk-office": {**UK, "agent": "ag_550e8400"}},
    ),
    "map agent in the body": (
        ("POST", "/sip/map-agent", {"sip_id": "ST_in_office", **AGENT}),
        "trunkline edit map-agent uk-office ag_550e8400",
        {"numbers.uk-office": {**UK, "agent": "ag_550e8400"}},
    ),
    "map from the agent": (
        ("PUT", "/agents/ag_550e8400/numbers", {"phone_number": "+442071234567"}),
        "trunkline edit map-agent uk-office ag_550e8400",
        {"numbers.uk-office": {**UK, "agent": "ag_550e8400"}},
    ),
    "delete": (
        ("DELETE", "/sip/uk-office", None),
        "trunkline edit release uk-office",
        {"numbers.uk-office": {**UK, "removal": "release"}},
    ),
    "delete by rule": (
        ("DELETE", "/sip/SDR_sales", None),
        "trunkline edit release sales-us",
        {"numbers.sales-us": {"phone_number": "+16505551234", "agent": "ag_550e8400", "removal": "release"}},
    ),
    "delete unknown": (
        ("DELETE", "/sip/unknown", None),
        "trunkline edit release unknown",
        {"numbers.unknown": {"phone_number": "+16505551235", "agent": "night", "removal": "release"}},
    ),
}


@pytest.mark.parametrize("name", ASKED)
def test_a_write_is_answered_by_the_command_that_does_it(
    name: str, viewer: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (method, path, body), command, new = ASKED[name]

    answer = viewer.request(method, path, json=body)
    problem = answer.json()

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert (problem["type"], problem["edit"]) == ("urn:trunkline:problem:read-only", command)
    assert "pulumi up" in problem["detail"]
    monkeypatch.chdir(tmp_path)
    Path("numbers.yaml").write_text(FILE, encoding="utf-8")
    assert main(shlex.split(command)[1:]) == 0
    assert difference(yaml.safe_load(Path("numbers.yaml").read_text(encoding="utf-8"))) == new


def test_a_line_of_a_part_is_said_to_stand_in_its_file_which_the_command_finds_and_names(
    viewer: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    whole = yaml.safe_load(FILE)
    part = {"numbers": {"sales-us": whole["numbers"].pop("sales-us")}}
    Path("numbers.d").mkdir()
    Path("numbers.d/sales.yaml").write_text(yaml.safe_dump(part), encoding="utf-8")
    Path("numbers.yaml").write_text(yaml.safe_dump(whole), encoding="utf-8")
    for method, body, key, value in (("PUT", {"label": "New"}, "label", "New"), ("DELETE", None, "removal", "release")):
        problem = viewer.request(method, "/sip/sales-us", json=body).json()
        assert "numbers.yaml or a part of it, which the command finds and names" in problem["detail"]
        assert "file" not in problem
        assert main(shlex.split(problem["edit"])[1:]) == 0
        assert "numbers.d/sales.yaml" in capsys.readouterr().out
        assert yaml.safe_load(Path("numbers.d/sales.yaml").read_text())["numbers"]["sales-us"][key] == value
    assert yaml.safe_load(Path("numbers.yaml").read_text()) == whole


def difference(after: dict[str, Any]) -> dict[str, Any]:
    """Give the entries of the file that are not as they were."""
    before = yaml.safe_load(FILE)
    return {
        f"{section}.{key}": value
        for section in ("agents", "trunks", "numbers")
        for key, value in after[section].items()
        if before[section].get(key) != value
    }


@pytest.mark.parametrize("agent", ["--dry-run", "a b", "a;b", "x" * 65, "$(id)"])
def test_what_is_no_agent_s_key_is_left_to_the_reader(agent: str, viewer: httpx.Client) -> None:
    answer = viewer.put("/sip/sales-us", json={"agent_id": agent})

    assert answer.json()["edit"] == "trunkline edit map-agent sales-us AGENT"


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
    assert (answer.status_code, answer.json()["edit"]) == (
        405,
        "trunkline edit add my-line --phone-number=+16505551234",
    )


@pytest.mark.parametrize("label", ["x; rm -rf /", "$(id)", "`id`", "'; id; '", "--dry-run", "a\\"])
def test_a_value_is_one_word_of_the_command(label: str, viewer: httpx.Client) -> None:
    edit = viewer.post("/sip", json={"label": label, "phone_number": label}).json()["edit"]

    assert shlex.split(edit)[4:] == [f"--phone-number={label}", f"--label={label}"]


def test_a_value_of_several_lines_is_not_repeated(viewer: httpx.Client) -> None:
    edit = viewer.post("/sip", json={"label": "x\nrm -rf /"}).json()["edit"]

    assert edit == "trunkline edit add my-line --phone-number=+16505551234"


def test_a_large_body_is_refused(viewer: httpx.Client) -> None:
    assert viewer.post("/sip", content=b" " * 70_000).status_code == 413


def test_a_write_elsewhere_names_no_edit(viewer: httpx.Client) -> None:
    answer = viewer.post("/audit")
    assert (answer.status_code, "edit" in answer.json()) == (405, False)


def test_who_is_unknown_gets_no_edit(nobody: httpx.Client) -> None:
    assert nobody.delete("/sip/sales-us").status_code == 401
    assert nobody.post("/sip/sales-us/map-agent").status_code == 401
