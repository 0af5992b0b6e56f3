"""A number that leaves a shared trunk for good: its carrier lets go first, then LiveKit's trunk.

The engine updates the trunk of the lines that stay before it deletes what a removed line had. Taken off then, the
number would be sent to LiveKit by its carrier, where no agent is, until its release, and for longer where that fails.
So the trunk keeps it as long as its carrier sends calls, and gives it up in the same step in which the carrier lets go.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from providers.dynamic import homes
from providers.dynamic.objects import tags_of
from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import Survey
from providers.port import OwnedNumber
from trunkline.calls import canonical, has_number


@dataclass(frozen=True, slots=True)
class Stand:
    """The LiveKit trunk for calls in, of this stack, in which a number stands."""

    id: str
    tag: str


def find(survey: Survey, removed: Iterable[str], wanted: Iterable[str]) -> dict[str, Stand]:
    """Give number -> where it stands, of those that their carrier sends here yet.

    `removed`: the numbers of lines whose removal was begun; those that another line has are `wanted`.
    """
    parting = set(map(canonical, removed)) - set(map(canonical, wanted))
    stands = ((number, stand) for number in sorted(parting) for stand in _stands(survey, number))
    return {number: stand for number, stand in stands if is_sent(survey.in_any_account(number))}


def is_sent(owned: OwnedNumber | None) -> bool:
    """Whether a number is in its account, and its carrier sends its calls somewhere by a route that we manage."""
    return owned is not None and any(value for name, value in owned.props.items() if name != "tag")


def standing_shared(survey: Survey, number: str) -> bool:
    """Whether a number stands in a trunk that lines of this stack share."""
    return any(survey.owner_of(stand.tag).startswith("trunk.") for stand in _stands(survey, number))


def keeping(run: Runtime, kind: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Give a trunk's inputs with the numbers that stay in it until their carriers have let go."""
    if kind != homes.KIND or not run.parting:
        return inputs
    tags, numbers = tags_of(inputs), inputs["numbers"]
    staying = [number for number, stand in run.parting.items() if stand.tag in tags and not has_number(numbers, number)]
    return {**inputs, "numbers": sorted([*numbers, *staying])} if staying else inputs


def take_off(run: Runtime, number: str) -> None:
    """Take a number that its carrier has let go off the trunk of ours that stays; raises the vendors' errors.

    One that the program declares no more goes with its last number, by itself.
    """
    stand = run.parting.get(canonical(number))
    if stand is None:
        return
    adapter = run.adapter(homes.KIND)
    # Several are let go at once, and each write of a trunk has all its numbers.
    with run.exchange:
        trunk = adapter.get(stand.id)
        if trunk is None or (homes.KIND, "", trunk.tag) not in run.declared:
            return
        rest = [other for other in trunk.props["numbers"] if canonical(other) != canonical(number)]
        if rest and len(rest) < len(trunk.props["numbers"]):
            adapter.update(trunk, homes.holding(trunk, rest))


def _stands(survey: Survey, number: str) -> list[Stand]:
    held = (one for one in survey.objects.get(homes.KIND, ()) if has_number(one.props["numbers"], number))
    return [Stand(one.id, one.tag) for one in held if survey.owner_of(one.tag)]
