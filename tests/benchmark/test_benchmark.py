"""What `make bench` measures is what it says: the requests and lines that it counts, and a floor of the same graph."""

from __future__ import annotations

import ast
import inspect
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bench import __main__ as bench
from bench import calls, engine, engine_rows, fleet, floor, rows
from bench.figure import Figure, ratio, table
from bench.spent import Spent
from tests.engine.project import REPOSITORY
from tests.support import processes
from toolchain.layout import Layout
from trunkline.inventory import load


@pytest.mark.parametrize("foreign", [0, 980])
def test_a_preview_without_a_change_asks_each_vendor_for_whole_lists_once_and_writes_nothing(
    tmp_path: Path, foreign: int
) -> None:
    # LiveKit's own server gives all in one answer, as the sandbox does; where it gives pages, each is one request more.
    asked = {**calls.allowed(40, foreign), "livekit read": 3 * 2}
    assert dict(calls.unchanged(40, tmp_path, foreign)) == asked


@pytest.mark.parametrize(("by", "provider"), [row[1:] for row in rows.FIRST], ids=[row[0] for row in rows.FIRST])
@pytest.mark.parametrize("lines", [10, 110])
def test_the_first_preview_of_a_fleet_asks_whole_lists_and_each_line_that_no_list_answers(
    lines: int, by: str, provider: str
) -> None:
    assert calls.first(lines, by, provider) == calls.allowed_first(lines, by, provider)


def test_only_lines_whose_number_is_bought_by_name_are_asked_one_by_one() -> None:
    asked = {name: calls.allowed_first(110, by, provider) for name, by, provider in rows.FIRST}
    assert asked == {
        "by number": 119,
        "by search": 18,
        "adopted": 8,
        "by number at Vonage": 117,
        "by search at Vonage": 16,
        "adopted at Vonage": 9,
    }


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engine.Pair]:
    if not (Layout.of(REPOSITORY).bin / "pulumi").exists():
        pytest.skip("no engine: run `make setup`")
    try:
        with engine.pair(tmp_path_factory.mktemp("pair"), 3) as made:
            yield made
    finally:
        processes.end_all()


def named(urn: str) -> str:
    """Give the kind and the name of a resource."""
    *_, type_, name = urn.split("::")
    return f"{type_.rpartition(':')[2]} {name}"


def shape(project: Any) -> dict[tuple[str, str], tuple[str, list[str], list[str]]]:
    """Give each resource's parent, dependencies and names of inputs, in whatever order they were made."""
    described = floor.graph(project.resources())
    names = [f"{each['kind']} {each['name']}" for each in described]
    return {
        (each["kind"], each["name"]): (
            "" if each["parent"] is None else names[each["parent"]],
            sorted(names[number] for number in each["dependencies"]),
            sorted(each["inputs"]),
        )
        for each in described
    }


@pytest.mark.engine
def test_the_floor_is_the_graph_of_the_fleet_with_the_same_inputs(pair: engine.Pair) -> None:
    assert shape(pair.floor) == shape(pair.ours)


@pytest.mark.engine
def test_the_floor_takes_part_in_previews_and_edits_as_the_fleet_does(pair: engine.Pair) -> None:
    assert pair.floor.preview().steps == []
    moved = pair.remaps(0)
    assert [taken.computed > 0 and taken.clock > 0 for taken in moved] == [True, True]
    assert pair.floor.preview().steps == []


@pytest.mark.engine
def test_a_resource_of_a_line_names_what_nothing_else_of_it_depends_on_and_nothing_by_property(
    pair: engine.Pair,
) -> None:
    line = [each for each in pair.ours.resources() if named(each["urn"]).endswith(" line-00001")]
    assert {named(each["urn"]): sorted(map(named, each["dependencies"])) for each in line} == {
        "PhoneLine line-00001": ["Fleet fleet"],
        "OutboundTrunk line-00001": ["Credential us", "TrunkCredentialList us"],
        "InboundTrunk line-00001": ["OutboundTrunk line-00001"],
        "DispatchRule line-00001": ["InboundTrunk line-00001"],
        "PhoneNumber line-00001": ["DispatchRule line-00001", "OriginationUrl us"],
    }
    assert [urns for each in line for urns in each.get("propertyDependencies", {}).values() if urns] == []


@pytest.mark.engine
def test_a_further_line_takes_few_bytes_of_the_state(pair: engine.Pair) -> None:
    line = [each for each in pair.ours.resources() if named(each["urn"]).endswith(" line-00001")]
    written = json.dumps(line, separators=(",", ":"), ensure_ascii=False)
    assert (len(line), len(written) <= 8250) == (5, True), len(written)


@pytest.mark.engine
def test_a_preview_of_one_remap_prints_few_lines(pair: engine.Pair) -> None:
    pair.edit(1)
    lines, taken = pair.printed()
    assert (lines <= 30, taken.computed > 0) == (True, True), lines


@pytest.mark.engine
def test_a_plan_takes_turns_with_the_preview_that_users_run_which_writes_no_events(pair: engine.Pair) -> None:
    log = pair.ours.directory / "events.jsonl"
    log.unlink(missing_ok=True)
    found = [*engine_rows.plan(pair, 2)]
    assert [(each.name, len(each.parts)) for each in found] == [
        ("lines printed by a preview of one remap among 3", 0),
        ("trunkline plan of 3 lines, over the preview", 5),
    ]
    assert (log.exists(), "trunkline " in found[1].limit) == (False, True)


@pytest.mark.engine
def test_the_first_up_counts_what_it_asks_of_the_vendors(pair: engine.Pair) -> None:
    # What a line asks is counted in tests/benchmark/test_searched.py and by the previews above.
    assert pair.asked == 44


@pytest.mark.engine
def test_a_dump_asks_for_the_listings_alone_and_an_audit_for_little_more(pair: engine.Pair) -> None:
    asked = []

    def count(command: Callable[[], Any]) -> None:
        mark = pair.sandbox.journal.mark()
        command()
        asked.append(len(pair.sandbox.journal.entries(mark)))

    before = pair.sandbox.snapshot()
    count(pair.listings)
    count(lambda: pair.trunkline("audit", *engine_rows.OF, "--live"))
    pair.untag()
    count(lambda: pair.trunkline("dump", "-o", "dumped.yaml"))
    pair.sandbox.restore(before)
    assert asked == [11, 14, 11]
    dumped = load(pair.ours.directory / "dumped.yaml")
    assert sorted(str(line.phone_number) for line in dumped.lines.values()) == [fleet.number(line) for line in range(3)]


@pytest.mark.engine
def test_an_update_of_another_checkout_runs_its_own_code(pair: engine.Pair, tmp_path: Path) -> None:
    there = tmp_path / "there"
    shutil.copytree(REPOSITORY / "stacks", there / "stacks")
    for name in ("providers", "trunkline"):
        (there / name).symlink_to(REPOSITORY / name)
    program = there / "stacks/program.py"
    first = "    ending.end_at_interrupt()\n"
    program.write_text(program.read_text().replace(first, f'{first}    pulumi.export("checkout", "there")\n', 1))
    with engine.former(tmp_path / "former", 2, there) as made:
        assert made.outputs()["checkout"] == "there"
        assert made.up(fleet.of(2, moved=True)).steps == ["update DispatchRule line-00001 agents[0].agentName"]


def test_the_table_says_what_was_found_what_it_is_to_be_and_what_it_is_made_of() -> None:
    ours, floor = ([Spent(each, 2 * each) for each in series] for series in ([4.0, 2.0, 3.0], [2.0, 1.0, 9.0]))
    found = [Figure("lines", 14.0, 100.0, limit="none"), ratio("preview", ours, ("floor", floor), 1.4, "the engine")]
    assert table(found) == (
        "lines     14  ≤ 100\n"
        "preview  1.5  ≤ 1.4  missed  ours 3, floor 2, by the clock 1.5, ours by the clock 6, floor by the clock 4\n"
        "\n"
        "What stands in the way:\n"
        "preview: the engine"
    )


def test_what_mostly_waits_is_compared_by_the_clock_and_a_limit_is_kept_where_a_goal_is_missed() -> None:
    ours, floor = [Spent(1.0, 6.0)], [Spent(1.0, 2.0)]
    missed, reached = (ratio("up", ours, ("wire", floor), goal, "the wire", by_clock=True) for goal in (1.3, 4.0))
    parts = {"ours": 1.0, "wire": 1.0, "computed": 1.0, "ours by the clock": 6.0, "wire by the clock": 2.0}
    told = {"name": "up", "found": 3.0, "parts": parts}
    assert missed.as_json() == {**told, "goal": 1.3, "reached": False, "limit": "the wire"}
    assert reached.as_json() == {**told, "goal": 4.0, "reached": True}


def test_rows_can_be_measured_alone_and_are_not_kept_as_a_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measured(module: Any, name: str) -> None:
        monkeypatch.setattr(module, name, lambda *_: iter([Figure(name, 1.0, 2.0)]))

    for name in ("starts", "weather", "requests"):
        measured(rows, name)
    for name in ("growth", "stack"):
        measured(engine_rows, name)
    monkeypatch.setattr(bench, "RESULTS", tmp_path / "results")

    assert bench.main(["--only", "storm", "--only", "audit", "--large", "0"]) == 0

    rows_of_table = capsys.readouterr().out.split("\n\n")[1]
    assert [line.split()[0] for line in rows_of_table.splitlines()] == ["weather", "stack"]
    assert not (tmp_path / "results").exists()


def _rows(module: ModuleType) -> Iterator[ast.Call]:
    """Give what makes a row in a module, but for what is only reckoned with."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) in ("Figure", "ratio")
            and ast.unparse(node.args[0]) != "''"
        ):
            yield node


@pytest.mark.parametrize("module", [rows, engine_rows])
def test_every_row_says_what_stands_in_the_way_where_it_misses_its_goal(module: ModuleType) -> None:
    said = {ast.unparse(each.args[0]): {"limit"} & {word.arg for word in each.keywords} for each in _rows(module)}
    fifth = {ast.unparse(each.args[0]) for each in _rows(module) if len(each.args) > 4}
    assert len(said) >= 5
    assert [name for name, limit in said.items() if not limit and name not in fifth] == []


def test_counts_that_miss_say_how_many_requests_are_beyond_what_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    least = calls.allowed(1000)
    asked = Counter({what: most + 2 for what, most in least.items()} | {"twilio write": 1})
    monkeypatch.setattr(calls, "unchanged", lambda *_: asked)
    monkeypatch.setattr(calls, "first", lambda *words: calls.allowed_first(*words) + 3)

    found = [*rows.requests(1000, tmp_path)]
    assert [each.reached for each in found] == [False] * 10
    assert (
        found[0].limit
        == f"whole lists, each once, are {least['twilio read']}; the 2 beyond are lists asked again, or single lines"
    )
    assert found[3].limit == "nothing in the way: no preview needs 1 twilio write"
    assert found[4].limit == "the lists and what no list answers are 109; the 3 beyond are asked again"


@pytest.mark.engine
def test_where_memory_or_printed_lines_are_too_much_the_least_is_measured(pair: engine.Pair) -> None:
    of_the_tests = b"x" * 300_000_000  # which is not the provider's
    assert (20 < engine.least_memory(pair) < 200, 0 < pair.printed_by_floor() <= 30) == (True, True)
    del of_the_tests


def test_every_row_of_the_table_is_measured_with_a_goal(tmp_path: Path) -> None:
    found = [*rows.requests(20, tmp_path)]
    assert [(each.reached, each.found > 0 or each.goal == 0) for each in found] == [(True, True)] * 10
