"""docs/api.md names what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.api.test_matrix import LEAST
from trunkline.api.problem import KINDS

TEXT = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
CODES = set(
    re.findall(
        r'code="([a-z-]+)"|"(cost-untagged)"', (Path(__file__).parents[2] / "trunkline/audit/checks.py").read_text()
    )
)
FINDINGS = {code for pair in CODES for code in pair if code} | {
    f"removal-{kind}" for kind in ("release", "keep", "protect")
}


@pytest.mark.parametrize("word", sorted({*LEAST, *KINDS, *FINDINGS}))
def test_everything_that_can_be_met_is_in_the_docs(word: str) -> None:
    assert f"`{word}`" in TEXT
