"""The README's file and its edits, in their order: what a reader would do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.docs.pages import README, Block, Page, edited


@dataclass(frozen=True, slots=True)
class Chapter:
    """One state of the file: the words that name its edit ("" for the first), its text, and what a preview shows."""

    title: str
    inventory: str
    previews: tuple[Block, ...]


def chapters(page: Page = README) -> list[Chapter]:
    """Give the states through which the page takes its file."""
    return list(_chapters(page))


def _chapters(page: Page) -> Iterator[Chapter]:
    first, *rest = page.blocks("yaml", "diff", "console")
    title, text, previews = "", first.text, list[Block]()
    for block in rest:
        if block.language == "console":
            previews.append(block)
        else:
            yield Chapter(title, text, tuple(previews))
            title, text, previews = _title(page, block), edited(text, block), []
    yield Chapter(title, text, tuple(previews))


def _title(page: Page, block: Block) -> str:
    """The last words in bold before the block."""
    before = "\n".join(page.text.splitlines()[: block.line])
    *_, last = re.finditer(r"\*\*(.+?)\*\*", before)
    return last[1].rstrip(".").lower()
