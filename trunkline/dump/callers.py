"""Rules for some callers beside one for all others at a trunk: whether a line's `callers` can say them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from trunkline.calls import canonical
from trunkline.dump.holdings import LiveObject
from trunkline.dump.text import is_accepted
from trunkline.model.options import ONLY_CALLERS, ONLY_NUMBERS

# What a line says of all its rules alike, and its agents do not.
_OF_LINE = ("hidePhoneNumber", "participantMetadata")


@dataclass(frozen=True, slots=True)
class Parted:
    """The rules of one trunk: the one for everybody, and those for some callers, by their ids."""

    rule: LiveObject
    some: tuple[LiveObject, ...]


def parted(rules: Sequence[LiveObject], trunk: LiveObject, numbers: Collection[str]) -> Parted | None:
    """Part several rules of a trunk so that a line can say them; None where it cannot.

    Adoption takes each for just its callers, as they are written there.
    """
    for_all = [one for one in rules if not one.optional.get(ONLY_CALLERS)]
    some = sorted((one for one in rules if one.optional.get(ONLY_CALLERS)), key=lambda one: one.id)
    if len(for_all) != 1 or any(one.optional.get(ONLY_NUMBERS) for one in rules):
        return None
    callers = [caller for one in some for caller in one.optional[ONLY_CALLERS]]
    admitted = {canonical(number) for number in trunk.props["allowedNumbers"]}
    sound = all(caller not in numbers and (not admitted or caller in admitted) for caller in callers)
    if len(set(callers)) < len(callers) or not sound or not all(_is_alike(for_all[0], one) for one in some):
        return None
    said = {"provider": "custom", "sip_address": "sip.example.com", "agent": "a", "phone_number": "+16505551234"}
    entries = {f"n{place}": {"from": each.optional[ONLY_CALLERS], "agent": "a"} for place, each in enumerate(some)}
    return Parted(for_all[0], tuple(some)) if is_accepted("numbers", **said, callers=entries) else None


def _is_alike(one: LiveObject, other: LiveObject) -> bool:
    same = all(one.optional.get(name) == other.optional.get(name) for name in _OF_LINE)
    return same and one.props["attributes"] == other.props["attributes"]
