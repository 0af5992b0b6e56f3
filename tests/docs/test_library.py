"""docs/library.md: its examples run as they stand, one after another, and print what it says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import trunkline
from tests.docs.pages import ROOT, Page
from trunkline.outputs import Agent, Cost, Line, StackOutputs, Summary, to_json

PAGE = Page("docs/library.md")


def outputs() -> Mapping[str, Any]:
    line = Line(
        id="sales-us",
        phone_number="+16505551234",
        provider="twilio",
        country="US",
        agent="ag_550e8400",
        agent_name="sales-agent",
        status="active",
        acquired="purchased",
        monthly_cost=Cost(amount="1.15", currency="USD"),
    )
    agents = {"ag_550e8400": Agent(id="ag_550e8400", agent_name="sales-agent")}
    lines = {line.id: line}
    return to_json(StackOutputs(inventory_digest="", summary=Summary.of([line]), agents=agents, lines=lines))


def test_each_example_prints_what_stands_under_it(tmp_path: Path) -> None:
    shutil.copy(ROOT / "numbers.yaml", tmp_path)
    (tmp_path / "outputs.json").write_text(json.dumps(outputs()))
    program = "print('\\0', end='')\n".join(block.text for block in PAGE.blocks("python"))
    ended = subprocess.run((sys.executable, "-c", program), cwd=tmp_path, capture_output=True, text=True, check=False)

    assert ended.stderr == ""
    assert ended.stdout.split("\0") == [block.text for block in PAGE.blocks("text")]


def test_every_public_name_is_there_and_on_the_page() -> None:
    named = re.findall(r"\w+", " ".join((*PAGE.code(), *(block.text for block in PAGE.blocks("python")))))

    assert [name for name in trunkline.__all__ if not hasattr(trunkline, name)] == []
    assert [name for name in trunkline.__all__ if name not in named] == []


def test_importing_the_package_imports_nothing_else() -> None:
    probe = "import sys, trunkline; print(sorted(name for name in sys.modules if name.startswith('trunkline')))"

    assert subprocess.check_output((sys.executable, "-c", probe), text=True) == "['trunkline']\n"
