"""What an update changed for each line."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from trunkline.outputs import Line


class Kind(StrEnum):
    """`unlisted`: a failed update left the line out of the outputs while the state still holds it."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    UNLISTED = "unlisted"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """One line before and after an update; None where it was not there."""

    line: str
    kind: Kind
    before: Line | None
    after: Line | None


def between(before: Mapping[str, Line], after: Mapping[str, Line], held: Container[str] = ()) -> tuple[LineChange, ...]:
    """Compare two sets of lines, sorted by line. `held` are the lines that the later state still holds."""
    names = sorted(before.keys() | after.keys())
    return tuple(
        LineChange(line=name, kind=_kind(name, before, after, held), before=before.get(name), after=after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    )


def undone(lines: Mapping[str, Line], changes: Iterable[LineChange]) -> dict[str, Line]:
    """Give the lines as they were before an update's changes."""
    earlier = dict(lines)
    for change in changes:
        if change.before is None:
            earlier.pop(change.line, None)
        else:
            earlier[change.line] = change.before
    return earlier


def _kind(name: str, before: Mapping[str, Line], after: Mapping[str, Line], held: Container[str]) -> Kind:
    if name not in before:
        return Kind.ADDED
    if name in after:
        return Kind.CHANGED
    return Kind.UNLISTED if name in held else Kind.REMOVED
