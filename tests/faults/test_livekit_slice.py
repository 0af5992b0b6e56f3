"""The simulation's slice about LiveKit's own numbers, on some seeds."""

from __future__ import annotations

import pytest

from tests.faults.livekit_slice import Slice


@pytest.mark.parametrize("seed", range(25))
def test_whatever_happens_a_line_is_charged_once_and_comes_to_what_the_file_says(seed: int) -> None:
    walk = Slice(seed)
    faults = walk.run()
    assert faults == [], "\n".join((*walk.told, *faults))
