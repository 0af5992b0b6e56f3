"""What the table of docs/performance.md says that a state is made of adds up to the state."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from bench import state

PROVIDER = {"__provider": "gASV"}
DOCUMENT = Path(__file__).parents[2] / "docs/performance.md"


def _file(*resources: dict[str, Any]) -> bytes:
    whole = {"version": 3, "checkpoint": {"latest": {"resources": resources}}}
    return json.dumps(whole, separators=(",", ":"), ensure_ascii=False).encode()


def test_each_property_is_in_the_row_of_what_could_be_done_about_it() -> None:
    trunk = {
        "urn": "urn:a::InboundTrunk::x",
        "type": "trunkline:InboundTrunk",
        "inputs": {**PROVIDER, "keep": False, "headers": {}, "name": "é"},
        "outputs": {**PROVIDER, "keep": False, "headers": {}, "name": "é", "vendorId": "ST"},
        "propertyDependencies": {"__provider": [], "headers": [], "keep": [], "name": []},
    }
    fleet, stack = (
        {"urn": f"urn:a::{kind}::x", "type": f"x:{kind}", "outputs": {"a": 0}} for kind in ("Fleet", "Stack")
    )
    text = _file(stack, fleet, trunk)
    found, resources = state.parts(text)
    known = {
        state.EMPTY: len('"__provider":[],"name":[],'),
        state.EMPTY_OFF: len('"headers":[],"keep":[],'),
        state.PROVIDER: 2 * len('"__provider":"gASV",'),
        state.OURS: 2 * len('"keep":false,'),
        state.DEFAULT: 2 * len('"headers":{},'),
        state.VALUES: len('"name":"é","name":"é","vendorId":"ST",'.encode()),
        state.FLEET: len('{"urn":"urn:a::Fleet::x","type":"x:Fleet","outputs":{"a":0}},'),
        state.OUTPUTS: len('{"urn":"urn:a::Stack::x","type":"x:Stack","outputs":{"a":0}},'),
    }
    frame = {state.ENGINE: found[state.ENGINE], state.REST: found[state.REST]}
    assert (found, resources) == ({**known, **frame}, 3)
    assert found.total() == len(text)


def test_what_go_writes_as_six_characters_is_counted_so() -> None:
    plain, escaped = (
        {"urn": "u", "type": "x:DispatchRule", "inputs": {"name": name}, "outputs": {}} for name in ("abc", "<&>")
    )
    found = [state.parts(_file(each))[0][state.VALUES] for each in (plain, escaped)]
    assert found == [len('"name":"abc",'), len('"name":"abc",') + 3 * 5]


def test_the_table_has_every_row_a_resource_and_their_sum() -> None:
    text = _file({"urn": "u", "type": "x:PhoneLine"})
    lines = state.table(text).splitlines()
    assert [line.split(" | ")[0].removeprefix("| ") for line in lines[2:]] == [*state.ROWS, "all"]
    assert lines[-1] == f"| all | {len(text)} |"


def test_the_document_has_every_row_and_they_add_up() -> None:
    told = dict(re.findall(r"^\| ([^|]+) \| (\d+) \|$", DOCUMENT.read_text(), re.MULTILINE))
    rows = {name: int(told[name]) for name in state.ROWS}
    assert abs(sum(rows.values()) - int(told["all"])) <= len(rows) / 2  # each is rounded
