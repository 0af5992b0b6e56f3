"""Values of an entry that one stack has otherwise: `by_stack` in an agent, a trunk or a line.

The document of a stack is that of the file with these values in the place of the entry's own, so that all rules hold
for what each stack will have (docs/adr/0024-a-value-of-one-stack-stands-in-its-entry.md). Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from trunkline.errors import Problem
from trunkline.inventory.inventory import Inventory
from trunkline.inventory.place import SECTIONS, Path, Places, suggestion
from trunkline.quoting import quote

KEY = "by_stack"
# What says which stack has an entry, or what it was called, is the same for all of them.
NOT_BY_STACK = frozenset({KEY, "stacks", "owner", "renamed_from"})


def stacks(data: Any) -> tuple[str, ...]:
    """Give the stacks that have a value of their own anywhere, sorted."""
    return tuple(sorted({stack for _, _, entry in _entries(data) for stack in _given(entry)}))


def of(data: Any, stack: str = "") -> Any:
    """Give the document as one stack has it, "" for the entries' own values; without `by_stack`."""
    if not isinstance(data, dict):
        return data
    changed: dict[str, dict[str, Any]] = {}
    for section, name, entry in _entries(data):
        own = {key: value for key, value in entry.items() if key != KEY}
        # A value that cannot be read is told once, as the file has it.
        changed.setdefault(section, dict(data[section]))[name] = own | _usable(_given(entry).get(stack))
    return {**data, **changed}


def places(found: Places, data: Any, stack: str) -> Places:
    """Give the places of that document: a value of the stack's stands where `by_stack` has it."""
    replaced = {
        (section, name, key) for section, name, entry in _entries(data) for key in _usable(_given(entry).get(stack))
    }
    if not replaced:
        return found
    kept = {path: at for path, at in found.items() if path[:3] not in replaced}
    of_stack = {
        (*path[:2], *path[4:]): at
        for path, at in found.items()
        if path[2:4] == (KEY, stack) and (*path[:2], *path[4:5]) in replaced
    }
    return {**kept, **of_stack}


def problems(data: Any, inventory: Inventory) -> Iterator[Problem]:
    """Give what is wrong with the form of each `by_stack`, and those that name no stack of the entry."""
    for section, name, entry in _entries(data):
        path: Path = (section, name, KEY)
        given = entry[KEY]
        if not isinstance(given, dict):
            yield _no_mapping(inventory, path)
            continue
        line = inventory.lines.get(name) if section == "numbers" else None
        known = inventory.stacks if line is None else line.stacks
        for stack, values in given.items():
            here = (*path, stack)
            if not isinstance(values, dict):
                yield _no_mapping(inventory, here)
                continue
            if stack not in known:
                yield _unknown(inventory, here, known, is_line=line is not None)
            for key in sorted(NOT_BY_STACK & values.keys()):
                message = f"{'.'.join(here)}: `{key}` is the same for all stacks"
                yield inventory.problem((*here, key), "by-stack", message, "write it in the entry itself")


def _unknown(inventory: Inventory, path: Path, known: Iterable[str], *, is_line: bool) -> Problem:
    what = f"the line is not of stack {quote(path[-1])}" if is_line else f"no line is of stack {quote(path[-1])}"
    return inventory.problem(path, "unknown-stack", f"{'.'.join(path[:3])}: {what}", suggestion(path[-1], known))


def _no_mapping(inventory: Inventory, path: Path) -> Problem:
    fix = f"write `{KEY}: {{STACK: {{key: value}}}}`"
    return inventory.problem(path, "type", f"{'.'.join(path)}: this is not a mapping", fix)


def _entries(data: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give the entries that have the key: section, name, entry."""
    for section in SECTIONS if isinstance(data, dict) else ():
        entries = data.get(section)
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            if isinstance(entry, dict) and KEY in entry:
                yield section, name, entry


def _given(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    given = entry[KEY]
    return given if isinstance(given, dict) else {}


def _usable(values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key not in NOT_BY_STACK} if isinstance(values, dict) else {}
