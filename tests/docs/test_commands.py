"""Every command has a page with its help, which is what the command prints."""

from __future__ import annotations

from tests.docs import commands


def test_the_page_of_commands_shows_the_help_that_each_prints() -> None:
    """If one should change: `python -m tests.docs.commands`, and review the difference."""
    assert commands.PAGE.read_text(encoding="utf-8") == commands.page()
