"""An edit changes the lines that it is about, and no other character of the file."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from trunkline.edit import written
from trunkline.edit.entries import Entries
from trunkline.errors import InventoryError, Refusal

LONG = "x" * 200
FILE = f"""\
# yaml-language-server: $schema=docs/numbers.schema.json
version:   1   # odd blanks

agents: # who can answer
  support:   {{ agent_name: 'support-agent' ,  room_prefix: "support-"}}   # one

# ----- lines -----
numbers:
  # speaks of sales
  sales-us:
    phone_number: '+16505551234'
    agent: "support"   # two  blanks
    label:   {LONG}
    allowed_callers:
    - "+442071234567"   # the desk
    # a comment at the end of the list

  flow: {{phone_number: "+16505551235",
         agent: support, label: "Ü, {LONG}"}}
  folded:
    label: >-
      two
      lines

    phone_number: "+16505551236"
    agent: support
# the end
"""
SPLICES: dict[str, tuple[Any, str, str]] = {
    "a value": (
        lambda file: file.put(("numbers", "sales-us", "agent"), "night"),
        'agent: "support"   # two',
        "agent: night   # two",
    ),
    "a value between braces": (
        lambda file: file.put(("numbers", "flow", "agent"), "a, b"),
        "agent: support, label",
        'agent: "a, b", label',
    ),
    "a value over several lines": (
        lambda file: file.put(("numbers", "folded", "label"), "one"),
        ">-\n      two\n      lines\n\n",
        "one\n\n",
    ),
    "a list of lines": (
        lambda file: file.put(("numbers", "sales-us", "allowed_callers"), ["+442071234568"]),
        '\n    - "+442071234567"   # the desk\n',
        ' ["+442071234568"]   # the desk\n',
    ),
    "a new key": (
        lambda file: file.put(("numbers", "sales-us", "removal"), "release"),
        "# the desk\n",
        "# the desk\n    removal: release\n",
    ),
    "a new key between braces": (
        lambda file: file.put(("numbers", "flow", "removal"), "release"),
        f'{LONG}"}}',
        f'{LONG}", removal: release}}',
    ),
    "a first key": (
        lambda file: file.put(("numbers", "folded", "renamed_from"), "old", first=True),
        "folded:\n",
        "folded:\n    renamed_from: old\n",
    ),
    "a new entry": (
        lambda file: file.put(("numbers", "new"), {"phone_number": "+1", "tags": {"a": 1}}, depth=1),
        "    agent: support\n# the end",
        '    agent: support\n  new:\n    phone_number: "+1"\n    tags: {a: 1}\n# the end',
    ),
    "a new section": (
        lambda file: file.put(("trunks", "uk"), {"provider": "custom"}, before="numbers", depth=1),
        "# ----- lines",
        "trunks:\n  uk:\n    provider: custom\n\n# ----- lines",
    ),
    "a key's name": (lambda file: file.rename(("numbers", "flow"), "no"), "flow: {", '"no": {'),
    "a key gone": (
        lambda file: file.remove(("numbers", "sales-us", "agent")),
        '    agent: "support"   # two  blanks\n',
        "",
    ),
    "the last key between braces gone": (
        lambda file: file.remove(("numbers", "flow", "label")),
        f'agent: support, label: "Ü, {LONG}"',
        "agent: support",
    ),
    "the first key between braces gone": (
        lambda file: file.remove(("agents", "support", "agent_name")),
        "agent_name: 'support-agent' ,  room",
        "room",
    ),
    "an entry gone": (
        lambda file: file.remove(("numbers", "folded")),
        '  folded:\n    label: >-\n      two\n      lines\n\n    phone_number: "+16505551236"\n    agent: support\n',
        "",
    ),
    "what is not there": (lambda file: file.remove(("numbers", "sales-us", "label2")), "version", "version"),
}


@pytest.mark.parametrize("eol", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("name", SPLICES)
def test_an_edit_changes_what_it_is_about_and_no_other_character(name: str, eol: str) -> None:
    edit, before, after = SPLICES[name]
    assert FILE.count(before) == 1 or before == after

    edited = edit(Entries(FILE.replace("\n", eol), "numbers.yaml")).text

    assert edited == FILE.replace(before, after).replace("\n", eol)


def test_the_first_line_of_a_fleet_stands_where_the_braces_stood() -> None:
    file = Entries("version: 1\nnumbers: {} # none yet\n", "numbers.yaml")

    assert file.put(("numbers", "a"), {"agent": "b"}, depth=1).text == (
        "version: 1\nnumbers: # none yet\n  a:\n    agent: b\n"
    )


def test_the_last_line_of_a_fleet_leaves_braces() -> None:
    file = Entries("version: 1\nnumbers: # all\n  a:\n    agent: b\n# end\n", "numbers.yaml")

    assert file.remove(("numbers", "a")).text == "version: 1\nnumbers: {} # all\n# end\n"


def test_a_blank_line_goes_with_the_entry_that_it_set_apart() -> None:
    file = Entries("numbers:\n  a:\n    agent: x\n\n  b:\n    agent: x\n\n  c:\n    agent: x\n", "numbers.yaml")

    assert file.remove(("numbers", "b")).text == "numbers:\n  a:\n    agent: x\n\n  c:\n    agent: x\n"


def test_a_file_that_is_json_stays_it() -> None:
    file = Entries('{"version": 1, "numbers": {}}', "numbers.yaml")

    assert file.put(("numbers", "a"), {"agent": "b"}, depth=1).text == '{"version": 1, "numbers": {a: {agent: b}}}'


def test_a_last_line_without_an_end_gets_one_and_the_new_last_has_none() -> None:
    file = Entries("numbers:\n  a:\n    agent: x", "numbers.yaml")

    assert file.put(("numbers", "a", "label"), "L").text == "numbers:\n  a:\n    agent: x\n    label: L"


def test_what_the_splice_does_not_understand_is_refused_with_its_place() -> None:
    file = Entries("numbers:\n  ? a\n  :\n    agent: x\n  b:\n    agent: x\n", "numbers.yaml")

    with pytest.raises(Refusal) as refused:
        file.put(("numbers", "new"), {"agent": "x"}, depth=1)

    assert str(refused.value) == (
        "numbers.yaml:1: `numbers.new` is written in a way that this command does not edit. Nothing was written. Edit"
        " it by hand, and see `trunkline validate`."
    )


@pytest.mark.parametrize("text", ["a: &x 1\nb: *x\n", "a: 1\na: 2\n", "a: [\n", "a: !x 1\n"])
def test_what_no_inventory_is_read_from_is_not_edited(text: str) -> None:
    with pytest.raises(InventoryError):
        Entries(text, "numbers.yaml").put(("b",), 1)


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n", "word\n"])
def test_a_file_without_keys_is_not_edited(text: str) -> None:
    with pytest.raises(Refusal, match=r"^numbers.yaml has no keys. Nothing was written"):
        Entries(text, "numbers.yaml").put(("b",), 1)


@pytest.mark.parametrize(
    ("value", "block", "flow"),
    [
        ("support", "support", "support"),
        ("Sales, US", "Sales, US", '"Sales, US"'),
        ("+16505551234", '"+16505551234"', '"+16505551234"'),
        ("650", '"650"', '"650"'),
        (650, "650", "650"),
        (Decimal("9.50"), "9.50", "9.50"),
        ("no", '"no"', '"no"'),
        ("null", '"null"', '"null"'),
        ("1e5", '"1e5"', '"1e5"'),
        ("2026-11-26", '"2026-11-26"', '"2026-11-26"'),
        ("a: b", '"a: b"', '"a: b"'),
        ("a #b", '"a #b"', '"a #b"'),
        ("Büro (Süd)", "Büro (Süd)", "Büro (Süd)"),
        (' "x" ', '" \\"x\\" "', '" \\"x\\" "'),
        ("", '""', '""'),
        (True, "true", "true"),
        (None, "null", "null"),
        ({"tier": "gold", "n": [1, "a"]}, "{tier: gold, n: [1, a]}", "{tier: gold, n: [1, a]}"),
    ],
)
def test_a_value_is_quoted_where_a_reader_could_take_it_otherwise(value: Any, block: str, flow: str) -> None:
    assert (written.inline(value), written.inline(value, flow=True)) == (block, flow)


COMMENTS = st.sampled_from(["", "  # a", " # 'b\": {"])
GAPS = st.sampled_from(["", "\n", "# c\n", "    # d\n", "\n\n"])
QUOTED = st.sampled_from(["support", "'support'", '"support"'])
LINES = st.sampled_from(["block", "flow", "wide flow"])


@st.composite
def files(draw: st.DrawFn) -> str:
    """Draw a file of some lines, each written in its own way."""
    text = draw(GAPS) + "version: 1\n" + draw(GAPS) + f"numbers:{draw(COMMENTS)}\n"
    for place in range(draw(st.integers(1, 4))):
        agent, comment = draw(QUOTED), draw(COMMENTS)
        number = f'phone_number: "+1650555123{place}"'
        match draw(LINES):
            case "block":
                text += f"  line{place}:{draw(COMMENTS)}\n    {number}\n{draw(GAPS)}    agent:  {agent}{comment}\n"
            case "flow":
                text += f"  line{place}: {{{number},  agent: {agent} }}{comment}\n"
            case _:
                text += f"  line{place}: {{{number}{comment}\n    , agent: {agent}{comment}\n    }}\n"
        text += draw(GAPS)
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@given(files(), st.data())
def test_however_a_file_is_written_an_edit_says_what_it_should_and_the_other_lines_stay(
    text: str, data: st.DataObject
) -> None:
    said = yaml.safe_load(text)
    line = data.draw(st.sampled_from(sorted(said["numbers"])))
    file = Entries(text, "numbers.yaml")

    mapped = file.put(("numbers", line, "agent"), "night").text
    marked = file.put(("numbers", line, "removal"), "release").text
    added = file.put(("numbers", "new"), {"agent": "night"}, depth=1).text
    gone = file.remove(("numbers", line)).text

    old = said["numbers"][line]
    rest = {name: value for name, value in said["numbers"].items() if name != line}
    assert yaml.safe_load(mapped) == {**said, "numbers": {**said["numbers"], line: {**old, "agent": "night"}}}
    assert yaml.safe_load(marked) == {**said, "numbers": {**said["numbers"], line: {**old, "removal": "release"}}}
    assert yaml.safe_load(added) == {**said, "numbers": {**said["numbers"], "new": {"agent": "night"}}}
    assert yaml.safe_load(gone) == {**said, "numbers": rest}
    assert [len(other(text, each)) for each in (mapped, marked, added)] == [1, marked_lines(text, marked), 0]
    assert set(gone.splitlines(keepends=True)) - {"numbers: {}\n"} <= {
        *text.splitlines(keepends=True),
        *(one.replace("numbers:", "numbers: {}") for one in text.splitlines(keepends=True)),
    }


def other(before: str, after: str) -> list[str]:
    """Give the lines of the text before that are not in the text after, each as often as it is there."""
    left = after.splitlines(keepends=True)
    lost = []
    for line in before.splitlines(keepends=True):
        if line in left:
            left.remove(line)
        else:
            lost.append(line)
    return lost


def marked_lines(before: str, after: str) -> int:
    """Give 0 where a line was added for the mark, 1 where it stands between the braces of a line that is there."""
    return 1 - (len(after.splitlines()) - len(before.splitlines()))
