"""The page of all commands' help: `python -m tests.docs.commands` writes docs/commands.md anew; a test compares."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from tests.unit.cli.test_main import EVERY
from trunkline.cli.main import main as trunkline

PAGE = Path(__file__).parents[2] / "docs/commands.md"
_HEAD = """\
# Commands

What `--help` says of every command. [operations.md](operations.md#commands) says what each is for, and what
[`--json`](operations.md#json) prints.
"""


def page() -> str:
    """Give the page, as wide as a terminal of a hundred columns."""
    with patch.dict(os.environ, {"COLUMNS": "100"}):
        return "\n".join((_HEAD, *_sections()))


def _sections() -> Iterator[str]:
    for words in EVERY:
        with redirect_stdout(printed := StringIO()):
            assert trunkline([*words, "--help"], {}) == 0
        yield f"#{'#' * len(words)} trunkline {' '.join(words)}\n\n```text\n{printed.getvalue().rstrip()}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
