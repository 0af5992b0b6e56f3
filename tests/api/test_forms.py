"""In which form `/sip` answers: JSON, CSV or NDJSON, packed, and not sent again where it did not change."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import httpx
import pytest

from tests.api import credentials
from tests.api.serving import Fixed, client, serve
from tests.state import fleet
from trunkline.api import create_app
from trunkline.outputs import to_json
from trunkline.state.checkpoint import StackState


def test_csv_holds_the_same_and_no_cell_is_a_formula(admin: httpx.Client) -> None:
    answer = admin.get("/sip", headers={"Accept": "text/csv"})
    table = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert [
        (row["id"], row["phoneNumber"], row["label"], row["tags"], row["monthlyCost"], row["currency"]) for row in table
    ] == [
        ("sales-us", "'+16505551234", "Sales, US", "team=growth", "1.15", "USD"),
        ("support-de", "'+493012345678", "", "", "", ""),
        ("uk-office", "'+442071234567", "'=UK Office Line", "", "", ""),
    ]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in table for cell in row.values())


def test_ndjson_gives_a_line_a_line(admin: httpx.Client) -> None:
    answer = admin.get("/sip?format=ndjson&sort=-id")
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line) for line in answer.text.splitlines()] == [to_json(line) for line in reversed(fleet.LINES)]


def test_csv_and_ndjson_give_all_lines_unless_paged(large: httpx.Client) -> None:
    assert large.get("/sip?format=ndjson").text.count("\n") == 500
    page = large.get("/sip?format=csv&limit=10")
    assert page.text.count("\n") == 11
    following = page.headers["link"].partition("<")[2].partition(">")[0]
    assert large.get(following).text.splitlines()[1].startswith("line-000010,")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("text/csv;q=0.5, application/json;q=0.9", "application/json"),
        ("application/json;q=0.1, text/csv", "text/csv; charset=utf-8"),
        ("text/*", "text/csv; charset=utf-8"),
        ("application/x-ndjson", "application/x-ndjson"),
        ("image/png", "application/problem+json"),
        ("application/json;q=0", "application/problem+json"),
        ("application/json;q=x", "application/problem+json"),
    ],
)
def test_accept_is_honoured(accept: str, expected: str, viewer: httpx.Client) -> None:
    assert viewer.get("/sip", headers={"Accept": accept}).headers["content-type"] == expected


@pytest.mark.parametrize("path", ["/sip", "/sip/sales-us", "/sip?format=csv", "/agents", "/history", "/summary"])
def test_what_did_not_change_is_not_sent_again(path: str, viewer: httpx.Client) -> None:
    first = viewer.get(path)
    tag = first.headers["etag"]
    assert tag.startswith('"')
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = viewer.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert viewer.get(path, headers={"If-None-Match": '"other"'}).content == first.content


def test_forms_roles_and_queries_have_validators_of_their_own(viewer: httpx.Client, developer: httpx.Client) -> None:
    tags = [
        viewer.get("/sip").headers["etag"],
        viewer.get("/sip?sort=-id").headers["etag"],
        viewer.get("/sip", headers={"Accept": "text/csv"}).headers["etag"],
        viewer.get("/sip?format=csv").headers["etag"],
        developer.get("/sip").headers["etag"],
    ]
    assert len(set(tags)) == len(tags)


def test_replicas_give_the_same_validator(tmp_path: Path) -> None:
    tags = []
    for replica in ("a", "b"):
        source = Fixed(StackState(outputs=fleet.outputs()))
        with serve(create_app(source, credentials.auth(tmp_path / replica))) as url, client(url) as api:
            tags.append(api.get("/sip").headers["etag"])
    assert tags[0] == tags[1]


@pytest.mark.parametrize("form", ["json&limit=1000", "ndjson", "csv"])
def test_a_large_answer_is_packed_where_the_client_takes_it(form: str, large: httpx.Client) -> None:
    plain = large.get(f"/sip?format={form}", headers={"Accept-Encoding": "identity"})
    packed = large.get(f"/sip?format={form}", headers={"Accept-Encoding": "br, gzip;q=0.5"})
    refused = large.get(f"/sip?format={form}", headers={"Accept-Encoding": "gzip;q=0"})
    assert [each.headers.get("content-encoding") for each in (plain, packed, refused)] == [None, "gzip", None]
    assert packed.content == plain.content == refused.content
    assert packed.num_bytes_downloaded * 4 < plain.num_bytes_downloaded
    assert packed.headers["etag"] != plain.headers["etag"] == refused.headers["etag"]
    again = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["etag"]}
    answer = large.get(f"/sip?format={form}", headers=again)
    assert (answer.status_code, "content-encoding" in answer.headers) == (304, False)
    assert "Accept-Encoding" in packed.headers["vary"]
