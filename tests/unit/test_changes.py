"""What changed for a line between two states: field by field, and of lists and maps item by item."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trunkline.changes import ChangeKind, FieldChange, LineChange, differing, itemised, told

CALLERS = [f"+1650555{number:04d}" for number in range(500)]
COST = {"amount": "1.15", "currency": "USD"}


def change(before: dict[str, Any] | None, after: dict[str, Any] | None) -> LineChange[bytes]:
    documents = (None if side is None else json.dumps(side).encode() for side in (before, after))
    return itemised(LineChange(line="sales-us", kind=ChangeKind.CHANGED, before=next(documents), after=next(documents)))


def test_one_caller_changed_among_500_is_one_that_went_and_one_that_came() -> None:
    later = [*CALLERS[:250], "+442071234567", *CALLERS[251:]]

    assert [*differing({"allowedCallers": CALLERS}, {"allowedCallers": later})] == [
        FieldChange(name="allowedCallers", before=["+16505550250"], after=["+442071234567"], items=True)
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"agent": "a"}, {"agent": "a"}, []),
        ({"agent": "a"}, {"agent": "b"}, [FieldChange(name="agent", before="a", after="b")]),
        ({}, {"agent": "b"}, [FieldChange(name="agent", before=None, after="b")]),
        ({"agent": "a"}, {}, [FieldChange(name="agent", before="a", after=None)]),
        (
            {"allowedCallers": ["+1", "+2", "+3"]},
            {"allowedCallers": ["+3", "+4", "+1", "+5"]},
            [FieldChange(name="allowedCallers", before=["+2"], after=["+4", "+5"], items=True)],
        ),
        (
            {"allowedCallers": []},
            {"allowedCallers": ["+1"]},
            [FieldChange(name="allowedCallers", before=[], after=["+1"], items=True)],
        ),
        (
            {"allowedCallers": ["+1", "+2"]},
            {"allowedCallers": ["+2", "+1"]},
            [FieldChange(name="allowedCallers", before=["+1", "+2"], after=["+2", "+1"])],
        ),
        (
            {"tags": {"env": "test", "a.b['c']": "1", "team": "sales"}},
            {"tags": {"env": "prod", "team": "sales", "cost-centre": "7"}},
            [
                FieldChange(
                    name="tags",
                    before={"a.b['c']": "1", "env": "test"},
                    after={"cost-centre": "7", "env": "prod"},
                    items=True,
                )
            ],
        ),
        (
            {"tags": {}},
            {"tags": {"env": "prod", "team": "sales"}},
            [FieldChange(name="tags", before={}, after={"env": "prod", "team": "sales"}, items=True)],
        ),
        (
            {"monthlyCost": COST},
            {"monthlyCost": {**COST, "amount": "2.00"}},
            [FieldChange(name="monthlyCost", before=COST, after={"amount": "2.00", "currency": "USD"})],
        ),
        ({"monthlyCost": None}, {"monthlyCost": COST}, [FieldChange(name="monthlyCost", before=None, after=COST)]),
    ],
)
def test_plain_values_are_told_whole_and_of_lists_and_maps_what_differs(
    before: dict[str, Any], after: dict[str, Any], expected: list[FieldChange]
) -> None:
    assert [*differing(before, after)] == expected


def test_a_line_is_told_by_what_differs_and_one_that_came_or_went_whole() -> None:
    was = {"id": "sales-us", "label": "Sales", "allowedCallers": ["+1"], "monthlyCost": COST}
    later = {**was, "label": "Sales US", "allowedCallers": ["+1", "+2"], "monthlyCost": None}

    assert {name: json.loads(text) for name, text in told(change(was, later), priced=True).items()} == {
        "label": {"before": "Sales", "after": "Sales US"},
        "allowedCallers": {"removed": [], "added": ["+2"]},
        "monthlyCost": {"before": COST, "after": None},
    }
    assert [*told(change(was, later), priced=False)] == ["label", "allowedCallers"]
    assert {name: json.loads(text) for name, text in told(change(None, was), priced=False).items()} == {
        "id": {"before": None, "after": "sales-us"},
        "label": {"before": None, "after": "Sales"},
        "allowedCallers": {"before": None, "after": ["+1"]},
    }
    assert told(change(was, None), priced=True)["label"] == b'{"before":"Sales","after":null}'


TEXTS = st.text("ab", max_size=2)


@given(st.lists(TEXTS), st.lists(TEXTS), st.dictionaries(TEXTS, TEXTS), st.dictionaries(TEXTS, TEXTS))
def test_the_items_that_are_told_are_those_that_came_and_went(
    callers: list[str], later_callers: list[str], tags: dict[str, str], later_tags: dict[str, str]
) -> None:
    keys = {key for key in {*tags, *later_tags} if tags.get(key) != later_tags.get(key)}
    expected = {
        "allowedCallers": (sorted({*callers} - {*later_callers}), sorted({*later_callers} - {*callers})),
        "tags": tuple({key: side[key] for key in side if key in keys} for side in (tags, later_tags)),
    }

    before, after = {"allowedCallers": callers, "tags": tags}, {"allowedCallers": later_callers, "tags": later_tags}
    told_of = {field.name: (field.before, field.after) for field in differing(before, after) if field.items}
    assert told_of == {name: sides for name, sides in expected.items() if any(sides)}


def test_nothing_is_loaded_to_compare_plain_values() -> None:
    program = (
        "import sys; from trunkline.changes import differing as d;"
        "[*d({'a': '1', 'b': True}, {'a': '2', 'b': False})]; print('deepdiff' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["False"]
