"""The page for a terminal or a log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from trunkline.review.page import Page
from trunkline.review.wording import Row, headline, sections

_RESET = "\x1b[0m"
_COLOURS: Mapping[str, str] = {"loss": "\x1b[31m", "gain": "\x1b[32m", "": "", "title": "\x1b[1m"}


def render(page: Page, *, colour: bool = False) -> str:
    """Give the page as text. What could drive a terminal is escaped, whoever wrote it."""
    return "\n".join(_lines(page, colour=colour)) + "\n"


def _lines(page: Page, *, colour: bool) -> Iterator[str]:
    yield _painted(_printable(headline(page)), "title", colour=colour)
    for section in sections(page):
        yield ""
        yield _painted(section.title, "title", colour=colour)
        for row in section.rows:
            for line in _row(row):
                yield _painted(line, section.weight, colour=colour)


def _row(row: Row) -> Iterator[str]:
    yield f"  {_printable(row.text)}"
    for detail in row.details:
        yield f"      {_printable(detail)}"


def _painted(line: str, weight: str, *, colour: bool) -> str:
    return f"{_COLOURS[weight]}{line}{_RESET}" if colour and _COLOURS[weight] else line


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
