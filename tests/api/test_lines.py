"""`/sip`: finding and sorting lines."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests.api import credentials
from tests.api.serving import Fixed, client, serve
from tests.state import fleet
from trunkline.api import create_app
from trunkline.outputs import to_json
from trunkline.state.checkpoint import StackState


def names(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [line["id"] for line in answer.json()["lines"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["sales-us", "support-de", "uk-office"]),
        ("provider=twilio", ["sales-us"]),
        ("provider=Twilio", ["sales-us"]),
        ("provider=nobody", []),
        ("country=gb", ["uk-office"]),
        ("agent=support", ["support-de", "uk-office"]),
        ("agent=sales-agent", ["sales-us"]),
        ("agent=", []),
        ("tag=team", ["sales-us"]),
        ("tag=team=growth", ["sales-us"]),
        ("tag=team:growth", ["sales-us"]),
        ("tag=team=growth&tag=site", []),
        ("text=OFFICE", ["uk-office"]),
        ("text=%2B49", ["support-de"]),
        ("text=growth", ["sales-us"]),
        ("agent=support&provider=vonage&country=DE&text=support", ["support-de"]),
        ("sort=-id", ["uk-office", "support-de", "sales-us"]),
        ("sort=phoneNumber", ["sales-us", "uk-office", "support-de"]),
        ("sort=label", ["support-de", "uk-office", "sales-us"]),
        ("sort=-agent", ["uk-office", "support-de", "sales-us"]),
        ("limit=1", ["sales-us"]),
    ],
)
def test_lines_are_filtered_and_sorted(query: str, expected: list[str], viewer: httpx.Client) -> None:
    assert names(viewer.get(f"/sip?{query}")) == expected


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=1000000000",
        "limit=NaN",
        "limit=1&limit=2",
        "sort=monthlyCost",
        "sort=label;drop",
        "sort=--id",
        "country=USA",
        "format=xml",
        "at=yesterday",
        "at=2026-01-01",
        "unknown=1",
        "provider=%ff",
        f"text={'x' * 201}",
        "&".join("tag=x" for _ in range(11)),
        "&".join(f"f{number}=1" for number in range(1000)),
    ],
)
def test_a_query_that_cannot_be_used_is_refused_with_the_reason(query: str, viewer: httpx.Client) -> None:
    answer = viewer.get(f"/sip?{query}")
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:trunkline:problem:query-invalid")


def test_every_wrong_parameter_is_named_at_once(viewer: httpx.Client) -> None:
    errors = viewer.get("/sip?limit=0&sort=x&country=USA&foo=1").json()["errors"]
    assert {error["parameter"] for error in errors} == {"limit", "sort", "country", "foo"}


@pytest.mark.parametrize("id", ["sales-us", "+16505551234", "%2B16505551234", "PN0001", "ST_in_sales", "SDR_sales"])
def test_a_line_is_found_by_name_number_or_vendors_id(id: str, admin: httpx.Client) -> None:
    assert admin.get(f"/sip/{id}").json() == to_json(fleet.SALES)


def test_the_number_without_its_plus_is_vonages_id(viewer: httpx.Client) -> None:
    assert viewer.get("/sip/493012345678").json()["id"] == "support-de"


def test_an_id_that_several_lines_share_names_them(tmp_path: Path) -> None:
    shared = (fleet.SALES, fleet.SUPPORT.model_copy(update={"inbound_trunk_id": "ST_in_sales"}))
    source = Fixed(StackState(outputs=fleet.outputs(shared)))
    with serve(create_app(source, credentials.auth(tmp_path))) as url, client(url) as api:
        answer = api.get("/sip/ST_in_sales")
    assert (answer.status_code, answer.json()["lines"]) == (409, ["sales-us", "support-de"])


def test_lines_that_no_agent_answers_are_asked_for_by_an_empty_agent(tmp_path: Path) -> None:
    silent = fleet.SALES.model_copy(update={"id": "silent", "agent": "", "agent_name": ""})
    source = Fixed(StackState(outputs=fleet.outputs((*fleet.LINES, silent))))
    with serve(create_app(source, credentials.auth(tmp_path))) as url, client(url) as api:
        assert names(api.get("/sip?agent=")) == ["silent"]
        assert names(api.get("/sip?agent=&country=US")) == ["silent"]
        assert len(names(api.get("/sip"))) == 4
