"""What stands in the way of rules for some callers beside a rule that is adopted, and stays as it is. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from providers.dynamic.caller_rules import KIND, RULE
from providers.dynamic.matching import Match, Matches, Wanted
from providers.dynamic.survey import Survey
from providers.dynamic.verdict import Objection
from providers.port import Observed
from trunkline.calls import canonical
from trunkline.model.options import ONLY_CALLERS, ONLY_NUMBERS
from trunkline.model.tag import entry_of


def names_them(wanted: Wanted, live: Observed) -> bool:
    """Whether the line's `callers` name all for whom alone its own rule answers until now: it says who answers those.

    Everybody else then comes to the line's own agent, which the file says too.
    """
    only, named = live.every.get(ONLY_CALLERS, ()), {one for callers in wanted.callers for one in callers}
    return bool(only) and named.issuperset(only)


def objections(survey: Survey, matches: Matches, match: Match) -> Iterator[Objection]:
    """Refuse an entry of an adopting line whose calls LiveKit would refuse, or give to another rule."""
    wanted = match.wanted
    if wanted.kind != KIND or not wanted.adopt:
        return
    own, trunk = matches.of(RULE, wanted.owner), matches.of("InboundTrunk", wanted.owner)
    if own is not None and own.target is not None:
        yield from _beside_own(wanted, match, own.target)
    if trunk is not None and trunk.target is not None:
        yield from _overlapping(survey, wanted, trunk.target.id)


def _beside_own(wanted: Wanted, match: Match, own: Observed) -> Iterator[Objection]:
    only = own.every[ONLY_CALLERS]
    if only:
        yield Objection(
            f"its rule {own.id} answers {_listed(only)} alone, which adoption leaves so: callers that neither it nor"
            f' "{wanted.entry}" names would go unanswered. Nothing was changed. Empty the rule\'s inbound_numbers at'
            " LiveKit, or take `adopt` off"
        )
    mine = match.target.every[ONLY_NUMBERS] if match.target is not None else ()
    if own.every[ONLY_NUMBERS] and not mine:
        yield Objection(
            f"its rule {own.id} names the numbers called ({_listed(own.every[ONLY_NUMBERS])}), so that LiveKit may"
            f' prefer it to that of "{wanted.entry}". Nothing was changed. Empty the rule\'s numbers at LiveKit'
        )


def _overlapping(survey: Survey, wanted: Wanted, trunk: str) -> Iterator[Objection]:
    """LiveKit refuses two rules of a trunk that name one caller, however it is written."""
    mine = wanted.values[ONLY_CALLERS]
    for one in survey.objects.get(RULE, ()):
        callers = one.every[ONLY_CALLERS]
        ours = bool(entry_of(one.tag)) and survey.owner_of(one.tag) in wanted.owners
        if ours or trunk not in one.props["trunkIds"] or sorted(callers) == sorted(mine):
            continue
        if not {*map(canonical, callers)}.isdisjoint(map(canonical, mine)):
            yield Objection(
                f'rule {one.id} "{one.tag}" answers {_listed(callers)}, and "{wanted.entry}" is for {_listed(mine)}:'
                " LiveKit takes no two rules for one caller, and adoption changes none. Nothing was changed. Write just"
                " the rule's callers into one entry, spelled as there, or change the rule at LiveKit"
            )


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)
