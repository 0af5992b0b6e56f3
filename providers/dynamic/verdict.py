"""What the Fleet refuses before the first write. Pure: all facts are passed in, and every reason is given at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from providers.dynamic import homes
from providers.dynamic.choice import Choice, Chooser
from providers.dynamic.ownership import MOVE
from providers.dynamic.survey import Survey
from providers.port import Observed
from trunkline.carriers import CARRIERS
from trunkline.model.tag import Tag
from trunkline.money import Money, totals

LINES = "file.numbers"
"""What a refusal is about whose line the file no longer has."""


@dataclass(frozen=True, slots=True)
class Objection:
    """Why the update is refused: the fact, what was left as it was, and the way out.

    `line`: the line of the file that it is about, "" where it is about none, or about one that the file no longer has.
    `about`: what else of the file it is about, as `trunk.<name>` or `file.<key>`. `place`: where in the file that
    stands which is another stack's, as "numbers.yaml:12".
    """

    text: str
    line: str = ""
    about: str = ""
    place: str = ""

    def said(self, facts: Mapping[str, Mapping[str, Any]]) -> str:
        """Give what the operator reads: the line's place and name first. `facts`: what `Plan.facts` tells of lines."""
        name = f'line "{self.line}"'
        text = self.text if not self.line or self.text.startswith(name) else f"{name}: {self.text}"
        at = self.place or facts.get(self.line or self.about, {}).get("at")
        return f"{at}: {text}" if at else text


def fleet_reasons(olds: Mapping[str, Any], news: Mapping[str, Any], scope: str) -> list[Objection]:
    """Refuse another name in tags than the recorded one: every tag has the old one, so nothing would be ours."""
    before, now = olds.get("scope", olds.get("fleet", news["fleet"])), news["fleet"]
    # What a stack was called once may become the shared name under which its record knows its objects.
    if before == now or (olds["fleet"] == now and olds.get("scope", scope) == scope):
        return []
    now = scope if olds["fleet"] == now else now
    return [
        Objection(
            f'this stack belongs to fleet "{before}", but is now called "{now}". Nothing was changed. Run'
            f" `pulumi config set trunkline:fleet {before}`; a fleet keeps its name, whatever its stack is called",
        )
    ]


def holder_reasons(
    olds: Mapping[str, Any],
    news: Mapping[str, Any],
    choices: Mapping[str, Choice],
    survey: Survey,
    facts: Mapping[str, Mapping[str, Any]],
) -> list[Objection]:
    """Refuse a number that another line of the fleet holds, and LiveKit trunks of others in which a number stands."""
    reasons: list[Objection] = []
    lines: Mapping[str, Mapping[str, Any]] = olds.get("lines", {})
    recorded: dict[str, list[str]] = {}
    for name, old in sorted(lines.items()):
        recorded.setdefault(old.get("phoneNumber", ""), []).append(name)
    for name, choice in sorted(choices.items()):
        wish = news["lines"][name]
        own = homes.owners(name, wish, olds, facts)
        others = [other for other in recorded.get(choice.number, ()) if other not in own]
        homely = homes.owners(name, wish, olds, facts, choice.number, survey)
        foreign = [trunk for trunk in survey.holders(choice.number) if survey.owner_of(trunk.tag) not in homely]
        others += [owner for trunk in foreign if (owner := survey.owner_of(trunk.tag))]
        reasons += [_held_by_line(name, choice.number, other) for other in dict.fromkeys(others)]
        # A line that is recorded has a trunk of its own: what stands beside it, or lost its tag, is drift and no claim.
        # But one that is marked `removal: keep` may have been let go by `pulumi destroy`, which leaves its trunk so.
        marks = {lines[other]["removal"] for other in own if other in lines}
        if marks and "keep" not in marks:
            continue
        strangers = [(trunk, survey.whose.stranger(trunk.tag)) for trunk in foreign if not marks]
        reasons += [_another_stack_s(name, choice.number, trunk, owner) for trunk, owner in strangers if owner]
        # So has one whose record is lost, where its tag is found.
        has_trunk = any(survey.owner_of(trunk.tag) in own for trunk in survey.holders(choice.number))
        if not (wish["adopt"] or has_trunk):
            reasons += [_foreign_trunk(name, choice.number, trunk) for trunk in foreign if not Tag.parse(trunk.tag)]
    return reasons


def guard_reasons(
    olds: Mapping[str, Any],
    news: Mapping[str, Any],
    choices: Mapping[str, Choice],
    survey: Survey,
    chooser: Chooser,
    swept_lines: Iterable[str],
) -> list[Objection]:
    """Refuse more purchases, releases or money than the guard allows in one update; what is done counts no more."""
    guard = news["guard"]
    buys = {name: choice for name, choice in sorted(choices.items()) if choice.buys}
    reasons = []
    if len(buys) > guard["maxPurchases"]:
        reasons.append(_over("max_purchases", guard["maxPurchases"], len(buys), "buy a number", buys))
    leaving = [name for name in _releases(olds, news) if _is_still_there(name, olds["lines"][name], survey, chooser)]
    releases = [*leaving, *sorted(swept_lines)]
    if len(releases) > guard["maxReleases"]:
        reasons.append(_over("max_releases", guard["maxReleases"], len(releases), "be released", releases))
    said = {name: _price_in_file(guard, news["lines"][name]["provider"]) for name in buys}
    costs = {name: choice.cost or said[name] for name, choice in buys.items()}
    return reasons + _cost_reasons(guard["maxMonthlyIncrease"], costs, news["lines"])


def _price_in_file(guard: Mapping[str, Any], provider: str) -> Money | None:
    """Give what the file says that a number costs at a carrier whose API does not."""
    price = guard.get("monthlyPrice", {}).get(provider, {})
    return next((Money(currency, Decimal(amount)) for currency, amount in price.items()), None)


def _cost_reasons(
    limits: Mapping[str, str], costs: Mapping[str, Money | None], lines: Mapping[str, Any]
) -> list[Objection]:
    if not limits:
        return []
    unknown = [name for name, cost in costs.items() if cost is None]
    reasons = []
    if unknown:
        reasons.append(
            Objection(
                f"the price of {_names(unknown)} is unknown, and guard.max_monthly_increase sets a limit."
                f" {_price_missing(unknown, lines)}",
                line=_sole(unknown),
                about="file.guard.max_monthly_increase",
            )
        )
    for currency, total in totals(cost for cost in costs.values() if cost).items():
        limit = limits.get(currency)
        if limit is None or total > Decimal(limit):
            paid = [name for name, cost in costs.items() if cost and cost.currency == currency]
            reasons.append(
                Objection(
                    f"the purchases of {_names(paid)} cost {Money(currency, total)} a month, the guard allows"
                    f" {limit or 0} {currency}. {'Raise' if limit else 'Set'} guard.max_monthly_increase.{currency}"
                    " in numbers.yaml",
                    line=_sole(paid),
                    about="file.guard.max_monthly_increase",
                )
            )
    return reasons


def _price_missing(lines_of_unknown: Iterable[str], lines: Mapping[str, Any]) -> str:
    """Say what to do about a price that nobody tells: the file can say that of a carrier whose API tells none."""
    providers = sorted({lines[name]["provider"] for name in lines_of_unknown})
    untold = next((one for one in providers if not CARRIERS[one].tells_prices), "")
    if untold:
        return f"Write what a number costs there as guard.monthly_price.{untold}, since its API does not say"
    return "Take the limit out of the file for one update, or choose another number"


def _sole(names: Iterable[str]) -> str:
    """Give the line's name where there is one, else ""."""
    listed = list(names)
    return listed[0] if len(listed) == 1 else ""


def _releases(olds: Mapping[str, Any], news: Mapping[str, Any]) -> list[str]:
    now = news["lines"]
    renamed = {wish.get("renamedFrom") for wish in now.values()}
    return [
        name
        for name, old in sorted(olds.get("lines", {}).items())
        if name not in now and name not in renamed and old["removal"] == "release"
    ]


def _is_still_there(name: str, old: Mapping[str, Any], survey: Survey, chooser: Chooser) -> bool:
    """Whether there is something to release: an earlier run, or somebody by hand, may have done it."""
    if old["provider"] == "custom":
        return survey.is_wired(name, old)
    return chooser.owned(old["provider"], old["phoneNumber"]) is not None


def _over(key: str, limit: int, count: int, what: str, lines: Iterable[str]) -> Objection:
    return Objection(
        f"{count} lines would {what} in one update, guard.{key} allows {limit}: {_names(lines)}."
        f" Raise guard.{key} in numbers.yaml, or apply fewer at a time",
        about=f"file.guard.{key}",
    )


def _held_by_line(name: str, number: str, other: str) -> Objection:
    if trunk := Tag("", other).trunk:
        return Objection(
            f'{number} is held by trunk "{trunk}", which its lines shared. Write `renamed_from: {trunk}` on the line\'s'
            " trunk if it is the same under a new name; otherwise put that trunk back, and let the line leave it first",
            line=name,
        )
    return Objection(
        f'{number} is held by line "{other}". Write `renamed_from: {other}` if this is the same line under a new name;'
        f' or mark "{other}" for removal and apply that first. Numbers are not swapped between lines',
        line=name,
    )


def _another_stack_s(name: str, number: str, trunk: Observed, owner: Tag) -> Objection:
    return Objection(
        f"{number} stands in LiveKit trunk {trunk.id}, which belongs to {owner.describe()}. {MOVE}",
        line=name,
    )


def _foreign_trunk(name: str, number: str, trunk: Observed) -> Objection:
    return Objection(
        f"{number} stands in LiveKit trunk {trunk.id}, which was not made by Trunkline. Set `adopt: true` on the line"
        " to take it over in place, or remove the trunk at LiveKit",
        line=name,
    )


def _names(names: Iterable[str], most: int = 10) -> str:
    listed = list(names)
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more
