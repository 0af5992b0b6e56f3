"""All rules that span more than one value, in one go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from trunkline.errors import Problem
from trunkline.inventory import references, texts
from trunkline.inventory.combinations import line_problems
from trunkline.inventory.inventory import Inventory
from trunkline.inventory.sections import Sections
from trunkline.inventory.trunk_rules import sharing_problems, trunk_problems


def problems(inventory: Inventory, sections: Sections) -> Iterator[Problem]:
    """Give every problem that the shape alone does not show.

    Names are resolved for all lines; what fits together is asked only of entries that are sound, and of lines whose
    trunk is.
    """
    yield from references.unknown_agents(inventory, sections.agent_ids)
    yield from references.unknown_trunks(inventory, sections.trunk_names)
    yield from references.numbers_used_twice(inventory)
    yield from references.renames(inventory)
    yield from references.stack_names(inventory)
    yield from references.accepted(inventory, sections.accepted)
    yield from _texts(inventory, sections)
    for name, trunk in inventory.trunks.items():
        if ("trunks", name) not in sections.broken:
            yield from trunk_problems(inventory, trunk)
    sound = sound_part(inventory, sections)
    for line in sound.lines.values():
        yield from line_problems(sound, line)
    yield from sharing_problems(sound)


def _texts(inventory: Inventory, sections: Sections) -> Iterator[Problem]:
    yield from texts.entry_problems(inventory, ("defaults",), sections.defaults)
    for name, trunk in sections.trunks.items():
        yield from texts.entry_problems(inventory, ("trunks", name), trunk)
    for name, line in sections.lines.items():
        yield from texts.entry_problems(inventory, ("numbers", name), line)


def sound_part(inventory: Inventory, sections: Sections) -> Inventory:
    """Give the inventory with those lines alone whose own keys are sound, and whose trunk is."""
    lines = {
        name: line
        for name, line in inventory.lines.items()
        if ("numbers", name) not in sections.broken
        and (not line.trunk or (line.trunk in inventory.trunks and ("trunks", line.trunk) not in sections.broken))
    }
    return replace(inventory, lines=lines)
