"""How the pages are taken apart: the tests of this folder rest on it."""

from __future__ import annotations

import pytest

from tests.docs.pages import Block, edited, shows

TEXT = "a:\n  b: 1\n  c: 2\n"


def test_a_diff_changes_what_it_names() -> None:
    assert edited(TEXT, Block("diff", " a:\n-  b: 1\n+  b: 3\n   c: 2\n", 1)) == "a:\n  b: 3\n  c: 2\n"


def test_each_hunk_of_a_diff_is_applied() -> None:
    diff = Block("diff", "@@ -1,2 +1,2 @@\n-a:\n+A:\n   b: 1\n@@ -3 +3,2 @@\n   c: 2\n+  d: 3\n", 1)

    assert edited(TEXT, diff) == "A:\n  b: 1\n  c: 2\n  d: 3\n"


@pytest.mark.parametrize("diff", ["-  b: 2\n", "   c: 2\n a:\n", "  b: 1\n"])
def test_a_diff_of_another_file_is_no_edit(diff: str) -> None:
    with pytest.raises(AssertionError):
        edited(TEXT, Block("diff", diff, 1))


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        ("one\ntwo\n", True),
        ("one\n…\nthree\n", True),
        ("…\n  four\n", True),
        ("one\nthree\n", False),
        ("three\n…\none\n", False),
        ("four\n", True),
        ("five\n", False),
    ],
)
def test_what_is_shown_stands_in_what_was_printed_in_order(output: str, shown: bool) -> None:
    assert shows("one  \ntwo\nthree\n  four\n", Block("console", f"$ count\n{output}", 1)) is shown
