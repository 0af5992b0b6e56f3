"""Every text in the code, read without running it: what a person may be told to write, run or look at."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.docs.pages import ROOT

PACKAGES = ("trunkline", "providers", "stacks", "sandbox", "toolchain", "demo")
HOLE = "\0"
"""Stands where a text takes a value."""


def texts() -> tuple[str, ...]:
    """Give each text of the packages, docstrings left out, and the whole of what the page consists of."""
    pages = sorted((ROOT / "trunkline" / "api" / "page" / "static").glob("*.*"))
    return (
        *(text for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")) for text in of_module(path)),
        *(path.read_text(encoding="utf-8") for path in pages if path.suffix in (".js", ".html")),
    )


def of_module(path: Path) -> Iterator[str]:
    """Give each text of one file."""
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    # Every worker of a run reads all of them to learn which tests there are: no recursion of generators.
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # a docstring
        if text := _text(node):
            yield text
        else:
            waiting.extend(reversed(list(ast.iter_child_nodes(node))))


def quoted(texts: Iterable[str]) -> set[str]:
    """Give what stands between backticks in them."""
    return {found for text in texts if "\n" not in text for found in re.findall(r"`([^`]+)`", text)}


def _text(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text(part) or HOLE for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right) if _text(left) or _text(right):
            return (_text(left) or HOLE) + (_text(right) or HOLE)
    return ""
