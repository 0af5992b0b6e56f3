"""Whose a tag is: the one place that tells the objects of this stack from those of others.

A tag names a scope and an owner in it. The scope is one stack's. Versions up to 0.1 tagged with the fleet's name alone,
which several stacks may have: such a tag is this stack's where its record has the owner, and nobody's to sweep.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from trunkline.model.tag import Tag

MOVE = (
    "A stack never takes what another one has, not even with `adopt: true`. If the line moves here, run `pulumi up`"
    " there first, with the line removed from it; where no stack has it any more, take that tag off at the vendor"
)
"""What to do about something that another stack has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ownership:
    """`scope`: what this stack's tags name. `shared`: the fleet's name where it names no stack, else "".

    `accepted`: the owners whose objects under the shared name are this stack's. `named`: all owners of the whole file.
    `retags`: this update puts the stack's name into every tag.
    """

    scope: str
    shared: str = ""
    accepted: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    retags: bool = False

    @classmethod
    def recorded(cls, record: Mapping[str, Any]) -> Ownership:
        """Give what the Fleet's record alone tells; without a scope in it every tag has the fleet's name."""
        fleet, scope = record["fleet"], record.get("scope", record["fleet"])
        return cls(scope=scope) if fleet == scope else cls(scope=scope, shared=fleet, accepted=owners_in(record))

    @classmethod
    def judged(cls, news: Mapping[str, Any], olds: Mapping[str, Any], sharing: Mapping[str, Any]) -> Ownership:
        """Decide for an update. `sharing`: what the program says where other stacks may have the fleet's name.

        Without a record (a lost state, or a new stack) the file decides where it describes this stack alone, or where
        the operator says that it does by retagging. Else a line that has just come from a sibling would be taken.
        """
        if not sharing:
            return cls(scope=news["fleet"])
        known = olds or (news if sharing["alone"] or sharing["retag"] else {})
        accepted = owners_in(known) if known else frozenset()
        return cls(
            scope=sharing["scope"],
            shared=news["fleet"],
            accepted=accepted,
            named=frozenset(sharing["owners"]),
            retags=sharing["retag"],
        )

    def tags_of(self, owner: str) -> tuple[str, ...]:
        """Give the tags that make an object this owner's, the present one first."""
        shared = (str(Tag(self.shared, owner)),) if owner in self.accepted else ()
        return (str(Tag(self.scope, owner)), *shared)

    def owner_of(self, tag: str) -> str:
        """Give the owner in this stack that a tag names, "" for any other text."""
        parsed = Tag.parse(tag)
        return parsed.owner if parsed and str(parsed) in self.tags_of(parsed.owner) else ""

    def scoped_owner_of(self, tag: str) -> str:
        """Give the owner of a tag that no other stack can have written, "" for any other text."""
        parsed = Tag.parse(tag)
        return parsed.owner if parsed and parsed.fleet == self.scope else ""

    def shared_owner_of(self, tag: str) -> str:
        """Give the owner of a tag under the shared name that this stack does not have, "" for any other text."""
        parsed = Tag.parse(tag)
        theirs = parsed and parsed.fleet == self.shared and parsed.owner not in self.accepted
        return parsed.owner if parsed and theirs else ""

    def stranger(self, tag: str) -> Tag | None:
        """Give a tag that is another stack's; None for this stack's and for no tag at all."""
        return Tag.parse(tag) if not self.owner_of(tag) else None


def owners_in(inputs: Mapping[str, Any]) -> frozenset[str]:
    """Give the owners of tags in the Fleet's inputs: lines, former names, those on their way out, and own trunks."""
    return frozenset((*_lines_in(inputs), *inputs.get("leaving", ()), *own_trunks(inputs)))


def own_trunks(inputs: Mapping[str, Any]) -> frozenset[str]:
    """Give the owners that stand for the Fleet's trunks, by their former names too, without those of other stacks."""
    names: Iterable[str] = set(inputs.get("trunks", ())) - set(inputs.get("borrowed", ()))
    return frozenset(Tag.of_trunk("", each).owner for name in names for each in trunk_names(inputs, name))


def _lines_in(inputs: Mapping[str, Any]) -> Iterable[str]:
    for name, line in inputs.get("lines", {}).items():
        yield name
        if line.get("renamedFrom"):
            yield line["renamedFrom"]


def trunk_names(inputs: Mapping[str, Any], trunk: str) -> tuple[str, ...]:
    """Give the names under which a trunk of the Fleet's inputs may be known, its own first; () for no trunk."""
    former = inputs.get("renamedTrunks", {}).get(trunk, "")
    return tuple(name for name in (trunk, former) if name)
