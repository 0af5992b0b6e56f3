"""Lines as JSON, CSV and NDJSON."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
from collections.abc import AsyncIterator, Sequence
from typing import Any

from trunkline.api.problem import ApiProblem
from trunkline.outputs import Line
from trunkline.state.row import Row

MEDIA = {"json": "application/json", "csv": "text/csv; charset=utf-8", "ndjson": "application/x-ndjson"}
_TYPES = {"application/json": "json", "text/csv": "csv", "application/x-ndjson": "ndjson"}
_RANGES = {"*/*": "json", "application/*": "json", "text/*": "csv"}
_PIECE = 200  # lines that are made before others may run

# A spreadsheet takes a cell that begins so for a formula, also with the full-width signs that Chinese and Japanese
# keyboards give; E.164 begins with a plus. (OWASP, CSV Injection)
_SIGNS = "-=+@|%\uff1d\uff0b\uff0d\uff20"
# Blanks, of any width, before such a sign are taken off by some.
_BLANKS = r"\s\x00-\x1f\u200b-\u200f\u2060\ufeff"
_FORMULA = re.compile(rf"^(?=[{_BLANKS}]*[{_SIGNS}]|[\t\r\n])")
# Who reads with another separator than was written (a locale's `;`, tabs) begins a cell behind each of these: for such
# a reader our quotes stand inside of a cell and mean nothing.
_INNER = re.compile(rf'(?<=[,;\t\r\n])(?=["{_BLANKS}]*[{_SIGNS}])')
_SEPARATORS = {"comma": ",", "semicolon": ";"}
_MARK = "\ufeff"


def choose(format: str | None, accept: str, spreadsheet: str | None = None) -> str:
    """Give "json", "csv" or "ndjson": the parameter, else what `Accept` likes best. Raises ApiProblem for neither.

    What is for a spreadsheet is CSV.
    """
    if spreadsheet is not None:
        if format not in (None, "csv"):
            raise ApiProblem("query-invalid", f"a spreadsheet takes CSV; leave out format={format}, or spreadsheet")
        return "csv"
    if format is not None:
        return format
    best, best_weight = "", 0.0
    for item in (accept or "*/*").split(","):
        name, _, parameters = item.strip().partition(";")
        found = _TYPES.get(name.strip().lower()) or _RANGES.get(name.strip())
        weight = _weight(parameters)
        if found is not None and weight > best_weight:
            best, best_weight = found, weight
    if not best:
        raise ApiProblem("not-acceptable", f"lines are given as {', '.join(_TYPES)}")
    return best


# `stacked`: each line with its stack.
def json_page(rows: Sequence[Row], *, priced: bool, total: int, following: str | None, stacked: bool = False) -> bytes:
    """Give a page as one JSON object."""
    tail = json.dumps({"total": total, "next": following})[1:].encode()
    return b'{"lines":[' + b",".join(row.json(priced=priced, stacked=stacked) for row in rows) + b"]," + tail


async def ndjson(rows: Sequence[Row], *, priced: bool, stacked: bool = False) -> AsyncIterator[bytes]:
    """Give one JSON object a line."""
    for start in range(0, len(rows), _PIECE):
        yield b"".join(row.json(priced=priced, stacked=stacked) + b"\n" for row in rows[start : start + _PIECE])
        await asyncio.sleep(0)


async def csv_table(
    rows: Sequence[Row], *, priced: bool, spreadsheet: str | None = None, stacked: bool = False
) -> AsyncIterator[bytes]:
    """Give a table (RFC 4180) with a head; lists are joined by spaces, costs stand in two columns.

    For a spreadsheet ("comma", "semicolon") it begins with the mark of UTF-8, without which they guess a code page.
    """
    columns = [*(["stack"] if stacked else []), *(name for name in _COLUMNS if priced or name not in _PRICE)]
    separator = _SEPARATORS[spreadsheet or "comma"]
    yield (_MARK if spreadsheet else "").encode() + _written([columns], separator)
    for start in range(0, len(rows), _PIECE):
        yield _written(
            [[_cell(cells.get(column)) for column in columns] for cells in map(_cells, rows[start : start + _PIECE])],
            separator,
        )
        await asyncio.sleep(0)


_PRICE = ("monthlyCost", "currency")
_COLUMNS = (*(name for name in (f.alias or n for n, f in Line.model_fields.items()) if name != "monthlyCost"), *_PRICE)


def _cells(row: Row) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(row.full)
    price = document.pop("monthlyCost") or {}
    return document | {
        "callerRules": [f"{one['name']}={one['agentName']}" for one in document.get("callerRules", ())],
        "stack": row.stack,
        "monthlyCost": price.get("amount"),
        "currency": price.get("currency"),
    }


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        value = [f"{key}={item}" for key, item in sorted(value.items())]
    text = " ".join(value) if isinstance(value, list) else str("" if value is None else value)
    return _INNER.sub("'", _FORMULA.sub("'", text))


def _written(table: Sequence[Sequence[str]], separator: str) -> bytes:
    file = io.StringIO()
    csv.writer(file, delimiter=separator).writerows(table)
    return file.getvalue().encode()


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
