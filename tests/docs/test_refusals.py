"""docs/when-refused.md explains every refusal and every notice, and none that does not exist."""

from __future__ import annotations

import pytest

from tests.docs.pages import WHEN_REFUSED
from tests.docs.refusals import NOTIFIED, REFUSED, facts, first_clause, pattern

SAID = {"What is refused": facts(REFUSED), "What is said beside a plan": facts(NOTIFIED)}
EXPLAINED = {heading: [row[0] for row in WHEN_REFUSED.rows(heading)][1:] for heading in SAID}
CODE = [(heading, fact) for heading, said in SAID.items() for fact in said]
ROWS = [(heading, row) for heading, rows in EXPLAINED.items() for row in rows]


def test_the_code_says_things_at_all() -> None:
    assert len(SAID["What is refused"]) > 30
    assert len(SAID["What is said beside a plan"]) > 3


@pytest.mark.parametrize(("heading", "fact"), CODE, ids=lambda text: text.replace("\0", "_")[:60])
def test_what_the_code_says_is_explained(heading: str, fact: str) -> None:
    assert [row for row in EXPLAINED[heading] if pattern(fact).fullmatch(first_clause(row))], fact.replace("\0", "…")


@pytest.mark.parametrize(("heading", "row"), ROWS, ids=lambda text: text[:60])
def test_what_is_explained_is_said_by_the_code(heading: str, row: str) -> None:
    assert [fact for fact in SAID[heading] if pattern(fact).fullmatch(first_clause(row))]
