"""Every key of an inventory that names a config secret: the one place that says which secrets a stack needs. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from trunkline.inventory.inventory import Inventory
from trunkline.inventory.place import Path
from trunkline.model.entries import SecretRef

# What the file writes in the entry itself, and the model holds together.
_OF_ENTRY = frozenset({"options", "called"})


def secret_keys(inventory: Inventory) -> Iterator[tuple[Path, SecretRef]]:
    """Give each key that names a config secret with its path in the file, in the order of agents, trunks, lines.

    Every entry is walked whole, so that a key which takes a secret one day is found without a word here. An agent that
    no line of the inventory calls needs none: its rule is not made.
    """
    called = {name for line in inventory.lines.values() if line.inbound for name in line.agents}
    agents = {name: agent for name, agent in inventory.agents.items() if name in called}
    for section, entries in (("agents", agents), ("trunks", inventory.trunks), ("numbers", inventory.lines)):
        for name, entry in sorted(entries.items()):
            yield from _within((section, name), entry)


def _within(path: Path, value: Any) -> Iterator[tuple[Path, SecretRef]]:
    if isinstance(value, SecretRef):
        yield path, value
    elif is_dataclass(value):
        for part in fields(value):
            own = () if part.name in _OF_ENTRY else (part.name,)
            yield from _within((*path, *own), getattr(value, part.name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _within((*path, key), item)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _within((*path, str(index)), item)
