"""Problems as text for people, JSON for programs and workflow commands for GitHub."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace

from trunkline.errors import Problem
from trunkline.inventory import Inventory

Render = Callable[[str, Sequence[Problem], Inventory | None, Sequence[Problem]], str]
"""(file, problems, the inventory where there are none, warnings) -> the report."""


def text(file: str, problems: Sequence[Problem], inventory: Inventory | None, warnings: Sequence[Problem] = ()) -> str:
    """Give a line for each problem and warning, then their count, or what a sound inventory has."""
    warned = f", {_counted(len(warnings), 'warning')}" if warnings else ""
    last = _counted(len(problems), "problem") if inventory is None else f"{file}: {summary(inventory)}; no problems"
    return "\n".join(map(_printable, (*map(str, problems), *map(_warning, warnings), last + warned)))


def as_json(
    file: str, problems: Sequence[Problem], inventory: Inventory | None, warnings: Sequence[Problem] = ()
) -> str:
    """Give one JSON object."""
    found = {"problems": [asdict(each) for each in problems], "warnings": [asdict(each) for each in warnings]}
    return json.dumps({"file": file, **found}, indent=2)


def github(
    file: str, problems: Sequence[Problem], inventory: Inventory | None, warnings: Sequence[Problem] = ()
) -> str:
    """Give a workflow command for each problem and warning (GitHub docs, "Workflow commands", 2026-08)."""
    shown = [*(_annotation("error", each) for each in problems), *(_annotation("warning", each) for each in warnings)]
    if inventory is not None:
        shown.append(text(file, (), inventory))
    return "\n".join(shown)


FORMATS: Mapping[str, Render] = {"text": text, "json": as_json, "github": github}


def summary(inventory: Inventory) -> str:
    """Give counts: "3 lines (custom 3), 2 trunks, 1 agent"."""
    providers = Counter(line.provider for line in inventory.lines.values())
    by_provider = ", ".join(f"{provider} {providers[provider]}" for provider in sorted(providers))
    lines = _counted(len(inventory.lines), "line") + (f" ({by_provider})" if by_provider else "")
    return f"{lines}, {_counted(len(inventory.trunks), 'trunk')}, {_counted(len(inventory.agents), 'agent')}"


def _warning(warning: Problem) -> str:
    return str(replace(warning, message=f"warning: {warning.message}"))


def _annotation(level: str, problem: Problem) -> str:
    place = {"file": problem.file, "line": max(problem.line, 1), "col": max(problem.column, 1)} if problem.file else {}
    properties = {**place, "title": problem.rule}
    shown = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{level} {shown}::{_data(f'{problem.message}; {problem.fix}')}"


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _printable(line: str) -> str:
    """Escape what could drive a terminal; the loader refuses it in the file, but a file's name can hold anything."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line)
