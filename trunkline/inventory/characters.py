"""Checks of the file as bytes and characters, before any parser sees it.

They hold what a reviewer sees in a diff equal to what a parser reads: a line separator, a lone carriage return or a
right-to-left mark can hide a key from the eye (PyYAML takes U+2028 in a comment for the end of that comment).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from trunkline.errors import InventoryError, Problem

MAX_BYTES = 8 * 1024 * 1024
_SHOWN = 20

# A carriage return is fine before a line feed alone; the rest of C0, and DEL, are fine nowhere but tab and line feed.
_ASCII_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|^[ ]*\t", re.MULTILINE)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_REFUSED = {
    "Cc": "a control character",
    "Cf": "an invisible character",
    "Cn": "an unassigned character",
    "Co": "a private-use character",
    "Cs": "half of a surrogate pair",
    "Zl": "a line separator",
    "Zp": "a paragraph separator",
    "Zs": "a space that is no plain space",
}


def decode(content: bytes, file: str) -> str:
    """Give the text of a file of at most `MAX_BYTES`. Raises InventoryError for another size or encoding than UTF-8."""
    if len(content) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES} bytes"
        raise InventoryError([_problem(file, (1, 1), "too-large", message, "split the fleet into several projects")])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        start = before.rfind(b"\n") + 1
        at = (before.count(b"\n") + 1, len(before[start:].decode("utf-8", "replace")) + 1)
        problem = _problem(file, at, "encoding", "the file is not UTF-8 text from here on", "save it as UTF-8")
        raise InventoryError([problem]) from None


def check(text: str, file: str) -> None:
    """Raise InventoryError for characters that an inventory must not have; the first 20 of them."""
    problems = []
    for offset, what, fix in _suspects(text):
        at = (text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))
        problems.append(_problem(file, at, "character", f"the file has {what} here", fix))
        if len(problems) == _SHOWN:
            break
    if problems:
        raise InventoryError(sorted(problems, key=lambda problem: (problem.line, problem.column)))


def refused(char: str) -> str:
    """Say what is wrong with a character inside a value, or ""; line feeds and tabs are fine there."""
    return "" if char in "\n\t" else _named(char)


def _suspects(text: str) -> Iterator[tuple[int, str, str]]:
    for match in _ASCII_CONTROL.finditer(text):
        if match[0].endswith("\t"):
            yield match.end() - 1, "a tab before the first word of a line", "indent with spaces"
        else:
            yield match.start(), _named(match[0]), "delete it"
    if text.isascii():
        return
    for match in _NOT_ASCII.finditer(text):
        if what := _named(match[0]):
            fix = "save the file without a byte order mark" if match.start() == 0 else "delete it or type it anew"
            yield match.start(), what, fix


def _named(char: str) -> str:
    what = _REFUSED.get(unicodedata.category(char), "") if char != " " else ""
    return f"{what} (U+{ord(char):04X}{_name(char)})" if what else ""


def _name(char: str) -> str:
    name = unicodedata.name(char, "")
    return f" {name}" if name else ""


def _problem(file: str, at: tuple[int, int], rule: str, message: str, fix: str) -> Problem:
    return Problem(rule=rule, message=message, fix=fix, file=file, line=at[0], column=at[1])
