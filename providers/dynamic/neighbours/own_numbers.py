"""Foreign rules that name a number by its id, as ours does: one that no trunk carries, which LiveKit itself sells.

Which of several such rules answers no document says (LiveKit Phone Numbers guide, read 2026-11-26), so nothing is put
to the call model. An update ties the number to our rule alone: LiveKit takes its id out of the others then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from providers.dynamic.neighbours.calls_in import RULE, Project, destination
from providers.dynamic.neighbours.neighbour import Neighbour, named, numbers_of
from providers.dynamic.survey import Survey
from trunkline.calls import Rule
from trunkline.carriers import CARRIERS

CODE = "foreign-rule"


def find(project: Project, survey: Survey, news: Mapping[str, Any], numbers: Mapping[str, str]) -> list[Neighbour]:
    """Give each such rule once, with all lines whose numbers it names. `numbers`: line -> its number."""
    found: dict[str, tuple[Rule, dict[str, str]]] = {}
    for name, number in sorted(numbers.items()):
        provider = news["lines"][name]["provider"]
        owned = survey.owned.get(provider, {}).get(number)
        if CARRIERS[provider].has_trunks or owned is None:
            continue
        for rule in project.naming(owned.id):
            found.setdefault(rule.id, (rule, {}))[1][name] = owned.id
    return [_told(project, rule, ids, numbers) for _, (rule, ids) in sorted(found.items())]


def _told(project: Project, rule: Rule, ids: Mapping[str, str], numbers: Mapping[str, str]) -> Neighbour:
    names = tuple(ids)
    bare = not set(rule.trunk_ids) - set(ids.values())
    return Neighbour(
        code=CODE,
        id=rule.id,
        lines=names,
        message=(
            f"{named(RULE, rule.id, project.names[rule.id])} answers calls to"
            f" {numbers_of(names, [numbers[name] for name in names])} by id, as ours does: {destination(rule)}, or"
            " ours, since no document of LiveKit's says which. The update ties the number to ours alone"
            f"{', and leaves that rule without a trunk, with which it may answer every trunk' if bare else ''}."
        ),
        put_right=True,
    )
