"""Lines of a moment are found as if they had never changed, from today's and what differed then."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.state import fleet
from trunkline.api.served.index import Filter, Index
from trunkline.api.served.past import Past
from trunkline.outputs import Line, Summary, to_json
from trunkline.state.row import SORTS, Row

POOL = st.lists(
    st.builds(
        lambda id, label, agent, tag: fleet.SALES.model_copy(
            update={
                "id": id,
                "label": label,
                "agent": agent,
                "tags": {"t": tag},
                "phone_number": f"+1650555000{len(id)}",
            }
        ),
        st.text("ab", min_size=1, max_size=2),
        st.text("xyz", max_size=2),
        st.sampled_from(["support", "night", ""]),
        st.sampled_from("pq"),
    ),
    unique_by=lambda line: line.id,
    max_size=6,
)


def plain(rows: list[Line]) -> Index:
    return Index.of([Row.of(line) for line in sorted(rows, key=lambda line: line.id)])


@given(POOL, POOL, st.sampled_from(sorted(SORTS)), st.booleans(), st.sampled_from(["", "p"]), st.integers(1, 3))
def test_lines_of_then_are_found_as_if_they_had_never_changed(
    now: list[Line], then: list[Line], sort: str, descending: bool, tag: str, limit: int
) -> None:
    by_name, index, expected = {line.id: line for line in now}, plain(now), plain(then)
    changed = {line.id for line in (*now, *then) if line not in now or line not in then}
    past = Past(
        update=None,
        now=index,
        gone=frozenset(place for id in changed & by_name.keys() if (place := index.position(id)) is not None),
        then=plain([line for line in then if line.id in changed]),
        names={},
    )
    wanted = Filter(tags=(f"t={tag}",) if tag else ())
    after = None
    while True:
        pages = [
            each.page(wanted, sort=sort, descending=descending, after=after, limit=limit) for each in (past, expected)
        ]
        assert pages[0] == pages[1]
        after = pages[0].last
        if after is None:
            break
    for id in ("a", "b", "ab", "+1651", "+1652", "PN0001"):
        assert list(past.find(id)) == list(expected.find(id))
    assert list(past.answered_by("support", "")) == list(expected.answered_by("support", ""))
    assert past.summary() == to_json(Summary.of(then))
