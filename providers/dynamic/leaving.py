"""Lines whose removal was begun: by this update, or by an earlier one that has not come to its end."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import Any

from providers.dynamic.ownership import Ownership
from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import Survey
from providers.kinds import CLAIM_KINDS


def begun(survey: Survey, known: Container[str], olds: Mapping[str, Any]) -> dict[str, str]:
    """Give line -> number of the finished lines that this update removes, or that an earlier one began to remove.

    `known` are those that the file has. Their claims are no orders, also where the number stays in the account because
    it is kept.
    """
    now = {name: old["phoneNumber"] for name, old in olds.get("lines", {}).items() if name not in known and old["held"]}
    before = {name: number for name, number in _unfinished(survey, olds).items() if name not in known}
    return {**before, **now}


def standing(survey: Survey) -> set[str]:
    """Name the owners of which an object is there."""
    return {survey.owner_of(one.tag) for objects in survey.objects.values() for one in objects}


def ended(run: Runtime, whose: Ownership, record: Mapping[str, Any]) -> list[str]:
    """Give those of the record's notes, of removals and of orders that are waited for, of which nothing is there.

    Raises the vendors' errors.
    """
    wired = {kind: run.listing(kind) for kind in ("DispatchRule", *CLAIM_KINDS)}
    # A number without a tag is found by what the record says of it alone.
    tagless = [name for name in run.vendors.carriers if not run.carrier(name).keeps_tags] if "leaving" in record else []
    owned = {name: run.owned(name) for name in tagless}
    numbers = frozenset(number for held in owned.values() for number in held)
    survey = Survey(whose=whose, owned=owned, objects=wired, tagless=numbers)
    over = {
        "leaving": not _unfinished(survey, record),
        "waiting": not record.get("waiting", {}).keys() & standing(survey),
    }
    return [key for key, is_over in over.items() if key in record and is_over]


def _unfinished(survey: Survey, olds: Mapping[str, Any]) -> dict[str, str]:
    """Give those of which an object is there, or the number, routed: somebody may have taken it out of the state.

    One that a line has by now, of this stack or of another, has come to its end.
    """
    there, noted = standing(survey), olds.get("leaving", {})
    return {name: number for name, number in noted.items() if name in there or _is_routed(survey, number)}


def _is_routed(survey: Survey, number: str) -> bool:
    owned = survey.in_any_account(number) if number in survey.tagless else None
    return owned is not None and any(owned.props.values()) and survey.claimant(number) is None
