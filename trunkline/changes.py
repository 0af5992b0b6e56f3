"""What changed for each line between two states of a fleet, field by field, and of lists and maps item by item.

The one notion of it: the history, the page, the audit's drift and whoever previews an update take it from here. Whether
to write at a vendor is not decided here, but by plain equality (docs/adr/0008-plain-equality-decides-writes.md).
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, Generic, TypeVar

import msgspec
from msgspec import structs

V = TypeVar("V")
U = TypeVar("U")
PRICE = "monthlyCost"
"""The field that not everyone may see; its amount and its currency are one value."""


class ChangeKind(StrEnum):
    """`unlisted`: a failed update left a line out of the outputs that the state still holds; `after` is what stands.

    `partly-applied`: a failed update changed the line's resources, and may not have come to its end with them.
    """

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    UNLISTED = "unlisted"
    PARTLY_APPLIED = "partly-applied"


class LineChange(msgspec.Struct, Generic[V], frozen=True, kw_only=True, gc=False):
    """One line before and after an update; None where it was not there.

    `fields` are the names and the JSON of what differs, where the line was there before and after (see `itemised`).
    """

    line: str
    kind: ChangeKind
    before: V | None
    after: V | None
    fields: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field before and after. Where it has `items`, a list or a map, these are the items that went and that came."""

    name: str
    before: Any
    after: Any
    items: bool = False

    def to_json(self) -> dict[str, Any]:
        """Give the plain JSON object."""
        return {"removed" if self.items else "before": self.before, "added" if self.items else "after": self.after}


def between(
    before: Mapping[str, V], after: Mapping[str, V], unlisted: Container[str] = (), partly: Container[str] = ()
) -> tuple[LineChange[V], ...]:
    """Compare two sets of lines, sorted by line.

    `unlisted` are the lines that the later outputs lack and its state holds, `partly` those that a failed update left
    half-way.
    """
    names = sorted(before.keys() | after.keys())
    return tuple(
        LineChange(
            line=name, kind=_kind(name, before, after, unlisted, partly), before=before.get(name), after=after.get(name)
        )
        for name in names
        if before.get(name) != after.get(name)
    )


def _kind(
    name: str, before: Container[str], after: Container[str], unlisted: Container[str], partly: Container[str]
) -> ChangeKind:
    if name not in before:
        return ChangeKind.ADDED
    if name not in after:
        return ChangeKind.REMOVED
    if name in unlisted:
        return ChangeKind.UNLISTED
    return ChangeKind.PARTLY_APPLIED if name in partly else ChangeKind.CHANGED


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[FieldChange]:
    """Compare two JSON objects field by field, in the later one's order; a field that is not there counts as None."""
    for name in dict.fromkeys((*after, *before)):
        old, new = before.get(name), after.get(name)
        if old != new:
            yield _items(name, old, new) or FieldChange(name=name, before=old, after=new)


def itemised(change: LineChange[bytes]) -> LineChange[bytes]:
    """Say what differs of a line, a JSON object, that was there before and after."""
    if change.before is None or change.after is None:
        return change
    fields = differing(msgspec.json.decode(change.before), msgspec.json.decode(change.after))
    return structs.replace(change, fields=tuple((field.name, _json(field)) for field in fields))


def along(line: str, updates: Iterable[tuple[U, Sequence[LineChange[bytes]]]]) -> Iterator[tuple[U, LineChange[bytes]]]:
    """Give what updates, newest first, changed of one line, on under its former names.

    Where a line came and another one with its number went in one update, it was renamed: `id` is what changed, whether
    the new name was asked for or the former one.
    """
    for update, changes in updates:
        change = next((one for one in changes if one.line == line), None)
        if change is None:
            continue
        former = _of_its_number(change.after, ChangeKind.REMOVED, changes) if change.kind is ChangeKind.ADDED else None
        later = _of_its_number(change.before, ChangeKind.ADDED, changes) if change.kind is ChangeKind.REMOVED else None
        if former is not None:
            line = former.line
            change = itemised(structs.replace(change, kind=ChangeKind.CHANGED, before=former.before))
        elif later is not None:
            change = itemised(structs.replace(later, kind=ChangeKind.CHANGED, before=change.before))
        yield update, change


def joined(changes: Sequence[LineChange[bytes]]) -> Iterator[LineChange[bytes]]:
    """Give what one update changed, with each renamed line as one change under its new name, as `along` tells it."""
    went = {_number(one.before): one for one in reversed(changes) if one.kind is ChangeKind.REMOVED}
    came = (one for one in changes if went and one.kind is ChangeKind.ADDED)
    former = {one.line: went.pop(number) for one in came if (number := _number(one.after)) in went}
    gone = {one.line for one in former.values()}
    for change in changes:
        if change.line in former:
            yield itemised(structs.replace(change, kind=ChangeKind.CHANGED, before=former[change.line].before))
        elif change.line not in gone:
            yield change


def _of_its_number(
    document: bytes | None, kind: ChangeKind, changes: Sequence[LineChange[bytes]]
) -> LineChange[bytes] | None:
    number = _number(document)
    found = (one for one in changes if one.kind is kind)
    return next((one for one in found if _number(one.after or one.before) == number), None)


def _number(document: bytes | None) -> str:
    return str(msgspec.json.decode(document or b"{}").get("phoneNumber", ""))


def told(change: LineChange[bytes], *, priced: bool) -> dict[str, bytes]:
    """Give what changed of a line by field, as JSON: what differs, or each field of a line that came or went."""
    fields = change.fields
    if change.before is None or change.after is None:
        before, after = (json.loads(document or b"{}") for document in (change.before, change.after))
        sides = (FieldChange(name=name, before=before.get(name), after=after.get(name)) for name in after or before)
        fields = tuple((field.name, _json(field)) for field in sides if field.before != field.after)
    return {name: text for name, text in fields if priced or name != PRICE}


def _items(name: str, before: Any, after: Any) -> FieldChange | None:
    """Compare two lists, in whatever order, or two maps; None where they are neither, or differ in order alone.

    Items that are objects themselves are told as a whole.
    """
    if isinstance(before, list) and isinstance(after, list):
        if any(isinstance(item, dict) for item in (*before, *after)):
            return None
        went, came = _set_items(tuple(before), tuple(after))
        return FieldChange(name=name, before=went, after=came, items=True) if went or came else None
    if isinstance(before, dict) and isinstance(after, dict) and name != PRICE:
        keys = _changed_keys(tuple(before.items()), tuple(after.items()))
        was, now = ({key: side[key] for key in keys if key in side} for side in (before, after))
        return FieldChange(name=name, before=was, after=now, items=True)
    return None


# Cached: what lines have from `defaults` changes for each of them in the same way.
@lru_cache(maxsize=256)
def _changed_keys(before: tuple[tuple[str, str], ...], after: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    return tuple(sorted(item.path(output_format="list")[-1] for item in _diff(dict(before), dict(after))))


@lru_cache(maxsize=32)
def _set_items(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[list[str], list[str]]:
    # As sets, since the order means nothing: as lists with `ignore_order`, some hundred items may take half a minute.
    found = _diff(frozenset(before), frozenset(after))
    return sorted({item.t1 for item in found} & {*before}), sorted({item.t2 for item in found} & {*after})


def _diff(before: Any, after: Any) -> list[Any]:
    """Give what differs, item by item."""
    # Late: it takes half a second to import, and most changes are of plain values.
    from deepdiff import DeepDiff

    # The threshold: by its default, two maps with little in common are one difference, which names no key.
    found = DeepDiff(before, after, view="tree", threshold_to_diff_deeper=0)
    return [item for items in found.values() for item in items]


def _json(field: FieldChange) -> bytes:
    return msgspec.json.encode(field.to_json())
