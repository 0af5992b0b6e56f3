"""Problems as text for people, JSON for programs and workflow commands for GitHub."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from trunkline.errors import Problem
from trunkline.inventory import Inventory

Render = Callable[[str, Sequence[Problem], Inventory | None], str]


def text(file: str, problems: Sequence[Problem], inventory: Inventory | None) -> str:
    """Give a line for each problem and their count, or one line that says what a sound inventory has."""
    if inventory is not None:
        return _printable(f"{file}: {summary(inventory)}; no problems")
    return "\n".join(map(_printable, (*map(str, problems), _counted(len(problems), "problem"))))


def as_json(file: str, problems: Sequence[Problem], inventory: Inventory | None) -> str:
    """Give one JSON object."""
    return json.dumps({"file": file, "problems": [asdict(problem) for problem in problems]}, indent=2)


def github(file: str, problems: Sequence[Problem], inventory: Inventory | None) -> str:
    """Give a workflow command for each problem (GitHub docs, "Workflow commands", 2026-08)."""
    if inventory is not None:
        return text(file, problems, inventory)
    return "\n".join(map(_annotation, problems))


FORMATS: Mapping[str, Render] = {"text": text, "json": as_json, "github": github}


def summary(inventory: Inventory) -> str:
    """Give counts: "3 lines (custom 1, twilio 2), 2 trunks, 1 agent"."""
    providers = Counter(line.provider for line in inventory.lines.values())
    by_provider = ", ".join(f"{provider} {providers[provider]}" for provider in sorted(providers))
    lines = _counted(len(inventory.lines), "line") + (f" ({by_provider})" if by_provider else "")
    return f"{lines}, {_counted(len(inventory.trunks), 'trunk')}, {_counted(len(inventory.agents), 'agent')}"


def _annotation(problem: Problem) -> str:
    properties = {
        "file": problem.file,
        "line": max(problem.line, 1),
        "col": max(problem.column, 1),
        "title": problem.rule,
    }
    shown = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::error {shown}::{_data(f'{problem.message}; {problem.fix}')}"


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _printable(line: str) -> str:
    """Escape what could drive a terminal; the loader refuses it in the file, but a file's name can hold anything."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line)
