"""The edits that the pages show are what `trunkline edit` makes of the file, and prints."""

from __future__ import annotations

import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest

from tests.docs.pages import EDITS, README, ROOT, Block, command, shows
from tests.docs.walk import Chapter, chapters
from trunkline.cli.main import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRUNKLINE_INVENTORY", raising=False)
    return tmp_path


def commands() -> list[str]:
    """Give the README's commands of edits, each before its diff."""
    blocks = [
        block for block in README.blocks("sh", "diff") if block.language == "diff" or "trunkline edit" in block.text
    ]
    assert [block.language for block in blocks] == ["sh", "diff"] * (len(blocks) // 2)
    return [block.text for block in blocks[::2]]


STEPS = list(zip(commands(), pairwise(chapters()), README.blocks("diff"), strict=True))


@pytest.mark.parametrize(("edit", "states", "diff"), STEPS, ids=[states[1].title for _, states, _ in STEPS])
def test_the_readme_s_commands_make_the_edits_that_stand_below_them(
    edit: str, states: tuple[Chapter, Chapter], diff: Block, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = states
    file = Path("numbers.yaml")
    file.write_text(before.inventory, encoding="utf-8")

    assert main(_words(edit)) == 0
    assert file.read_text(encoding="utf-8") == after.inventory
    assert capsys.readouterr().out.startswith(f"--- numbers.yaml\n+++ numbers.yaml\n{diff.text}\n")


@pytest.mark.parametrize("block", EDITS.blocks("console"), ids=command)
def test_the_page_of_edits_shows_what_commands_print_on_this_repository_s_file(
    block: Block, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("numbers.yaml").write_text((ROOT / "numbers.yaml").read_text(encoding="utf-8"), encoding="utf-8")

    main(_words(command(block)))

    printed = "".join(capsys.readouterr())
    assert shows(printed, block), printed


def test_the_page_of_edits_names_every_edit(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["edit", "--help"]) == 0
    known = re.findall(r"^  ([a-z-]+)  ", capsys.readouterr().out.partition("Commands:")[2], re.MULTILINE)

    assert [row[0] for row in EDITS.rows("The edits") if row[0].startswith("`")] == [f"`{name}`" for name in known]


def _words(text: str) -> list[str]:
    program, *words = shlex.split(text.replace("\\\n", ""))
    assert program == "trunkline"
    return words
