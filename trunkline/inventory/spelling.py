"""How the file may be spelt: its bytes and characters, and what an unquoted scalar means. One reading, or a refusal.

What a reviewer sees in a diff is what a parser reads: a line separator, a lone carriage return or a right-to-left mark
can hide a key from the eye (PyYAML takes U+2028 in a comment for the end of that comment). And YAML 1.1 and 1.2
disagree about `NO`, `0044`, `1_000`, `12:30` or `1e5`: a value that an editor, a reviewer and a parser can read in two
ways has no place in a file that buys things. Only what every reader takes alike is accepted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final

import yaml

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


Scalar = str | bool | int | Decimal | None

_WORDS: dict[str, Scalar] = {"": None, "~": None, "null": None, "true": True, "false": False}
# Fifteen digits are exact in every reader's floats.
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,11})\.[0-9]{1,3}")
# Numbers of YAML 1.2 that YAML 1.1 takes for text: 08, 0o17, 1e5.
_NUMBER_SOMEWHERE = re.compile(r"[-+]?(0o[0-7]+|[0-9]+|(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)")
_TEXT_TAG = "tag:yaml.org,2002:str"
_READ_AS = {
    "tag:yaml.org,2002:bool": "true or false",
    "tag:yaml.org,2002:int": "a number",
    "tag:yaml.org,2002:float": "a number",
    "tag:yaml.org,2002:null": "nothing",
    "tag:yaml.org,2002:timestamp": "a date",
    "tag:yaml.org,2002:merge": "a merge key",
    "tag:yaml.org,2002:value": "a default key",
}


class Unread:
    """Stands in the data for a value that was refused; its problem is noted already."""


UNREAD: Final = Unread()


class AmbiguousError(ValueError):
    """Readers of YAML disagree about this scalar; the argument says what some take it for."""


# A long file says few words often: its keys, carriers, agents.
@lru_cache(maxsize=4096)
def read_scalar(source: str) -> Scalar:
    """Give the value of an unquoted scalar. Raises AmbiguousError."""
    if source in _WORDS:
        return _WORDS[source]
    if _INTEGER.fullmatch(source):
        return int(source)
    if _DECIMAL.fullmatch(source):
        return Decimal(source)
    for tag, pattern in yaml.SafeLoader.yaml_implicit_resolvers.get(source[0], []):
        if tag != _TEXT_TAG and pattern.match(source):
            raise AmbiguousError(_READ_AS[tag])
    if _NUMBER_SOMEWHERE.fullmatch(source):
        raise AmbiguousError("a number")
    return source
