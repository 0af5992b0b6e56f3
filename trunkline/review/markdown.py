"""The page as one comment of a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from trunkline.review.escaping import escaped
from trunkline.review.page import Page
from trunkline.review.shortening import shortened
from trunkline.review.wording import Row, Section, headline, sections

LIMIT = 60_000
"""Characters: GitHub refuses a comment of more than 65,536 (its API's own answer, 2026-08)."""
_RESERVE = 200  # for the words that tell what was left out of a section
_BRIEF, _BRIEFEST = 600, 120
# How long one text may be: the first that the whole page fits with.
_LENGTHS = (LIMIT, 2_000, _BRIEF)
_DETAILS = 10  # times that, for all that stands below a row


def render(page: Page, *, limit: int = LIMIT) -> str:
    """Give the page as markdown of at most `limit` characters.

    Where it would be longer, each text that is too long is shortened by itself, then the longest sections are cut; each
    keeps its title and tells how many rows are left out. What is bought, adopted, released, kept, opened or refused is
    never cut while it fits by itself, and has the room of all else where it does not. Names are escaped: none becomes a
    mention, a link or markup.
    """
    parts = sections(page)
    text = f"### {escaped(shortened(headline(page), _BRIEF, _size))}\n"
    room = limit - len(text) - _RESERVE * len(parts)
    for length in _LENGTHS:
        every = chain.from_iterable(_written(part, length) for part in parts)
        if (whole := _within(every, room)) is not None:
            return text + "".join(whole)
    fitted: dict[str, str] = {}
    for group in ([part for part in parts if part.whole], [part for part in parts if not part.whole]):
        # The short ones have all that they need, so that one that is too long leaves them whole.
        for place, part in enumerate(sorted(group, key=lambda part: _needed(part, limit))):
            share = max(room, 0) // (len(group) - place)
            fitted[part.title] = _fitting(part, share)
            room -= min(share, len(fitted[part.title]))
    return text + "".join(fitted[part.title] for part in parts)


def _size(text: str) -> int:
    return len(escaped(text))


def _needed(section: Section, most: int) -> int:
    """Give how many characters a section takes, or more than `most` where it takes more: all are not counted then."""
    needed = 0
    for piece in _written(section, _BRIEF):
        needed += len(piece)
        if needed > most:
            break
    return needed


def _within(pieces: Iterator[str], room: int) -> list[str] | None:
    """Give all pieces, or None where they need more than the room."""
    found = []
    for piece in pieces:
        room -= len(piece)
        if room < 0:
            return None
        found.append(piece)
    return found


def _fitting(section: Section, budget: int) -> str:
    length = _BRIEF
    if section.whole and _within(_written(section, _BRIEF), budget) is None:
        length = _BRIEFEST
    pieces = _written(section, length)
    kept = [next(pieces)]
    left = budget - len(kept[0])
    for row in pieces:
        left -= len(row)
        if left < 0:
            hidden = len(section.rows) + 1 - len(kept)
            kept.append(f"- … and {hidden} more: `trunkline plan` shows them all\n")
            break
        kept.append(row)
    return "".join(kept)


def _written(section: Section, length: int) -> Iterator[str]:
    """Give the section's title, then each row."""
    yield f"\n**{escaped(section.title)}**\n\n"
    yield from (_row(row, length) for row in section.rows)


def _row(row: Row, length: int) -> str:
    head = f"- {escaped(shortened(row.text, length, _size))}\n"
    return head + "".join(_details(row.details, length))


def _details(details: Sequence[str], length: int) -> Iterator[str]:
    left = _DETAILS * length
    for shown, detail in enumerate(details):
        text = f"  - {escaped(shortened(detail, length, _size))}\n"
        left -= len(text)
        if left < 0:
            yield f"  - … and {len(details) - shown} more\n"
            return
        yield text
