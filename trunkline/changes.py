"""What an update changed for each line."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

V = TypeVar("V")


class Kind(StrEnum):
    """`unlisted`: a failed update left the line out of the outputs while the state still holds it.

    `partly-applied`: a failed update changed the line's resources, and may not have come to its end with them.
    """

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    UNLISTED = "unlisted"
    PARTLY_APPLIED = "partly-applied"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange(Generic[V]):
    """One line before and after an update; None where it was not there."""

    line: str
    kind: Kind
    before: V | None
    after: V | None


def between(
    before: Mapping[str, V], after: Mapping[str, V], held: Container[str] = (), partly: Container[str] = ()
) -> tuple[LineChange[V], ...]:
    """Compare two sets of lines, sorted by line.

    `held` are the lines that the later state still holds, `partly` those that a failed update left half-way.
    """
    names = sorted(before.keys() | after.keys())
    return tuple(
        LineChange(
            line=name, kind=_kind(name, before, after, held, partly), before=before.get(name), after=after.get(name)
        )
        for name in names
        if before.get(name) != after.get(name)
    )


def _kind(
    name: str, before: Container[str], after: Container[str], held: Container[str], partly: Container[str]
) -> Kind:
    if name not in before:
        return Kind.ADDED
    if name in after:
        return Kind.PARTLY_APPLIED if name in partly else Kind.CHANGED
    return Kind.UNLISTED if name in held else Kind.REMOVED
