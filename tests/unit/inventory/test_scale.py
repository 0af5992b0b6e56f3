"""Large inventories load in seconds."""

from __future__ import annotations

import time

import pytest

from trunkline.errors import InventoryError
from trunkline.inventory import parse

LINES = 20_000
# Of processor time, some five times what it takes: this guards against another order of growth.
SECONDS = 30


def written(agent: str) -> str:
    lines = "".join(
        f'  line-{index:05}:\n    phone_number: "+1650{200 + index // 10_000}{index % 10_000:04}"\n'
        f"    agent: {agent}\n    label: Line {index}\n    tags: {{team: t{index % 7}}}\n"
        for index in range(LINES)
    )
    return f"version: 1\nagents: {{a: {{agent_name: a}}}}\ndefaults: {{provider: twilio}}\nnumbers:\n{lines}"


def test_twenty_thousand_lines_load_in_seconds() -> None:
    begin = time.process_time()
    assert len(parse(written("a"), "numbers.yaml").lines) == LINES
    assert time.process_time() - begin < SECONDS


def test_twenty_thousand_problems_are_found_in_seconds() -> None:
    begin = time.process_time()
    with pytest.raises(InventoryError) as caught:
        parse(written("nobody"), "numbers.yaml")
    assert caught.value.problems[-1].message == f"there are {LINES - 1_000} more problems"
    assert time.process_time() - begin < SECONDS
