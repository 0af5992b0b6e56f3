"""What the vendors are known to demand, held against the update before its first write.

What a purchase lacks and what keeps a release from being carried out is asked of the carriers by `gather`; the
judgements are pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from providers.dynamic.choice import Choice
from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import Survey
from providers.dynamic.verdict import Objection
from providers.port import Lack

Facts = Mapping[str, Mapping[str, Any]]
_CLEARING = "`clear_emergency_address: true`"


def reasons(
    run: Runtime,
    olds: Mapping[str, Any],
    news: Mapping[str, Any],
    choices: Mapping[str, Choice],
    survey: Survey,
    facts: Facts,
) -> list[Objection]:
    """Give every demand that this update would not meet. Raises the vendors' errors."""
    for name, number, blocked in applied_marks(olds, news, choices, survey):
        run.notice(
            f'{number} of line "{name}", which is marked for release, cannot be released: {blocked}.'
            f" Add {_CLEARING} to it."
        )
    lacking = gather(run, news["lines"], choices, facts)
    return [*purchase_reasons(lacking, choices), *release_reasons(olds, news, choices, survey)]


def gather(
    run: Runtime, lines: Mapping[str, Any], choices: Mapping[str, Choice], facts: Facts
) -> Mapping[str, Sequence[Lack]]:
    """Ask what each purchase of this update lacks; nothing is asked for lines that buy nothing.

    `lines`: those of the Fleet's inputs. `facts` hold the papers that a line names. Raises the vendors' errors.
    """
    return {
        name: run.carrier(lines[name]["provider"]).lacks(choice.offer, facts.get(name, {}))
        for name, choice in sorted(choices.items())
        if choice.buys and choice.offer is not None
    }


def purchase_reasons(lacking: Mapping[str, Sequence[Lack]], choices: Mapping[str, Choice]) -> list[Objection]:
    """Refuse purchases that the carrier would refuse."""
    return [
        Objection(f"{choices[name].number} cannot be bought as it stands: {lack.reason}. {lack.fix}", line=name)
        for name, lacks in lacking.items()
        for lack in lacks
    ]


def release_reasons(
    olds: Mapping[str, Any], news: Mapping[str, Any], choices: Mapping[str, Choice], survey: Survey
) -> list[Objection]:
    """Refuse a mark, and a removal that was marked, whose release the carrier would refuse."""
    before, now = olds.get("lines", {}), news["lines"]
    renamed = {wish.get("renamedFrom") for wish in now.values()}
    found = []
    for name, old in sorted(before.items()):
        gone = name not in now and name not in renamed and old["removal"] == "release"
        blocked = _blocked(survey, old["provider"], old.get("phoneNumber", "")) if gone else ""
        if blocked and not old.get("clearEmergencyAddress"):
            found.append(
                Objection(
                    f'line "{name}" ({old["phoneNumber"]}) cannot be released: {blocked}. Put the line back with'
                    f" {_CLEARING}, run `pulumi up`, then remove it; or take it off at {old['provider']}",
                )
            )
    for name, number, blocked in _marked(now, choices, survey):
        if _old(before, name, now[name]).get("removal") != "release":
            found.append(
                Objection(
                    f"it is marked for release, and {number} cannot be released: {blocked}. Add {_CLEARING}, which"
                    f" takes it off before the release; or take it off at {now[name]['provider']}",
                    line=name,
                )
            )
    return found


def applied_marks(
    olds: Mapping[str, Any], news: Mapping[str, Any], choices: Mapping[str, Choice], survey: Survey
) -> Iterator[tuple[str, str, str]]:
    """Give the marks that an earlier update applied, and what has come to keep their release since."""
    before, now = olds.get("lines", {}), news["lines"]
    for name, number, blocked in _marked(now, choices, survey):
        if _old(before, name, now[name]).get("removal") == "release":
            yield name, number, blocked


def _marked(lines: Mapping[str, Any], choices: Mapping[str, Choice], survey: Survey) -> Iterator[tuple[str, str, str]]:
    """Give name, number and block of the lines that are marked for release and do not say that it is taken off."""
    for name, wish in sorted(lines.items()):
        if name in choices and wish["removal"] == "release" and not wish.get("clearEmergencyAddress"):
            number = choices[name].number
            if blocked := _blocked(survey, wish["provider"], number):
                yield name, number, blocked


def _blocked(survey: Survey, provider: str, number: str) -> str:
    owned = survey.owned.get(provider, {}).get(number)
    return owned.blocks_release if owned else ""


def _old(before: Mapping[str, Any], name: str, wish: Mapping[str, Any]) -> Mapping[str, Any]:
    old: Mapping[str, Any] = before.get(name) or before.get(wish.get("renamedFrom", ""), {})
    return old
