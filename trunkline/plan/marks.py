"""The tags that a resource is declared with: the one that its object gets, and those by which it is known again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from trunkline.plan.spec import Site
from trunkline.plan.tag import Tag


def former_owners(renamed_from: str) -> tuple[str, ...]:
    """Give the owner that tags named under a trunk's former name, () where it has none."""
    return (Tag.of_trunk("", renamed_from).owner,) if renamed_from else ()


def marks(site: Site, owner: str, renamed_from: str = "", also: Iterable[str] = ()) -> dict[str, Any]:
    """Give the tag properties of an owner's objects. `also`: owners that may have had them before.

    `formerTags` are others of this stack. `sharedTag`, only under a fleet's name that other stacks may have, is what
    earlier versions wrote: an object that has it keeps it, until an update retags.
    """
    before = [name for name in (renamed_from, *also) if name]
    former = [str(Tag(site.scope, name)) for name in before]
    if not site.shared:
        return {"tag": str(Tag(site.scope, owner)), "formerTags": former}
    shared = str(Tag(site.shared, owner))
    former += [str(Tag(site.shared, name)) for name in before]
    if site.retag:
        return {"tag": str(Tag(site.scope, owner)), "formerTags": [*former, shared]}
    return {"tag": str(Tag(site.scope, owner)), "formerTags": former, "sharedTag": shared}


def trunk_marks(site: Site, trunk: str, renamed_from: str = "") -> dict[str, Any]:
    """Give those of a carrier trunk's objects."""
    known = marks(site, Tag.of_trunk(site.scope, trunk).owner, *former_owners(renamed_from))
    return {name: value for name, value in known.items() if value}
