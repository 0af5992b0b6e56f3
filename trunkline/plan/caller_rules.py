"""The dispatch rules of a line's `callers`: one for each entry, beside the rule that answers all others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from trunkline.carriers import CARRIERS
from trunkline.inventory import Inventory
from trunkline.model.entries import Callers
from trunkline.model.options import ONLY_CALLERS
from trunkline.model.spec import Key, ResourceSpec
from trunkline.model.tag import Tag, of_entry, of_entry_all
from trunkline.plan import dispatch

if TYPE_CHECKING:
    from trunkline.plan.lines import LiveKitGroup

KIND = "CallerRule"
# What a line's rule says that one for some of its callers says too.
_COMMON = ("adopt", "keep", "removal", "trunkIds")
_BESIDE = "+"


def name_of(owner: str, entry: str) -> str:
    """Give the resource's name, which no other one's of its kind can be: names have no plus."""
    return f"{owner}{_BESIDE}{entry}"


def owner_in(name: str) -> str:
    """Give the name of the group that a resource is of, whatever its kind."""
    return name.partition(_BESIDE)[0]


def entry_in(name: str) -> str:
    """Give the name of the entry that a resource is of, "" for one that is of no entry."""
    return name.partition(_BESIDE)[2]


def entries(group: LiveKitGroup) -> tuple[Callers, ...]:
    """Give the callers whom others answer; the lines of a trunk that is shared agree in them."""
    return group.inbound[0].callers if group.inbound and group.has_trunks else ()


def keys(group: LiveKitGroup) -> tuple[Key, ...]:
    return tuple((KIND, name_of(group.owner, entry.name)) for entry in entries(group))


def specs(group: LiveKitGroup, inventory: Inventory, default: ResourceSpec) -> Iterator[ResourceSpec]:
    """Give the rules of a group, each after the one that answers everybody: nobody is unanswered meanwhile."""
    line = group.inbound[0]
    before = (*((name, name) for name in default.aliases), *default.moved_from)
    for entry in entries(group):
        answered = replace(line, agent=entry.agent, further_agents=entry.further_agents)
        yield ResourceSpec(
            kind=KIND,
            name=name_of(group.owner, entry.name),
            props={
                **of_entry_all(group.marks, entry.name),
                **{name: default.props[name] for name in _COMMON if name in default.props},
                **dispatch.properties(inventory, answered, group.trunk),
                ONLY_CALLERS: spelled(group.trunk.provider, entry),
            },
            line=default.line,
            depends_on=(*default.depends_on, default.key),
            moved_from=tuple((home, name_of(owner, entry.name)) for home, owner in before),
        )


def spelled(provider: str, entry: Callers) -> list[str]:
    """Give an entry's callers as the carrier writes them: LiveKit compares letter by letter."""
    prefix = CARRIERS[provider].caller_prefix
    return sorted(number if prefix is None else f"{prefix}{number.removeprefix('+')}" for number in entry.numbers)


def longest_tag(group: LiveKitGroup, scope: str) -> str:
    """Give the longest of the tags of a group's objects, under the name of a scope."""
    tag = str(Tag(scope, group.tag.owner))
    return max((tag, *(of_entry(tag, entry.name) for entry in entries(group))), key=len)
