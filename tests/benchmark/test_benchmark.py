"""What `make bench` measures is what it says: the requests and lines that it counts, and a floor of the same graph."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench import calls, engine, floor
from bench.figure import Figure, ratio, table
from tests.engine.project import REPOSITORY
from tests.support import processes
from toolchain.layout import Layout


@pytest.mark.parametrize("foreign", [0, 980])
def test_a_preview_without_a_change_asks_each_vendor_for_whole_lists_once_and_writes_nothing(
    tmp_path: Path, foreign: int
) -> None:
    # LiveKit's own server gives all in one answer, as the sandbox does; where it gives pages, each is one request more.
    asked = {**calls.allowed(40, foreign), "livekit read": 3 * 2}
    assert dict(calls.unchanged(40, tmp_path, foreign)) == asked


@pytest.mark.parametrize("lines", [10, 40])
def test_the_first_preview_of_a_fleet_by_number_asks_one_question_a_line_beside_the_lists(lines: int) -> None:
    assert calls.first(lines) == calls.allowed_first(lines)


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
    assert [seconds > 0 for seconds in moved] == [True, True]
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
    assert pair.printed() <= 30


def test_the_table_says_what_was_found_what_it_is_to_be_and_what_it_is_made_of() -> None:
    found = [Figure("lines", 14.0, 100.0), ratio("preview", [4.0, 2.0, 3.0], ("floor", [2.0, 1.0, 9.0]), 1.4)]
    assert table(found) == ("lines     14  ≤ 100\npreview  1.5  ≤ 1.4  missed  ours 3, floor 2")
