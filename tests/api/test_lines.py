"""`/sip`: finding, sorting, paging, and the three forms."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.api import credentials
from tests.api.serving import Fixed, client, serve
from tests.state import fleet
from trunkline.api import create_app
from trunkline.api.endpoints import cursor
from trunkline.api.index import Filter, Index
from trunkline.api.problem import ApiProblem
from trunkline.outputs import Line, to_json
from trunkline.state.checkpoint import StackState
from trunkline.state.row import SORTS, Row

MANY = fleet.many(500)


def names(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [line["id"] for line in answer.json()["lines"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["sales-us", "support-de", "uk-office"]),
        ("provider=twilio", ["sales-us"]),
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


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    app = create_app(Fixed(StackState(outputs=fleet.outputs(MANY))), credentials.auth(tmp_path_factory.mktemp("large")))
    with serve(app) as url, client(url) as api:
        yield api


def pages(api: httpx.Client, query: str) -> Iterator[dict[str, Any]]:
    page = api.get(f"/sip?{query}").json()
    yield page
    while page["next"] is not None:
        page = api.get(f"/sip?{query}", params={**httpx.QueryParams(query), "cursor": page["next"]}).json()
        yield page


@pytest.mark.parametrize(
    "query", ["limit=37", "limit=37&sort=-label", "limit=37&sort=country", "limit=7&provider=vonage&sort=-provider"]
)
def test_pages_give_every_line_once_and_in_order(query: str, large: httpx.Client) -> None:
    found = list(pages(large, query))
    lines = [line["id"] for page in found for line in page["lines"]]
    whole = [
        line["id"]
        for line in large.get(
            f"/sip?{query}&limit=1000".replace("limit=37&", "").replace("limit=7&", "").replace("limit=37", "")
        ).json()["lines"]
    ]
    assert lines == whole
    assert len(set(lines)) == len(lines) == found[0]["total"] == found[-1]["total"]


@pytest.mark.parametrize("text", ["x", "AAAA", "W10", "WyJ4Iiwi", "é", "W251bGwsbnVsbCxudWxsXQ", "A" * 999])
def test_a_forged_cursor_is_refused(text: str, viewer: httpx.Client) -> None:
    answer = viewer.get("/sip", params={"cursor": text})
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:trunkline:problem:cursor-invalid")


def test_a_cursor_of_another_query_is_refused(large: httpx.Client) -> None:
    following = large.get("/sip?limit=5&provider=twilio").json()["next"]
    assert large.get("/sip", params={"cursor": following, "provider": "vonage"}).status_code == 400


@given(query=st.text(), key=st.text(), id=st.text(), other=st.text())
def test_a_cursor_says_its_place_again(query: str, key: str, id: str, other: str) -> None:
    text = cursor.encode(query, (key, id))
    assert cursor.decode(query, text) == (key, id)
    if other != query:
        with pytest.raises(ApiProblem):
            cursor.decode(other, text)


LINES = st.lists(
    st.builds(
        lambda id, label, country, tag: fleet.SALES.model_copy(
            update={"id": id, "label": label, "country": country, "tags": {"t": tag}}
        ),
        st.text("abc-", min_size=1, max_size=4),
        st.text("xyz", max_size=2),
        st.sampled_from(["US", "GB", "DE"]),
        st.sampled_from("pq"),
    ),
    unique_by=lambda line: line.id,
    max_size=25,
)


@given(
    LINES,
    st.sampled_from(["", "US", "GB"]),
    st.sampled_from(["", "p"]),
    st.sampled_from(["", "x", "a"]),
    st.sampled_from(sorted(SORTS)),
    st.booleans(),
    st.integers(1, 5),
)
def test_the_index_finds_what_a_plain_loop_finds(
    lines: list[Line], country: str, tag: str, text: str, sort: str, descending: bool, limit: int
) -> None:
    rows = [Row.of(line) for line in sorted(lines, key=lambda line: line.id)]
    wanted = Filter(country=country, tags=(f"t={tag}",) if tag else (), text=text)
    plain = sorted(
        (
            row
            for row in rows
            if country in ("", row.country)
            and f"t={tag}" in (f"t={tag}" if not tag else "", *row.tags)
            and text in row.text
        ),
        key=lambda row: (SORTS[sort](row), row.id),
        reverse=descending,
    )
    index, found, after = Index.of(rows), list[Row](), None
    while True:
        page = index.page(wanted, sort=sort, descending=descending, after=after, limit=limit)
        assert page.total == len(plain)
        found += page.rows
        after = page.last
        if after is None:
            break
    assert found == plain


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


def test_lines_that_no_agent_answers_are_asked_for_by_an_empty_agent(tmp_path: Path) -> None:
    silent = fleet.SALES.model_copy(update={"id": "silent", "agent": "", "agent_name": ""})
    source = Fixed(StackState(outputs=fleet.outputs((*fleet.LINES, silent))))
    with serve(create_app(source, credentials.auth(tmp_path))) as url, client(url) as api:
        assert names(api.get("/sip?agent=")) == ["silent"]
        assert names(api.get("/sip?agent=&country=US")) == ["silent"]
        assert len(names(api.get("/sip"))) == 4
