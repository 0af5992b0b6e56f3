"""What names an object beside its id: two of a kind that have it in common are in each other's way. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.kinds import Kind
from providers.port import Observed
from trunkline.calls import canonical
from trunkline.model.options import ONLY_CALLERS
from trunkline.model.tag import entry_of


def same_key(kind: Kind, observed: Observed, desired: Mapping[str, Any]) -> bool:
    """Lists match when they share an element (a number as LiveKit compares it, a trunk id), others when equal.

    A rule for some callers is that for just these.
    """
    for name in kind.natural:
        theirs, ours = observed.props[name], desired[name]
        if isinstance(ours, list):
            there, here = set(map(canonical, theirs)), set(map(canonical, ours))
            if there != here if name == ONLY_CALLERS else not there & here:
                return False
        # A host is the same in capitals.
        elif theirs != ours and not (name == "address" and theirs.casefold() == ours.casefold()):
            return False
    return True


def key_text(kind: Kind, desired: Mapping[str, Any]) -> str:
    values = (desired[name] for name in kind.natural)
    return " at ".join(", ".join(value) if isinstance(value, list) else str(value) for value in values)


def answers_some(kind: Kind, one: Observed, adopted: Mapping[tuple[str, str], Observed] | None = None) -> bool:
    """Whether an object is a rule of one entry, by its tag, or else by what is `adopted`: none in another's place."""
    if adopted is None:
        return bool(entry_of(one.tag))
    return kind.name == "DispatchRule" and any(
        known.id == one.id for (of, _), known in adopted.items() if of == "CallerRule"
    )
