"""`at=`: every answer as it was at a moment, with the update and the commit that left it so."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api import credentials
from tests.api.conftest import explain
from tests.api.serving import Fixed, client, entry, frames, serve
from tests.state import fleet
from tests.state.state_file import STATE, address, checkpoint, put
from tests.support.waiting import SOON, until
from trunkline.api import create_app
from trunkline.api.auth.principal import Role
from trunkline.api.served import archive
from trunkline.api.served.feed import Snapshot
from trunkline.api.served.past import Past
from trunkline.outputs import Line, Summary, to_json
from trunkline.state.checkpoint import EMPTY, StackState
from trunkline.state.process import ReaderProcess
from trunkline.state.publication import End, Status, Then, UpdateView, in_parts, rfc3339
from trunkline.state.row import SORTS, Row
from trunkline.state.version import Entry

NOBODY = StackState(outputs=EMPTY)
SALES_THEN = fleet.SALES.model_copy(update={"agent": "support", "agent_name": "support-agent", "monthly_cost": None})
FIRST = StackState(outputs=fleet.outputs((SALES_THEN, fleet.SUPPORT), {"support": "support-agent"}))
SECOND = StackState(outputs=fleet.outputs())
THIRD = StackState(outputs=fleet.outputs((fleet.SALES, fleet.OFFICE)))
ENTRIES = (entry(1, NOBODY, FIRST), entry(2, FIRST, SECOND), entry(3, SECOND, THIRD))
SHOWN = {
    1: {"update": "1", "ended": "2026-01-01T00:00:00Z", "result": "succeeded", "commit": f"{1:040}", "dirty": False},
    2: {"update": "2", "ended": "2026-01-02T00:00:00Z", "result": "succeeded", "commit": f"{2:040}", "dirty": True},
    3: {"update": "3", "ended": "2026-01-03T00:00:00Z", "result": "succeeded", "commit": f"{3:040}", "dirty": False},
}
MOMENTS = {0: "2025-12-31T23:59:59Z", 1: "2026-01-01T12:00:00Z", 2: "2026-01-02T12:00:00Z", 3: "2030-01-01T00:00:00Z"}
STATES = {0: NOBODY, 1: FIRST, 2: SECOND, 3: THIRD}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    auth = credentials.auth(tmp_path_factory.mktemp("then"))
    with serve(create_app(Fixed(THIRD, ENTRIES), auth, explain=explain)) as url:
        yield url


def lines(state: StackState) -> list[dict[str, Any]]:
    return [to_json(state.lines[name]) for name in sorted(state.lines)]


@pytest.mark.parametrize("update", MOMENTS)
def test_every_answer_of_a_moment_is_of_then_and_names_its_update_and_commit(update: int, served: str) -> None:
    at, state, shown = {"at": MOMENTS[update]}, STATES[update], SHOWN.get(update)
    with client(served) as api:
        answers = {path: api.get(path, params=at) for path in ("/sip", "/agents", "/summary")}
        explained = api.get("/explain", params={**at, "to": fleet.SALES.phone_number})
    assert answers["/sip"].json() == {
        "lines": lines(state),
        "total": len(state.lines),
        "next": None,
        "shown": shown,
    }
    agents = [to_json(agent) for agent in state.outputs.agents.values()]
    unused = [agent["id"] for agent in agents if not agent["lines"]]
    by_id = sorted(agents, key=lambda agent: str(agent["id"]))
    assert answers["/agents"].json() == {"agents": by_id, "unused": sorted(unused), "shown": shown}
    assert answers["/summary"].json() == {**to_json(Summary.of(state.lines.values())), "shown": shown}
    assert explained.json() == {
        "to": fleet.SALES.phone_number,
        "caller": "",
        "lines": ["sales-us"] if update else [],
        "shown": shown,
    }
    heads = ("trunkline-shown-update", "trunkline-shown-commit")
    told = [tuple(answer.headers.get(head) for head in heads) for answer in (*answers.values(), explained)]
    assert told == [(str(update), f"{update:040}") if update else ("none", None)] * 4


@pytest.mark.parametrize("id", ["sales-us", "+16505551234", "PN0001"])
def test_one_line_and_one_agents_lines_are_of_then_too(id: str, served: str) -> None:
    with client(served) as api:
        assert api.get(f"/sip/{id}", params={"at": MOMENTS[1]}).json() == {**to_json(SALES_THEN), "shown": SHOWN[1]}
        assert api.get(f"/sip/{id}", params={"at": MOMENTS[0]}).status_code == 404
        support = api.get("/agents/support/numbers", params={"at": MOMENTS[1]}).json()
        assert [line["id"] for line in support["lines"]] == ["sales-us", "support-de"]
        assert api.get("/agents/night/numbers", params={"at": MOMENTS[1]}).status_code == 404


def test_an_answer_of_now_has_nothing_of_a_moment(served: str) -> None:
    with client(served) as api:
        for path in ("/sip", "/sip/sales-us", "/agents", "/summary"):
            answer = api.get(path)
            assert ("shown" in answer.json(), "trunkline-shown-update" in answer.headers) == (False, False)


def test_a_viewer_sees_no_cost_of_then(served: str) -> None:
    with client(served, Role.VIEWER) as api:
        texts = [api.get(path, params={"at": MOMENTS[2]}).text for path in ("/sip", "/sip/sales-us", "/summary")]
    assert [word for text in texts for word in ("1.15", "monthlyCost", "unknownCost") if word in text] == []


def test_an_update_whose_changes_are_not_in_memory_is_read_once_for_all_who_ask(tmp_path: Path) -> None:
    bare = (Entry(update=ENTRIES[0].update), Entry(update=ENTRIES[1].update), Entry(update=ENTRIES[2].update))
    source, found = Fixed(THIRD, bare), list[httpx.Response]()
    with serve(create_app(source, credentials.auth(tmp_path))) as url, client(url) as api:
        asking = [
            threading.Thread(target=lambda: found.append(api.get("/sip", params={"at": MOMENTS[1]}))) for _ in range(5)
        ]
        for thread in asking:
            thread.start()
        until(lambda: bool(source.asked))
        rows = [Row.of(FIRST.lines[name]) for name in sorted(FIRST.lines)]
        source.push(Then("1", b'{"support":"support-agent"}'), *in_parts(rows), End(dict.fromkeys(SORTS, range(2))))
        for thread in asking:
            thread.join()
    assert [answer.json()["lines"] for answer in found] == [lines(FIRST)] * 5
    assert [(ask.what, ask.id) for ask in source.asked] == [("lines", "1")]


def test_a_moment_that_many_ask_for_at_once_is_computed_once_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, found, may_go = list[int](), list[httpx.Response](), threading.Event()
    undone = archive._undone

    async def noted(snapshot: Snapshot, newer: int, update: UpdateView | None) -> Past:
        made.append(newer)
        await asyncio.to_thread(may_go.wait, SOON)
        return await undone(snapshot, newer, update)

    monkeypatch.setattr(archive, "_undone", noted)
    app = create_app(Fixed(THIRD, ENTRIES), credentials.auth(tmp_path))
    with serve(app) as url, client(url) as api:
        api.get("/sip")
        asking = [
            threading.Thread(target=lambda: found.append(api.get("/sip", params={"at": MOMENTS[1]}))) for _ in range(8)
        ]
        for thread in asking:
            thread.start()
        until(lambda: made == [2])
        time.sleep(0.2)  # for the others to come as far
        may_go.set()
        for thread in asking:
            thread.join()
        api.get("/agents", params={"at": MOMENTS[1]})
    assert [answer.json()["lines"] for answer in found] == [lines(FIRST)] * 8
    assert made == [2]


def test_what_the_backend_does_not_keep_is_not_on_record(tmp_path: Path) -> None:
    source = Fixed(THIRD, tuple(Entry(update=one.update) for one in ENTRIES))
    with serve(create_app(source, credentials.auth(tmp_path))) as url, client(url) as api:
        found = list[httpx.Response]()
        asking = threading.Thread(target=lambda: found.append(api.get("/sip", params={"at": MOMENTS[2]})))
        asking.start()
        until(lambda: bool(source.asked))
        source.push(Then("2", None), End(dict.fromkeys(SORTS, ())))
        asking.join()
    assert (found[0].status_code, found[0].json()["type"]) == (404, "urn:trunkline:problem:not-on-record")


def test_a_caller_who_asks_for_ever_other_moments_is_told_to_wait_and_others_are_not(tmp_path: Path) -> None:
    states = [StackState(outputs=fleet.outputs((fleet.SALES.model_copy(update={"label": str(n)}),))) for n in range(60)]
    entries = tuple(entry(n, states[n - 1], states[n]) for n in range(1, 60))
    with serve(create_app(Fixed(states[-1], entries), credentials.auth(tmp_path))) as url:

        def ask(api: httpx.Client, number: int) -> httpx.Response:
            return api.get("/sip", params={"at": rfc3339(entries[number].update.ended)})

        with client(url, Role.VIEWER) as viewer, client(url, Role.DEVELOPER) as developer:
            codes = [ask(viewer, number).status_code for number in range(50)]
            again, other = ask(viewer, 0), ask(developer, 55)
    assert (codes[0], codes[-1], again.status_code, other.status_code) == (200, 429, 200, 200)


def test_what_was_changed_by_hand_since_is_not_in_the_past(tmp_path: Path) -> None:
    put(tmp_path, STATE, checkpoint((fleet.SALES,)))
    for number, label in ((1, "first"), (2, "second")):
        record(tmp_path, number, (fleet.SALES.model_copy(update={"label": label}),))
    app = create_app(ReaderProcess(address(tmp_path)), credentials.auth(tmp_path))
    with serve(app) as url, client(url) as api:
        until(lambda: api.get("/history").json().get("complete") is True)
        labels = [
            api.get("/sip/sales-us", params={"at": f"2026-01-0{day}T12:00:00Z"}).json().get("label") for day in (1, 2)
        ]
        assert (labels, api.get("/sip/sales-us").json()["label"]) == (["first", "second"], "Sales, US")


def test_a_history_of_300_updates_is_paged_to_its_first(tmp_path: Path) -> None:
    bare = tuple(Entry(update=entry(number, NOBODY, FIRST).update) for number in range(1, 301))
    source = Fixed(THIRD)
    with serve(create_app(source, credentials.auth(tmp_path))) as url, client(url) as api:
        source.push(*frames(THIRD, bare), Status())
        until(lambda: len(api.get("/history").json()["updates"]) == 50)
        seen, before = list[str](), ""
        while True:
            page = api.get("/history", params={"limit": 200, "before": before}).json()
            seen += [update["id"] for update in page["updates"]]
            if page["next"] is None:
                break
            before = page["next"]
    assert (seen, page["complete"]) == ([str(number) for number in range(300, 0, -1)], True)


def test_the_history_of_a_line_tells_who_answered_it_when(served: str) -> None:
    with client(served) as api:
        told = api.get("/sip/sales-us/history").json()
        by_number = api.get(f"/sip/{fleet.SALES.phone_number}/history").json()
        gone = api.get("/sip/support-de/history").json()
        unknown = api.get("/sip/nobody/history")
    changed = [
        (update["id"], [change["fields"].get("agent") for change in update["changes"]]) for update in told["updates"]
    ]
    assert changed == [
        ("2", [{"before": "support", "after": "ag_550e8400"}]),
        ("1", [{"before": None, "after": "support"}]),
    ]
    assert ((told["line"], told["complete"]), by_number) == (("sales-us", True), told)
    assert [[change["kind"] for change in update["changes"]] for update in gone["updates"]] == [["removed"], ["added"]]
    assert unknown.status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"line": "uk-office"}, ["2"]),
        ({"line": "sales-us"}, ["2", "1"]),
        ({"result": "failed"}, []),
        ({"since": "2026-01-02T00:00:00Z"}, ["3", "2"]),
        ({"since": "2026-01-02T00:00:00Z", "until": "2026-01-02T00:00:00Z"}, ["2"]),
        ({"until": "2025-01-01T00:00:00Z"}, []),
        ({"line": "sales-us", "before": "2"}, ["1"]),
    ],
)
def test_the_history_is_filtered(query: dict[str, str], expected: list[str], served: str) -> None:
    with client(served) as api:
        answer = api.get("/history", params=query).json()
    assert ([update["id"] for update in answer["updates"]], answer["next"]) == (expected, None)


@pytest.mark.parametrize("path", ["/sip?at=", "/summary?at=", "/history?since=", "/history?until="])
@pytest.mark.parametrize(
    "moment", ["2026", "20260503", "-1", "1767312000.5", "2026-01-02T12:00:00+02:00", "2026-01-02"]
)
def test_what_is_no_moment_is_refused_and_not_taken_for_seconds_of_1970(path: str, moment: str, served: str) -> None:
    with client(served) as api:
        answer = api.get(path + moment)  # as it stands: a plus is a blank
    assert (answer.status_code, answer.json()["errors"]) == (
        400,
        [
            {
                "parameter": path.partition("?")[2][:-1],
                "detail": "write it like 2026-05-03T12:00:00Z: RFC 3339, with a zone, a plus as %2B",
            }
        ],
    )


def test_a_reader_is_told_who_it_is_and_of_which_stack(tmp_path: Path) -> None:
    app = create_app(Fixed(THIRD), credentials.auth(tmp_path), stack="acme/fleet/prod")
    with serve(app) as url, client(url, Role.DEVELOPER) as api:
        told = api.get("/reader").json()
    assert (told["stack"], told["role"], told["via"]) == ("acme/fleet/prod", "developer", "key")
    assert told["name"]


def record(folder: Path, number: int, left: tuple[Line, ...]) -> None:
    """Put an update on record that ended on the day of this number."""
    ended = 1767225600 + (number - 1) * 86400
    document = {"kind": "update", "result": "succeeded", "startTime": ended - 5, "endTime": ended}
    name = f".pulumi/history/fleet/dev/dev-{ended * 10**9}"
    put(folder, f"{name}.history.json", json.dumps(document).encode())
    put(folder, f"{name}.checkpoint.json", checkpoint(left))
