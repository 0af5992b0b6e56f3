"""Every text in the code, read without running it: what a person may be told to write, run or look at."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.docs.pages import ROOT

PACKAGES = ("trunkline", "providers", "stacks", "sandbox", "toolchain", "demo")
HOLE = "\0"
"""Stands where a text takes a value."""


def texts() -> Iterator[str]:
    """Give each text of the packages, docstrings left out, and the whole of what the page consists of."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield from of_module(path)
    for path in sorted((ROOT / "trunkline" / "api" / "page" / "static").glob("*.*")):
        if path.suffix in (".js", ".html"):
            yield path.read_text(encoding="utf-8")


def of_module(path: Path) -> Iterator[str]:
    """Give each text of one file."""
    yield from _below(ast.parse(path.read_text(encoding="utf-8")))


def quoted() -> set[str]:
    """Give what stands between backticks in them."""
    return {found for text in texts() if "\n" not in text for found in re.findall(r"`([^`]+)`", text)}


def _below(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return  # a docstring
    if text := _text(node):
        yield text
        return
    for child in ast.iter_child_nodes(node):
        yield from _below(child)


def _text(node: ast.AST) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text(part) or HOLE for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right) if _text(left) or _text(right):
            return (_text(left) or HOLE) + (_text(right) or HOLE)
    return ""
