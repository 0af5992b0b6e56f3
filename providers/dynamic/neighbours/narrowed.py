"""Rules of lines that adopt, which somebody narrowed to some callers or numbers: what they do not answer nobody does.

Adoption leaves them so. Of a line that does not adopt the same is drift, which the update puts back.
"""

from __future__ import annotations

from collections.abc import Sequence

from providers.dynamic.neighbours.calls_in import Line, Project
from providers.dynamic.neighbours.interference import ANYBODY, Place
from providers.dynamic.neighbours.neighbour import Neighbour, listed, numbers_of
from trunkline.calls import Call, Rule, fits

CODE = "narrowed-rule"


def find(project: Project, lines: Sequence[Line]) -> list[Neighbour]:
    """Give each such rule for which calls to our lines go unanswered, once, with all those lines."""
    found: dict[str, tuple[Rule, list[Line]]] = {}
    for line in lines:
        place = project.place(line) if line.adopts and line.inbound else None
        if place is not None and place.rule is not None and _drops(place, place.rule):
            found.setdefault(place.rule.id, (place.rule, []))[1].append(line)
    return [_told(rule, of_rule) for _, (rule, of_rule) in sorted(found.items())]


def _told(rule: Rule, lines: Sequence[Line]) -> Neighbour:
    names = tuple(line.name for line in lines)
    only = [f"from {listed(rule.callers)} (inbound_numbers)"] if rule.callers else []
    only += [f"to {listed(rule.numbers)} (numbers)"] if rule.numbers else []
    return Neighbour(
        code=CODE,
        id=rule.id,
        lines=names,
        message=(
            f"DispatchRule {rule.id}, which a line adopts, answers calls {' '.join(only)} alone, so LiveKit drops"
            f" others to {numbers_of(names, [line.number for line in lines])} with 486."
        ),
        callers=rule.callers,
        numbers=rule.numbers,
    )


def _drops(place: Place, rule: Rule) -> bool:
    """Whether a call that its trunk takes finds no rule."""
    admitted = place.trunk.allowed_numbers if place.trunk else ()
    return not all(
        any(fits(Call(called=called, caller=caller), one) for one in (rule, *place.beside, *place.rules))
        for called in _spellings(place, rule)
        for caller in admitted or (ANYBODY,)
    )


def _spellings(place: Place, rule: Rule) -> Sequence[str]:
    """A carrier that may write the number in several ways is taken to write it in one that the rule names."""
    return [each for each in place.spellings if each in rule.numbers] or place.spellings[:1]
