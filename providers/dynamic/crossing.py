"""Numbers that cross between shared trunks: what one trunk for a number does not let do in one update. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from providers.dynamic.homes import KIND, Home, named
from providers.dynamic.survey import Survey
from providers.dynamic.verdict import Objection
from trunkline.calls import canonical
from trunkline.model.tag import Tag


def reasons(survey: Survey, numbers: Mapping[str, str], homes: Mapping[str, Home]) -> list[Objection]:
    """Refuse that all numbers of a shared trunk leave it while those that come stand in other trunks.

    It would be without a number, and take the calls of all, until they are let go. `numbers`: line -> its number.
    """
    lines = {canonical(number): name for name, number in numbers.items()}
    ours: dict[str, list[str]] = {}  # once, and not once a trunk
    for number, home in sorted(homes.items()):
        ours.setdefault(home.owner, []).append(number)
    found = []
    for trunk in survey.objects.get(KIND, ()):
        owner = survey.owner_of(trunk.tag)
        there = set(map(canonical, trunk.props["numbers"]))
        coming = ours.get(owner, [])
        if not Tag("", owner).trunk or not coming or there & set(coming):
            continue
        if all(survey.holders(number) for number in coming) and any(number in homes for number in there):
            found.append(
                Objection(
                    f"all numbers of {named(owner)} leave it, and those that come ({', '.join(coming)}) stand in other"
                    " trunks yet. Nothing was changed. LiveKit's trunk cannot be without a number: let them come in one"
                    " `pulumi up`, and the others leave in the next",
                    line=lines.get(coming[0], ""),
                    about=owner,
                )
            )
    return found
