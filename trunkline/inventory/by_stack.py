"""Values of an entry that one stack has otherwise: `by_stack` in an agent, a trunk or a line.

The document of a stack is that of the file with these values in the place of the entry's own, so that all rules hold
for what each stack will have (docs/adr/0024-a-value-of-one-stack-stands-in-its-entry.md). Of a trunk that several
stacks use, what it is at its carrier is the owner's alone. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from trunkline.carriers import CARRIERS
from trunkline.errors import Problem
from trunkline.inventory.inventory import SECTIONS, Inventory, Path, Places
from trunkline.model.entries import Trunk
from trunkline.model.spec import ResourceSpec, Site
from trunkline.quoting import quote, suggestion

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


def borrowing_problems(inventory: Inventory, of_stacks: Mapping[str, Inventory]) -> Iterator[Problem]:
    """Give each key in which a stack has a trunk at a carrier otherwise than the stack that owns it.

    What the trunk is at the carrier only its owner's stack carries out; the other stacks' calls go over it as it is.
    Where one of them has it otherwise, that is done nowhere: its side at LiveKit would speak another way than the
    trunk, or tell of a fallback that is not there.

    `of_stacks`: stack -> the whole file as it has it, for those that have a value of their own. Trunks that are not
    sound are in none of them.
    """
    for name, trunk in inventory.trunks.items():
        owners = of_stacks.get(trunk.owner, inventory)
        for stack in inventory.stacks if trunk.owner else ():
            theirs = of_stacks.get(stack, inventory)
            if name in owners.trunks and name in theirs.trunks:
                for key in _of_the_owner_alone(owners.trunks[name], theirs.trunks[name]):
                    yield _otherwise((inventory, owners, theirs), theirs.trunks[name], stack, key)


def _otherwise(seen: tuple[Inventory, Inventory, Inventory], trunk: Trunk, stack: str, key: str) -> Problem:
    """It stands at the value of the stack's own, else at that of the owner's own, which the stack has not."""
    inventory, owners, theirs = seen
    path = ("trunks", trunk.name, key)
    where = theirs if theirs.place(*path) != inventory.place(*path) else owners
    carrier = CARRIERS[trunk.provider].label
    return where.problem(
        path,
        "borrowed-trunk",
        f'trunk "{trunk.name}": stack {stack} has another {key} than its owner, stack {trunk.owner}, which alone makes'
        f" it at {carrier}: the trunk there is as {trunk.owner} has it",
        f"write `{key}` in the entry itself, for all stacks, or declare a trunk that {stack} owns, for its lines",
    )


def _of_the_owner_alone(owners: Trunk, theirs: Trunk) -> list[str]:
    """Give the keys by which the trunk at the carrier would be another one."""
    wanted = _at_carrier(theirs)
    if not wanted or wanted == _at_carrier(owners):
        return []
    keys = [key for key in sorted({**_values(owners), **_values(theirs)}) if _differ(owners, theirs, key)]
    return [key for key in keys if _at_carrier(_with(theirs, key, owners)) != wanted] or keys


def _at_carrier(trunk: Trunk) -> tuple[ResourceSpec, ...]:
    """Give what its owner makes of it at the carrier, at a site that has nothing but names."""
    site = Site(fleet="fleet", stack=trunk.owner, accounts=dict.fromkeys(CARRIERS, ""), sip_host="")
    return CARRIERS[trunk.provider].trunk_resources(trunk, site)


_NONE = object()


def _differ(one: Trunk, other: Trunk, key: str) -> bool:
    return bool(_values(one).get(key, _NONE) != _values(other).get(key, _NONE))


def _values(trunk: Trunk) -> dict[str, Any]:
    """Give key of the file -> value."""
    own = {part.name: getattr(trunk, part.name) for part in fields(trunk) if part.name != "options"}
    return {**own, **trunk.options}


def _with(trunk: Trunk, key: str, other: Trunk) -> Trunk:
    """Give a trunk that has one key as another one has it."""
    if key in trunk.options or key in other.options:
        options = {name: value for name, value in trunk.options.items() if name != key}
        return replace(trunk, options=options | {name: other.options[name] for name in (key,) if name in other.options})
    return replace(trunk, **{key: getattr(other, key)})
