"""LiveKit's way of comparing numbers."""

from __future__ import annotations

import pytest

from trunkline.calls import canonical, has_number


@pytest.mark.parametrize(
    "written",
    ["+16505550123", "16505550123", "+1 (650) 555-0123", "1-650-555-0123", "1 650 5550123", "(1)650 555 0123"],
)
def test_spaces_dashes_brackets_and_a_missing_plus_make_no_other_number(written: str) -> None:
    assert canonical(written) == "+16505550123"
    assert has_number(["+442071234567", written], "+16505550123")


@pytest.mark.parametrize("text", ["", "desk", "ST_abc", "+1650x", "1.650.555.0123", "+1650\t5550123", "١٦٥٠"])
def test_what_looks_like_no_number_stays_as_it_is(text: str) -> None:
    assert canonical(text) == text


def test_an_area_code_left_out_makes_another_number() -> None:
    assert not has_number(["6505550123"], "+16505550123")
