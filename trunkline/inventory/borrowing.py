"""Rules about a carrier's trunk that several stacks use: what it is at the carrier only its owner's stack carries out.

The other stacks' calls go over it as it is. Where one of them has it otherwise, that is done nowhere: its side at
LiveKit would speak another way than the trunk, or tell of a fallback that is not there. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from trunkline.carriers import CARRIERS
from trunkline.errors import Problem
from trunkline.inventory.inventory import Inventory
from trunkline.model.entries import Trunk
from trunkline.model.spec import ResourceSpec, Site


def problems(inventory: Inventory, of_stacks: Mapping[str, Inventory]) -> Iterator[Problem]:
    """Give each key in which a stack has a trunk at a carrier otherwise than the stack that owns it.

    `of_stacks`: stack -> the whole file as it has it, for those that have a value of their own. Trunks that are not
    sound are in none of them.
    """
    for name, trunk in inventory.trunks.items():
        owners = of_stacks.get(trunk.owner, inventory)
        for stack in inventory.stacks if trunk.owner else ():
            theirs = of_stacks.get(stack, inventory)
            if name in owners.trunks and name in theirs.trunks:
                for key in _of_the_owner_alone(owners.trunks[name], theirs.trunks[name]):
                    yield _problem((inventory, owners, theirs), theirs.trunks[name], stack, key)


def _problem(seen: tuple[Inventory, Inventory, Inventory], trunk: Trunk, stack: str, key: str) -> Problem:
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
