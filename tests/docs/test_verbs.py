"""docs/verbs.md names every verb and flag that touches resources or state, and each row its test or why it has none."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Page
from toolchain.layout import Layout

VERBS = Page("docs/verbs.md")
HEADINGS = re.findall(r"^## (.+)$", VERBS.path.read_text(), re.M)
ROWS = [row for heading in HEADINGS for row in VERBS.rows(heading) if row[0] != "verb"]
TEST = re.compile(r"`((?:tests/\w+/)?)(test_\w+\.py)(?:::(\w+))?`")
NOTHING = VERBS.section("Flags that change nothing of this")
_OPTION = re.compile(r"^ +(?:-\w, )?(--[a-z-]+)", re.M)
_COMMAND = re.compile(r"^  ([a-z][a-z-]+) {2,}", re.M)
COMMANDS = ("up", "preview", "destroy", "refresh", "import", "watch", "cancel")
GROUPS = ("state", "stack", "config")
# A preview takes the flags of the update that it previews.
ROWS_OF = {"preview": ("preview", "up")}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:60])
def test_each_row_names_a_test_that_exists_or_says_why_not(row: tuple[str, ...]) -> None:
    by = row[3]
    for folder, file, name in TEST.findall(by):
        path = ROOT / (folder or "tests/engine/") / file
        assert not name or f"def {name}(" in path.read_text()
    assert TEST.search(by) or by.startswith("not executed") or by == "the same"


def _source(path: Path, name: str) -> str:
    """Give a test's text, or a file's where no test is named."""
    text = path.read_text()
    if not name:
        return text
    of_name = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef) and node.name == name)
    function = next(of_name)
    first = min([function.lineno, *(each.lineno for each in function.decorator_list)])
    return "\n".join(text.splitlines()[first - 1 : function.end_lineno])


@pytest.mark.parametrize("row", [row for row in ROWS if not row[3].startswith("not ")], ids=lambda row: row[0][:60])
def test_the_test_of_a_row_runs_each_of_its_flags(row: tuple[str, ...]) -> None:
    """Those of `tests/dynamic` drive a model of the engine, which has no flags."""
    tests = [(folder or "tests/engine/", file, name) for folder, file, name in TEST.findall(row[3])]
    told = [_source(ROOT / folder / file, name) for folder, file, name in tests if folder != "tests/dynamic/"]
    given = "\n".join([*told, *((ROOT / f"tests/engine/{file}.py").read_text() for file in ("day", "project"))])
    flags = re.findall(r"--[a-z-]+", row[0]) if told else []
    assert [flag for flag in flags if not re.search(rf"{flag}\b(?!-)", given)] == []


@pytest.fixture(scope="module")
def pulumi() -> str:
    path = Layout.of(ROOT).bin / "pulumi"
    if not path.exists():
        pytest.skip("no engine: run `make setup`")
    return str(path)


def _help(pulumi: str, *command: str) -> tuple[str, str]:
    """Give a command's own commands, and its own flags, as its help tells them."""
    ended = subprocess.run((pulumi, *command, "--help"), capture_output=True, text=True, timeout=120, check=True)
    commands, _, flags = ended.stdout.partition("\nFlags:")
    return commands.partition("Commands:")[2], flags.partition("Global Flags:")[0]


def _verbs(*commands: str) -> list[str]:
    """Give the first cells of the rows that speak of a command."""
    of = [re.compile(rf"`{command}\b") for command in commands]
    return [row[0] for row in ROWS if any(each.search(row[0]) for each in of)]


def _not_named(flags: list[str], texts: list[str]) -> list[str]:
    text = "\n".join([*texts, NOTHING])
    return [flag for flag in flags if not re.search(rf"{flag}\b(?!-)", text)]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_flag_is_in_a_row_of_its_command_or_changes_nothing(pulumi: str, command: str) -> None:
    if command not in _COMMAND.findall(_help(pulumi)[0]):
        pytest.skip(f"this pulumi has no `{command}`")
    flags = _OPTION.findall(_help(pulumi, command)[1])
    assert flags
    assert _not_named(flags, _verbs(*ROWS_OF.get(command, (command,)))) == []


@pytest.mark.parametrize("group", GROUPS)
def test_so_is_every_flag_of_a_groups_commands_that_touch_resources_or_state(pulumi: str, group: str) -> None:
    missing = {}
    for command in _COMMAND.findall(_help(pulumi, group)[0]):
        rows = [row for row in ROWS if f"`{group} " in row[0] and re.search(rf"\b{command}\b", row[0])]
        if any(row[1] != "no resource is touched" for row in rows):
            flags = _OPTION.findall(_help(pulumi, group, command)[1])
            missing[command] = _not_named(flags, [row[0] for row in rows])
    assert missing
    assert {command: flags for command, flags in missing.items() if flags} == {}


def test_every_flag_that_all_commands_have_is_named(pulumi: str) -> None:
    flags = _OPTION.findall(_help(pulumi)[1])
    assert "--disable-integrity-checking" in flags
    assert _not_named(flags, []) == []


@pytest.mark.parametrize("group", [(), *((group,) for group in GROUPS)], ids=str)
def test_every_command_is_named(pulumi: str, group: tuple[str, ...]) -> None:
    """A command of a group in a row of that group: `state rename` does not speak for `stack rename`."""
    page = VERBS.path.read_text() if not group else "\n".join(row[0] for row in ROWS if f"`{group[0]} " in row[0])
    commands = _COMMAND.findall(_help(pulumi, *group)[0])
    assert commands
    assert [command for command in commands if not re.search(rf"`[^`]*\b{command}\b", page)] == []
