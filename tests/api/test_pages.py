"""`/sip` by pages: every line once and in order, and a cursor that is good for its query alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.state import fleet
from trunkline.api.endpoints import cursor
from trunkline.api.problem import ApiProblem
from trunkline.api.served.index import Filter, Index
from trunkline.outputs import Line
from trunkline.state.row import SORTS, Row


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
