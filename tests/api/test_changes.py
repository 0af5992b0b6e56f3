"""What an update changed of a line is told item by item."""

from __future__ import annotations

from pathlib import Path

from tests.api import credentials
from tests.api.serving import Fixed, client, entry, serve
from tests.state import fleet
from trunkline.api import create_app
from trunkline.state.checkpoint import StackState

CALLERS = tuple(f"+1650555{number:04d}" for number in range(500))
LATER = (*CALLERS[:250], "+442071234567", *CALLERS[251:])


def state(callers: tuple[str, ...], **tags: str) -> StackState:
    line = fleet.SALES.model_copy(update={"allowed_callers": callers, "tags": tags})
    return StackState(outputs=fleet.outputs((line,)))


def test_one_caller_among_500_and_one_tag_are_all_that_the_history_tells(tmp_path: Path) -> None:
    before, now = state(CALLERS, team="growth", env="test"), state(LATER, team="growth", env="prod")
    app = create_app(Fixed(now, (entry(1, before, now),)), credentials.auth(tmp_path))
    expected = [
        {
            "line": "sales-us",
            "kind": "changed",
            "fields": {
                "tags": {"removed": {"env": "test"}, "added": {"env": "prod"}},
                "allowedCallers": {"removed": ["+16505550250"], "added": ["+442071234567"]},
            },
        }
    ]
    with serve(app) as url, client(url) as api:
        assert api.get("/history/1").json()["changes"] == expected
        assert [update["changes"] for update in api.get("/sip/sales-us/history").json()["updates"]] == [expected]


def renamed(tmp_path: Path) -> tuple[Fixed, StackState]:
    """A line that came, was renamed and got another label; then another line that came and went."""
    old = fleet.SALES.model_copy(update={"id": "sales-old"})
    new = fleet.SALES.model_copy(update={"label": "America"})
    empty, first, second, third, fourth = (
        StackState(outputs=fleet.outputs(lines)) for lines in ((), (old,), (fleet.SALES,), (new, fleet.OFFICE), (new,))
    )
    entries = (entry(1, empty, first), entry(2, first, second), entry(3, second, third), entry(4, third, fourth))
    return Fixed(fourth, entries), fourth


def test_the_history_of_a_line_goes_on_under_its_former_name(tmp_path: Path) -> None:
    source, _ = renamed(tmp_path)
    with serve(create_app(source, credentials.auth(tmp_path))) as url, client(url) as api:
        told = api.get("/sip/sales-us/history").json()
        assert [
            (update["id"], [(one["line"], one["kind"], one["fields"].get("id")) for one in update["changes"]])
            for update in told["updates"]
        ] == [
            ("3", [("sales-us", "changed", None)]),
            ("2", [("sales-us", "changed", {"before": "sales-old", "after": "sales-us"})]),
            ("1", [("sales-old", "added", {"before": None, "after": "sales-old"})]),
        ]
        assert [update["id"] for update in api.get("/history?line=sales-us").json()["updates"]] == ["3", "2", "1"]


def test_the_history_of_a_former_name_tells_the_new_one_and_not_that_the_line_went(tmp_path: Path) -> None:
    source, _ = renamed(tmp_path)
    with serve(create_app(source, credentials.auth(tmp_path))) as url, client(url) as api:
        newest, first = api.get("/sip/sales-old/history").json()["updates"]
        assert newest == api.get("/history/2").json()
        assert (first["id"], [one["kind"] for one in first["changes"]]) == ("1", ["added"])


def test_an_update_tells_a_renamed_line_as_the_history_of_the_line_does(tmp_path: Path) -> None:
    source, _ = renamed(tmp_path)
    with serve(create_app(source, credentials.auth(tmp_path))) as url, client(url) as api:
        update = api.get("/history/2").json()
        assert update["changed"] == {"added": 0, "changed": 1, "removed": 0, "unlisted": 0, "partly-applied": 0}
        assert update["changes"] == [
            {"line": "sales-us", "kind": "changed", "fields": {"id": {"before": "sales-old", "after": "sales-us"}}}
        ]
        (along,) = [one for one in api.get("/sip/sales-us/history").json()["updates"] if one["id"] == "2"]
        assert along == update


def test_the_history_takes_a_number_or_a_vendors_id_and_refuses_what_no_line_has(tmp_path: Path) -> None:
    source, _ = renamed(tmp_path)
    number, gone = fleet.SALES.phone_number, fleet.OFFICE.phone_number
    with serve(create_app(source, credentials.auth(tmp_path))) as url, client(url) as api:
        for id in (number, fleet.SALES.inbound_trunk_id, "sales-us"):
            found = api.get("/history", params={"line": id}).json()["updates"]
            assert [update["id"] for update in found] == ["3", "2", "1"]
        for id in (gone, "uk-office"):
            found = api.get("/history", params={"line": id}).json()["updates"]
            assert [update["id"] for update in found] == ["4", "3"]
        refused = api.get("/history", params={"line": "+16505550000"})
        assert (refused.status_code, refused.json()["type"]) == (404, "urn:trunkline:problem:not-found")
