"""Lines as CSV: for programs as before, and for spreadsheets, which take much for a formula that is none."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import httpx
import pytest

from tests.api import credentials
from tests.api.serving import Fixed, client, serve
from tests.state import fleet
from trunkline.api import create_app
from trunkline.api.auth.principal import Role
from trunkline.state.checkpoint import StackState

NASTY = {
    "=1+1": "'=1+1",
    "-1": "'-1",
    "@SUM(A1)": "'@SUM(A1)",
    "\uff1d1+1": "'\uff1d1+1",
    "\uff0b1": "'\uff0b1",
    "\uff0d1": "'\uff0d1",
    "\uff20SUM(A1)": "'\uff20SUM(A1)",
    "a;=1+1": "a;'=1+1",
    "a;\uff1d1+1;-2": "a;'\uff1d1+1;'-2",
    "a,=1+1": "a,'=1+1",
    "a\t@x": "a\t'@x",
    "a\n=1+1": "a\n'=1+1",
    'a;"=1+1"': 'a;\'"=1+1"',
    " =1+1": "' =1+1",
    "  +1": "'  +1",
    "\u00a0-1": "'\u00a0-1",
    "\u3000\uff1d1": "'\u3000\uff1d1",
    "\ufeff@x": "'\ufeff@x",
    "\u200b=1": "'\u200b=1",
    "a; =1+1": "a;' =1+1",
    'a; "=1+1"': 'a;\' "=1+1"',
    "a, -1": "a,' -1",
    " a =1": " a =1",
    "a=b; c-d": "a=b; c-d",
    "Zürich": "Zürich",
}


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """An API over lines whose labels are what people try."""
    lines = tuple(
        fleet.SALES.model_copy(update={"id": f"line-{number:02}", "label": label}) for number, label in enumerate(NASTY)
    )
    app = create_app(Fixed(StackState(outputs=fleet.outputs(lines))), credentials.auth(tmp_path_factory.mktemp("csv")))
    with serve(app) as url, client(url, Role.VIEWER) as api:
        yield api


def labels(content: bytes, separator: str) -> list[str]:
    """Read a table as a program that knows its separator does."""
    return [row["label"] for row in csv.DictReader(io.StringIO(content.decode(), newline=""), delimiter=separator)]


@pytest.mark.parametrize(
    ("query", "separator", "mark"),
    [
        ("format=csv", ",", b""),
        ("spreadsheet=comma", ",", b"\xef\xbb\xbf"),
        ("spreadsheet=semicolon", ";", b"\xef\xbb\xbf"),
        ("format=csv&spreadsheet=semicolon", ";", b"\xef\xbb\xbf"),
    ],
)
def test_no_label_is_a_formula_in_any_form(query: str, separator: str, mark: bytes, nasty: httpx.Client) -> None:
    answer = nasty.get(f"/sip?{query}")
    head = answer.content.partition(b"\r\n")[0]
    assert head.startswith(mark + separator.join(("id", "phoneNumber")).encode())
    assert labels(answer.content.removeprefix(mark), separator) == list(NASTY.values())
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="lines.csv"'


@pytest.mark.parametrize("query", ["format=csv", "spreadsheet=comma", "spreadsheet=semicolon"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_nor_where_it_is_read_with_another_separator(separator: str, query: str, nasty: httpx.Client) -> None:
    text = nasty.get(f"/sip?{query}").content.decode("utf-8-sig")
    signs = "=+-@\uff1d\uff0b\uff0d\uff20"
    cells = [cell.lstrip('"') for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in row]
    assert [cell for cell in cells if cell.startswith(tuple(signs))] == []


def test_the_file_is_named_by_the_moment_that_was_asked_for(developer: httpx.Client) -> None:
    answer = developer.get("/sip?format=csv&at=2026-01-01T13:00:00%2B01:00")
    assert answer.headers["content-disposition"] == 'attachment; filename="lines-2026-01-01T120000Z.csv"'


@pytest.mark.parametrize("format", ["json", "ndjson"])
def test_a_spreadsheet_takes_no_other_format(format: str, viewer: httpx.Client) -> None:
    assert viewer.get(f"/sip?format={format}&spreadsheet=comma").status_code == 400
    assert "content-disposition" not in viewer.get(f"/sip?format={format}").headers


def test_pages_for_spreadsheets_follow_each_other(nasty: httpx.Client) -> None:
    first = nasty.get("/sip?spreadsheet=semicolon&limit=20")
    second = nasty.get(first.headers["link"].partition("<")[2].partition(">")[0])
    assert [len(labels(page.content[3:], ";")) for page in (first, second)] == [20, len(NASTY) - 20]
