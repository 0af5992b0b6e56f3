"""The fields that are written only where the file names them, from live objects to keys; what no key says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from trunkline.dump.holdings import LiveObject
from trunkline.model import egress, options
from trunkline.model.options import Option

# What nobody gave an object reads so; a dump does not write it.
ABSENT: tuple[Any, ...] = (None, "", 0, False, [], {}, "disable", "auto")
# What says which object it is, and whose: every line says that, or has no word for a name.
_STRUCTURE = frozenset({"tag", "name", "numbers", "trunkIds", "address"})


def keys(table: Iterable[Option], objects: Mapping[str, LiveObject]) -> dict[tuple[str, ...], Any]:
    """Give path of a key -> what it says of these objects, by kind: where all that have the field have the same.

    A value that an object has without anybody's word is left out.
    """
    found: dict[tuple[str, ...], Any] = {}
    for option in table:
        holders = (objects[kind] for kind in option.kinds if kind in objects)
        values = [one.optional[option.prop] for one in holders if option.prop in one.optional]
        if values and all(value == values[0] for value in values) and values[0] != _plain(option.unset):
            found[option.path] = values[0]
    return found


def with_key(entry: Mapping[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """Give an entry that says this too."""
    *outer, key = path
    if not outer:
        return {**entry, key: value}
    return {**entry, outer[0]: {**entry.get(outer[0], {}), key: value}}


def props_of(table: Iterable[Option], entry: Mapping[str, Any]) -> set[str]:
    """Give the properties that an entry's keys say."""
    return {option.prop for option in table if option.path[0] in entry and option.named(entry)}


def kept(kind: str, one: LiveObject, said: Collection[str]) -> list[str]:
    """Name the fields of an object that somebody gave it and that no key says: an adopted object keeps them."""
    usual = options.unset(kind)
    given = (name for name, value in one.props.items() if value not in ABSENT and name not in _STRUCTURE)
    more = (name for name, value in one.optional.items() if name in usual and value != usual[name])
    # A rule of another form than one for each caller reads so in its prefix; its room, or its own prefix, is named.
    other = {"roomPrefix"} if str(one.props.get("roomPrefix", "")).startswith("<") else set()
    # Told with what they are the secrets of.
    other |= {egress.SECRETS}
    return sorted({*given, *more} - other - set(said))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
