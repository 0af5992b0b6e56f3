"""Rules about the keys and items of mappings and lists that become SIP headers, attributes and filters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from trunkline.errors import Problem
from trunkline.inventory import sip
from trunkline.inventory.inventory import Inventory
from trunkline.inventory.place import Path
from trunkline.inventory.shape import CommonShape, TrunkShape

# LiveKit, "Participant attributes and metadata", size limits (read 2026-11-26): 64 KiB over all keys and values.
_MOST_ATTRIBUTES = 64 * 1024


def entry_problems(where: Inventory, path: Path, entry: CommonShape | TrunkShape) -> Iterator[Problem]:
    """Check what one line, trunk or `defaults` writes itself."""
    if entry.headers:
        yield from _headers(where, (*path, "headers"), entry.headers)
    if entry.allowed_addresses:
        yield from _repeats(where, (*path, "allowed_addresses"), entry.allowed_addresses)
    if not isinstance(entry, CommonShape):
        return
    if entry.attributes:
        yield from _attributes(where, (*path, "attributes"), entry.attributes)
        yield from _attribute_size(where, (*path, "attributes"), entry.attributes)
    if entry.allowed_callers:
        yield from _repeats(where, (*path, "allowed_callers"), entry.allowed_callers)
    if entry.stacks:
        yield from _repeats(where, (*path, "stacks"), entry.stacks)


def _headers(where: Inventory, path: Path, headers: Mapping[str, str]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for name, value in headers.items():
        first = seen.setdefault(name.lower(), name)
        at, title = (*path, name), ".".join(path)
        if first != name:
            yield where.problem(at, "header", f'{title}: "{name}" and "{first}" are one header', "keep one of the two")
        if reason := sip.header_secret(name):
            yield where.problem(
                at, "literal-secret", f"{title}: {reason}", "delete it; write auth_username and auth_password"
            )
        elif reason := sip.header_fault(name, value):
            yield where.problem(
                at, "header", f"{title}: {reason}", "correct or delete it; LiveKit refuses the trunk otherwise"
            )


def _attributes(where: Inventory, path: Path, attributes: Mapping[str, str]) -> Iterator[Problem]:
    for name in attributes:
        if name.startswith("sip."):
            message = f'{".".join(path)}: "{name}" is an attribute that LiveKit sets for each call'
            yield where.problem((*path, name), "attribute", message, "choose a name that does not begin with sip.")


def _attribute_size(where: Inventory, path: Path, attributes: Mapping[str, str]) -> Iterator[Problem]:
    size = sum(len(name.encode()) + len(value.encode()) for name, value in attributes.items())
    if size > _MOST_ATTRIBUTES:
        message = f"{'.'.join(path)}: they have {size} bytes, and LiveKit keeps {_MOST_ATTRIBUTES} for a participant"
        yield where.problem(path, "attribute", message, "keep the data elsewhere, and an id of it here")


def _repeats(where: Inventory, path: Path, items: Sequence[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, item in enumerate(items):
        if item in seen:
            message = f"{'.'.join(path)}: {item} is listed twice"
            yield where.problem((*path, str(index)), "listed-twice", message, "delete one of the two")
        seen.add(item)
