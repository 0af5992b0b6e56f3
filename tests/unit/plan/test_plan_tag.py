"""The mark by which everything of ours is known again."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trunkline.model.tag import LONGEST, Tag

FLEETS = st.text("abcz019-._/", min_size=1, max_size=40).filter(lambda text: text.strip("/") != "")
LINES = st.from_regex(r"[a-z0-9][a-z0-9-]{0,40}", fullmatch=True)


@given(FLEETS, LINES)
def test_a_line_s_tag_reads_back_as_what_it_was_made_of(fleet: str, line: str) -> None:
    tag = Tag.of_line(fleet, line)
    assert Tag.parse(str(tag)) == tag
    assert tag.trunk == ""


@given(FLEETS, LINES, LINES)
@example("acme/test", "us", "trunkus")
@example("acme/test", "us", "trunk-us")
def test_a_trunk_s_tag_is_never_a_line_s(fleet: str, trunk: str, line: str) -> None:
    tag = Tag.of_trunk(fleet, trunk)
    assert (Tag.parse(str(tag)), tag.trunk) == (tag, trunk)
    assert str(tag) != str(Tag.of_line(fleet, line))


@given(FLEETS, FLEETS, LINES, LINES)
def test_two_owners_never_have_the_same_tag(fleet: str, other_fleet: str, line: str, other_line: str) -> None:
    same = (fleet, line) == (other_fleet, other_line)
    assert (str(Tag.of_line(fleet, line)) == str(Tag.of_line(other_fleet, other_line))) == same


@pytest.mark.parametrize("text", ["", "Main office", "trunkline:", "trunkline:acme", "trunkline:/sales", "acme/sales"])
def test_other_texts_are_nobody_s_tag(text: str) -> None:
    assert Tag.parse(text) is None


def test_a_tag_fits_up_to_the_length_that_every_vendor_keeps() -> None:
    longest = "n" * (LONGEST - len("trunkline:acme/test/"))
    assert (Tag.of_line("acme/test", longest).fits, Tag.of_line("acme/test", f"{longest}n").fits) == (True, False)


def test_an_operator_reads_whose_it_is() -> None:
    assert Tag.of_line("acme/test", "sales").describe() == 'line "sales" of fleet "acme/test"'
    assert Tag.of_trunk("acme/test", "us").describe() == 'trunk "us" of fleet "acme/test"'
