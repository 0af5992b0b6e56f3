"""docs/verbs.md names every verb and flag that touches resources or state, and each row its test or why it has none."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.docs.pages import ROOT, Page
from toolchain.layout import Layout

VERBS = Page("docs/verbs.md")
HEADINGS = re.findall(r"^## (.+)$", VERBS.path.read_text(), re.M)
ROWS = [row for heading in HEADINGS for row in VERBS.rows(heading) if row[0] != "verb"]
TEST = re.compile(r"`((?:tests/\w+/)?)(test_\w+\.py)(?:::(\w+))?`")
_OPTION = re.compile(r"^ +(?:-\w, )?(--[a-z-]+)", re.M)
COMMANDS = ("up", "preview", "destroy", "refresh", "import")
GROUPS = ("state", "stack")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:60])
def test_each_row_names_a_test_that_exists_or_says_why_not(row: tuple[str, ...]) -> None:
    by = row[3]
    for folder, file, name in TEST.findall(by):
        path = ROOT / (folder or "tests/engine/") / file
        assert not name or f"def {name}(" in path.read_text()
    assert TEST.search(by) or by.startswith("not executed") or by == "the same"


@pytest.fixture(scope="module")
def pulumi() -> str:
    path = Layout.of(ROOT).bin / "pulumi"
    if not path.exists():
        pytest.skip("no engine: run `make setup`")
    return str(path)


def _help(pulumi: str, *command: str) -> str:
    ended = subprocess.run((pulumi, *command, "--help"), capture_output=True, text=True, timeout=60, check=True)
    return ended.stdout.partition("Global Flags:")[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_flag_is_named(pulumi: str, command: str) -> None:
    page = VERBS.path.read_text()
    flags = _OPTION.findall(_help(pulumi, command))
    assert flags
    assert [flag for flag in flags if not re.search(rf"{flag}\b(?!-)", page)] == []


@pytest.mark.parametrize("group", [(), *((group,) for group in GROUPS)], ids=str)
def test_every_command_is_named(pulumi: str, group: tuple[str, ...]) -> None:
    """A command of a group in a row of that group: `state rename` does not speak for `stack rename`."""
    page = VERBS.path.read_text() if not group else "\n".join(row[0] for row in ROWS if f"`{group[0]} " in row[0])
    commands = re.findall(r"^  ([a-z][a-z-]+) {2,}", _help(pulumi, *group), re.M)
    assert commands
    assert [command for command in commands if not re.search(rf"`[^`]*\b{command}\b", page)] == []
