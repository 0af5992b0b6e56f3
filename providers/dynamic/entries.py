"""Whether an entry of the state is this stack's own, or was put there from the state of another one.

`pulumi state move` leaves the live objects as they are, and the tags on them go on naming the stack that has the line.
The engine deletes by the entry alone: what that stack still wants would be released by the other one.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any

from providers.dynamic.ownership import Ownership, owners_in
from providers.dynamic.runtime import Runtime
from providers.kinds import KINDS
from trunkline.model.tag import Tag

_URN = re.compile(r"urn:pulumi:(?P<stack>[^:]+)::(?P<project>[^:]+)::")


def note_stack(run: Runtime, *known: Ownership) -> None:
    """Remember what this stack's tags name, as the Fleet has it on record or has judged it."""
    run.names.update(name for whose in known for name in (whose.scope, whose.shared) if name)


def tag_of(run: Runtime, kind: str, recorded: Mapping[str, Any], parent: str) -> str:
    """Give the tag that an object was given, or, of a kind that can have none, the one that its parent has."""
    of = KINDS[kind].parent
    if "tag" in recorded or not of:
        return str(recorded.get("tag", ""))
    return next((one.tag for one in run.listing(of) if one.id == parent), "")


def came_from_elsewhere(run: Runtime, what: str, tag: str) -> bool:
    """Whether an entry with this tag is another stack's, so that its deletion takes the entry alone; tells so.

    It is not where nothing tells which stack this is, nor where the Fleet has the owner on record: a fleet that is
    getting another name has its former one in some tags.
    """
    owner, here = Tag.parse(tag), _stack()
    if owner is None or not (here or run.recorded_lines is not None) or owner.owner in owners_in(run.record):
        return False
    own = {"/".join(here), *run.names, *(f"{name}/{here[-1]}" for name in run.names if here)}
    if owner.fleet in own:
        return False
    run.notice(f"{what} was left as it is: it belongs to {owner.describe()}, from whose stack this entry was moved.")
    return True


def _stack() -> tuple[str, ...]:
    """Give project and stack of the entry that the engine asks this thread about; () where no engine does.

    The SDK's server (3.272.0) hands on neither the URN nor the request, which each of its methods calls `request`.
    """
    frame = inspect.currentframe()
    while frame is not None:
        if urn := _URN.match(str(getattr(frame.f_locals.get("request"), "urn", ""))):
            return urn["project"], urn["stack"]
        frame = frame.f_back
    return ()
