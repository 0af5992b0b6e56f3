"""Lines of several stacks as one list: whatever names they share, each line stands in it once, and in its place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.state import fleet
from trunkline.api.served.feed import Snapshot
from trunkline.api.served.index import Filter, Index
from trunkline.api.served.together import Whole
from trunkline.state.publication import Publication
from trunkline.state.row import SORTS, Row

LINES = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy")), unique_by=lambda pair: pair[0], max_size=3)


def whole_of(stacks: dict[str, list[tuple[str, str]]]) -> Whole:
    """Stacks of lines, each of an id and a label."""
    return Whole({stack: Snapshot(publication=head(stack), index=index(stack, stacks[stack])) for stack in stacks})


def head(stack: str) -> Publication:
    return Publication(
        version=stack,
        inventory="",
        result="",
        updated="",
        unlisted=(),
        diverged=(),
        summary={},
        agents=(),
        findings=(),
    )


def index(stack: str, lines: list[tuple[str, str]]) -> Index:
    rows = [Row.of(fleet.SALES.model_copy(update={"id": id, "label": label})) for id, label in sorted(lines)]
    return Index.of([structs.replace(row, stack=stack) for row in rows])


@given(st.lists(LINES, min_size=1, max_size=3), st.sampled_from(sorted(SORTS)), st.booleans(), st.integers(1, 2))
def test_however_stacks_share_names_pages_walk_all_lines_in_order(
    stacks: list[list[tuple[str, str]]], sort: str, descending: bool, limit: int
) -> None:
    whole = whole_of({f"s{number}": lines for number, lines in enumerate(stacks)})
    seen, after = list[Row](), None
    while True:
        page = whole.page(Filter(), sort=sort, descending=descending, after=after, limit=limit)
        seen += page.rows
        after = page.last
        if after is None:
            break
    every = [row for part in whole.parts.values() for row in part.index.rows]
    expected = sorted(every, key=lambda row: (SORTS[sort](row), row.id, row.stack), reverse=descending)
    assert seen == expected


def test_the_version_of_all_is_of_each_stacks_and_of_no_order() -> None:
    one, other = whole_of({"a": [], "b": []}), whole_of({"b": [], "a": []})
    assert (one.version == other.version, one.version == whole_of({"a": []}).version) == (True, False)
