"""Bodies, byte for byte, as they were last looked at: `python -m tests.api.golden` writes them anew."""

from __future__ import annotations

import pytest

from tests.api.golden import BODIES, FOLDER, body


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_as_it_was_looked_at(name: str, url: str) -> None:
    assert body(url, name) == (FOLDER / name).read_bytes()


def test_no_golden_file_is_left_over() -> None:
    assert {file.name for file in FOLDER.iterdir()} == set(BODIES)
