"""The page as one comment of a pull request."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trunkline.review.page import Page
from trunkline.review.wording import Row, Section, headline, sections

LIMIT = 60_000
"""Characters: GitHub refuses a comment of more than 65,536 (its API's own answer, 2026-08)."""
_MARKS = re.compile(r"://|\bwww\.|[&<>@#\\`*_{}\[\]()+!|~]", re.IGNORECASE)
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "://": "&#58;//"}
# Mentions and references are looked for in what was rendered, where neither a backslash nor an entity is left. Only
# what stands between the mark and the name stops them, and this has no width (github/cmark-gfm#181, read 2026-11).
_APART = "&#8203;"
_RESERVE = 200  # for the words that tell what was left out of a section


def render(page: Page, *, limit: int = LIMIT) -> str:
    """Give the page as markdown of at most `limit` characters.

    What is bought, adopted, released, kept, opened or refused is never cut while it fits by itself, and has the room of
    all else where it does not; a section tells how many rows are left out. Names are escaped: none becomes a mention, a
    link or markup.
    """
    parts = sections(page)
    sizes = {part.title: len(_written(part, part.rows)) for part in parts}
    text = f"### {escaped(headline(page))}\n"
    room = limit - len(text) - _RESERVE * len(parts)
    budgets: dict[str, int] = {}
    # Of those that may not be cut the short ones have all they need, so that one that is too long leaves them whole.
    whole = sorted((part.title for part in parts if part.whole), key=lambda title: sizes[title])
    for place, title in enumerate(whole):
        budgets[title] = min(sizes[title], room // (len(whole) - place))
        room -= budgets[title]
    for title in (part.title for part in parts if not part.whole):
        budgets[title] = min(sizes[title], room)
        room -= budgets[title]
    return text + "".join(_fitting(part, budgets[part.title]) for part in parts)


def escaped(text: str) -> str:
    """Give a text of which nothing is markup."""
    kept = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
    return _MARKS.sub(_harmless, kept)


def _harmless(found: re.Match[str]) -> str:
    mark = found[0]
    if mark in _ENTITIES:
        return _ENTITIES[mark]
    if mark.endswith("."):
        return f"{mark[:-1]}&#46;"
    return mark + _APART if mark == "@" else f"\\{mark}{_APART if mark == '#' else ''}"


def _fitting(section: Section, budget: int) -> str:
    whole = _written(section, section.rows)
    if len(whole) <= budget:
        return whole
    used, shown = len(_title(section)), 0
    for row in section.rows:
        used += len(_row(row))
        if used > budget:
            break
        shown += 1
    left = len(section.rows) - shown
    return _written(section, section.rows[:shown]) + f"- … and {left} more: `trunkline plan` shows them all\n"


def _written(section: Section, rows: Sequence[Row]) -> str:
    return _title(section) + "".join(map(_row, rows))


def _title(section: Section) -> str:
    return f"\n**{escaped(section.title)}**\n\n"


def _row(row: Row) -> str:
    return f"- {escaped(row.text)}\n" + "".join(f"  - {escaped(detail)}\n" for detail in row.details)
