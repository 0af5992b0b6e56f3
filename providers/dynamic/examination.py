"""What the Fleet's check finds out of an update: each line's number, what leaves, what is refused, and what is said.

The steps follow one another as data: what is chosen, what leaves by it, what stands in the way, what the trunks have.
Each leaves in the runtime what the lines' own providers must know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from providers.dynamic import (
    agents,
    applied,
    caller_rules,
    choosing,
    crossing,
    departures,
    encryption,
    fallback_urls,
    going,
    homes,
    leaving,
    leftovers,
    lending,
    neighbours,
    notices,
    outer_wall,
    reach,
    requirements,
    siblings,
    takeover,
    unchanging,
    verdict,
)
from providers.dynamic.choice import Choice, Chooser, owners_of
from providers.dynamic.leftovers import Leftovers
from providers.dynamic.neighbours.neighbour import Neighbour
from providers.dynamic.offers import Offers
from providers.dynamic.ownership import Ownership
from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import Survey
from providers.dynamic.verdict import Objection
from providers.port import Observed


@dataclass(frozen=True)
class Update:
    """What an update says of itself.

    `olds` is the Fleet's record, `news` what the file makes of it, `settled` line -> the number that the state has.
    `facts`: line -> what the file says of it that is not recorded; `at` is its place, as "numbers.yaml:12".
    `told`: what the plan tells of objects that may be adopted.
    """

    olds: Mapping[str, Any]
    news: Mapping[str, Any]
    settled: Mapping[str, str]
    facts: Mapping[str, Mapping[str, Any]]
    told: Sequence[Mapping[str, Any]]
    whose: Ownership

    @property
    def lines(self) -> Mapping[str, Mapping[str, Any]]:
        """What the file says of each line."""
        lines: Mapping[str, Mapping[str, Any]] = self.news["lines"]
        return lines


@dataclass(frozen=True)
class _Chosen:
    """Line -> its number; `refused`: line -> the number it would lose; `chooser` has the listings it was chosen by."""

    chooser: Chooser
    choices: Mapping[str, Choice]
    refused: Mapping[str, str]
    reasons: list[Objection]


@dataclass(frozen=True)
class _Leaving:
    """`removed`: line -> the number whose removal was begun. `waits`: owner -> since when a number may be on order."""

    removed: Mapping[str, str]
    left: Leftovers
    waits: Mapping[str, int]


@dataclass(frozen=True)
class _Trunks:
    """`borrowed`: trunk -> its id, of other stacks'. `secure`: trunk -> what it is. `adopting`: what is adopted."""

    borrowed: Mapping[str, str]
    secure: Mapping[str, Observed]
    adopting: Mapping[str, Any]
    reasons: list[Objection]


def examine(run: Runtime, update: Update) -> tuple[dict[str, Any], list[Objection]]:
    """Choose every line's number and judge the update. Gives the inputs with what was found out, and the refusals.

    Raises the vendors' errors.
    """
    olds, news = update.olds, update.news
    needed = reach.needed(run, news, olds, update.facts)
    survey = Survey.take(run, update.whose, needed)
    theirs = siblings.shared_name_reasons(survey, news)
    if theirs:
        # What its objects are cannot be told from a sibling's, so nothing is chosen by them.
        return dict(news), theirs
    known = applied.with_interrupted(applied.with_repurchases(run, dict(olds), survey), update.settled, survey)
    run.returning = frozenset(known.get("lines", {}).keys() - olds.get("lines", {}).keys())
    chosen = _choose(run, update, survey, known, needed)
    gone = _leave(run, update, chosen.chooser.survey)
    reasons = [*chosen.reasons, *_of_lines(run, update, chosen, gone)]
    choices = chosen.choices
    run.wanted = {name: choice.number for name, choice in choices.items()}
    run.approved = frozenset(choice.number for choice in choices.values() if choice.buys)
    run.vanished = frozenset(one.number for one in choices.values() if one.vanished and not one.renews)
    trunks = _of_trunks(run, update, chosen, gone, run.wanted)
    beside = neighbours.find(run, chosen.chooser.survey, olds, news, run.wanted, update.facts)
    used = applied.used(known, update.lines)
    notices.tell_used(run, used, choices)
    _tell(run, update, chosen, gone, beside)
    inputs = {
        **news,
        "lines": {
            name: {
                **wish,
                **_found_out(choices.get(name)),
                **_called(departures.formerly(name, wish, olds)),
                **({applied.USED: True} if name in used else {}),
                **_unseen(run, update, name, choices.get(name)),
            }
            for name, wish in update.lines.items()
        },
        "leftovers": list(gone.left.objects),
        "swept": leftovers.due(gone.left, chosen.chooser.survey, olds, gone.waits, run.now()),
        **({"waiting": gone.waits} if gone.waits else {}),
        # For the run after this one, should this one be interrupted.
        **({"leaving": gone.removed} if gone.removed else {}),
        **({going.KEY: goes} if (goes := going.found(run, chosen.chooser.survey, gone.removed, olds)) else {}),
        **({"neighbours": stays} if (stays := [one.to_json() for one in beside if not one.put_right]) else {}),
        "borrowedSids": trunks.borrowed,
        **({"secureTrunks": sorted(trunks.secure)} if "secureTrunks" in news else {}),
        **({"adopting": trunks.adopting} if trunks.adopting else {}),
    }
    return inputs, list(dict.fromkeys(reasons + trunks.reasons))


def _choose(run: Runtime, update: Update, survey: Survey, known: Mapping[str, Any], needed: frozenset[str]) -> _Chosen:
    """Choose by the listings, and again by newer ones where a search goes by them."""
    offers = Offers(run.carrier)
    chooser = Chooser(survey=survey, olds=known, carrier=offers.carrier, facts=update.facts)
    changed, refused = unchanging.reasons(update.olds, update.news, update.settled, survey, chooser)
    choices, reasons = choosing.choose(chooser, update.news, refused, run.at_once)
    if any(choice.buys and "search" in update.lines[name] for name, choice in choices.items()):
        # What another run bought or claimed since the listing is ours now, not sold.
        survey = Survey.take(run, update.whose, needed, before=survey)
        offers.forget_accounts()
        chooser = replace(chooser, survey=survey)
        choices, reasons = choosing.choose(chooser, update.news, refused, run.at_once)
    return _Chosen(chooser, choices, refused, [*reasons, *changed])


def _leave(run: Runtime, update: Update, survey: Survey) -> _Leaving:
    """Find what the file does not declare any more, and which of it is to wait."""
    olds, news = update.olds, update.news
    removed = leaving.begun(survey, leftovers.declared(news), olds)
    left = leftovers.find(survey, news, olds, update.facts, removed, run.held)
    beside = (*caller_rules.find(survey, news, olds), *fallback_urls.find(run, survey, news, olds))
    left = replace(left, objects=(*left.objects, *beside))
    waits = leftovers.waiting(left, survey, olds, removed, run.now())
    run.let_go.update(removed.values())
    return _Leaving(removed, left, waits)


def _of_lines(run: Runtime, update: Update, chosen: _Chosen, gone: _Leaving) -> list[Objection]:
    """Say what stands against the lines' numbers, their departures, and what all of it costs."""
    olds, news, facts, survey, choices = update.olds, update.news, update.facts, chosen.chooser.survey, chosen.choices
    numbers = [choice.number for choice in choices.values()]
    elsewhere = departures.Elsewhere.of_facts(facts)
    return [
        *departures.reasons(olds, news, update.settled, survey, chosen.chooser, run.now(), elsewhere),
        *departures.unrecorded_reasons(olds, news, facts, update.settled, run.marks, numbers, survey),
        *verdict.holder_reasons(olds, news, choices, survey, facts),
        *outer_wall.reasons(olds, news, facts, survey),
        *siblings.trunk_reasons(survey, news, facts),
        *siblings.searched_reasons(survey, news, choices, facts),
        *siblings.length_reasons(survey, news),
        *siblings.credential_reasons(survey, news, facts),
        # Without a record a complete line that no file names may be one that was deleted from the file by mistake.
        *verdict.guard_reasons(olds, news, choices, survey, chosen.chooser, () if olds else gone.left.complete),
        *requirements.reasons(run, olds, news, choices, survey, facts),
    ]


def _of_trunks(run: Runtime, update: Update, chosen: _Chosen, gone: _Leaving, wanted: Mapping[str, str]) -> _Trunks:
    """Settle which trunk has which number, whose trunks serve, and what is adopted."""
    olds, news, facts, survey = update.olds, update.news, update.facts, chosen.chooser.survey
    # What a refused line has is told already.
    numbers = {*gone.removed.values(), *chosen.refused.values()}
    reasons = [*siblings.leaving_trunk_reasons(survey, olds, news, wanted, numbers)]
    run.homes = homes.settle(olds, news, facts, wanted, survey)
    run.exchanging = homes.tell(run, survey, news, facts)
    reasons += crossing.reasons(survey, wanted, run.homes)
    borrowed, missing = lending.find(run, survey, news["borrowed"], facts)
    secure = encryption.secure_trunks(survey, facts, borrowed)
    reasons += encryption.reasons(secure, facts)
    adopting, not_adopted = takeover.judge(run, survey, update.told, olds, update.settled, secure)
    return _Trunks(borrowed, secure, adopting, reasons + not_adopted + missing)


def _tell(run: Runtime, update: Update, chosen: _Chosen, gone: _Leaving, beside: Sequence[Neighbour]) -> None:
    """Say what is to be said beside the plan, refused or not."""
    olds, lines, survey, choices = update.olds, update.lines, chosen.chooser.survey, chosen.choices
    going_on, belated = leaving.standing(survey), leftovers.belated(survey, choices, lines, olds)
    notices.tell(run, gone.left, gone.removed, going_on, choices, lines, update.facts, belated)
    notices.tell_waiting(run, survey, gone.waits)
    notices.tell_chosen(run, departures.chosen_alone(olds, update.news, survey))
    notices.tell_idle_searches(run, olds, lines, choices)
    neighbours.tell(run, beside)
    agents.tell(run, update.facts)
    notices.tell_unclear(run, siblings.unclear(survey, olds.get("leaving", ())), update.whose.named)


def _found_out(choice: Choice | None) -> dict[str, Any]:
    if choice is None:
        return {}
    return {
        "phoneNumber": choice.number,
        "acquisition": choice.acquisition,
        "held": choice.held,
        **({"monthlyCost": choice.cost.to_json()} if choice.cost else {}),
        **({"ordered": True} if choice.ordered else {}),
        **({applied.RENEWS: True} if choice.renews else {}),
    }


def _unseen(run: Runtime, update: Update, name: str, choice: Choice | None) -> dict[str, Any]:
    wish = update.lines[name]
    if choice is None or not (choice.vanished and wish["adopt"]):
        return {}
    return applied.unseen(update.olds, update.settled, owners_of(name, wish), choice.number, run.now())


def _called(formerly: Sequence[str]) -> dict[str, Any]:
    return {"formerly": list(formerly)} if formerly else {}
