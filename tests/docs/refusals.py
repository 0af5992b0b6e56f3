"""The words with which the resources refuse and notify, read from the code: what an operator may meet."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.docs.pages import ROOT

REFUSED = frozenset({"Objection", "Impossible", "Refusal", "CheckFailure"})
NOTIFIED = frozenset({"notice"})
_HOLE = "\0"
_FEWEST_LETTERS = 12  # a template with fewer of its own passes somebody else's words on


def facts(calls: frozenset[str]) -> list[str]:
    """Give the first clause of each text that one of the calls takes, "\\0" where a value stands; each once."""
    found = {first_clause(text) for text in _templates(calls) if sum(map(str.isalpha, text)) >= _FEWEST_LETTERS}
    return sorted(found)


def pattern(fact: str) -> re.Pattern[str]:
    """Give what a refusal's first clause matches when its values are filled in."""
    return re.compile(".+?".join(re.escape(part) for part in fact.split(_HOLE)))


def first_clause(text: str) -> str:
    """Give what stands before the first period or semicolon: the fact, without the way out."""
    return re.split(r"[.;](?: |$)", text, maxsplit=1)[0]


def _templates(calls: frozenset[str]) -> Iterator[str]:
    for path in sorted((ROOT / "providers" / "dynamic").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _called(node.func) in calls:
                yield from filter(None, map(_text, node.args[-1:]))


def _called(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _text(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text(part) or _HOLE for part in parts)
    return ""
