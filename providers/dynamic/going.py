"""What of a line that goes decides whether its number, and its objects, are let go: a step that a page tells of.

`release` asks the same again before its write, and leaves what is not the line's any more. It is among the Fleet's
inputs, so that a plan tells it beforehand, and that an update which was approved is refused where it is otherwise now.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import Survey
from trunkline.e164 import E164

KEY = "going"
"""Among the Fleet's inputs; the next refresh takes it out of the record."""
HELD, TAGGED = "held", "tagged"


def found(
    run: Runtime, survey: Survey, removed: Mapping[str, str], olds: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """Give line -> what tells its number and its objects, for the lines whose removal was begun (`removed`).

    `held`: whether the number is in its account; with it its tag, or its route where numbers carry no tags. `tagged`:
    the ids of what carries the line's tag. Raises the vendors' errors.
    """
    lines = {name: line for name, line in olds.get("lines", {}).items() if name in removed}
    tagged = _tagged(survey, lines)
    return {name: {**_number(run, survey, line), TAGGED: tagged[name]} for name, line in sorted(lines.items())}


def _number(run: Runtime, survey: Survey, line: Mapping[str, Any]) -> dict[str, Any]:
    provider, number = line["provider"], line.get("phoneNumber", "")
    if provider not in survey.owned or not number:
        return {}
    carrier, listed = run.carrier(provider), survey.owned[provider].get(number)
    # A list may lag: what it says is believed where nothing depends on it, or an exact look-up says the same.
    believed = listed is not None and carrier.keeps_tags and bool(survey.owner_of(listed.tag))
    owned = listed if believed else carrier.find(E164.shaped(number)) or listed
    if owned is None:
        return {HELD: False}
    return {HELD: True, **({"tag": owned.tag} if carrier.keeps_tags else dict(owned.props))}


def _tagged(survey: Survey, lines: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Give line -> the ids of what carries its tag, or that of its last name, parted by spaces."""
    owners = {owner: name for name, line in lines.items() for owner in (line.get("renamedFrom") or name, name)}
    ids: dict[str, list[str]] = {name: [] for name in lines}
    for objects in survey.objects.values():
        for one in objects:
            name = owners.get(survey.owner_of(one.tag))
            if name is not None:
                ids[name].append(one.id)
    return {name: " ".join(sorted(each)) for name, each in ids.items()}
