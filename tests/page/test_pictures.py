"""The pictures of docs/page.md."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser

from tests.page import pictures


def test_every_picture_of_the_page_can_be_made_and_is_shown(browser: Browser, tmp_path: Path) -> None:
    pictures.make(browser, tmp_path)

    made = sorted(file.name for file in tmp_path.iterdir())
    kept = sorted(file.name for file in pictures.FOLDER.iterdir())
    shown = re.findall(r"!\[[^]]+\]\(pictures/([a-z]+\.png)\)", (pictures.FOLDER.parent / "page.md").read_text("utf-8"))
    assert made == kept == sorted(shown)
    assert max(file.stat().st_size for file in pictures.FOLDER.iterdir()) < 100_000
