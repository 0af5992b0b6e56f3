"""Which live object is which of the plan's: ours by its tag, or the one to be adopted. Pure over a survey."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from providers.dynamic.caller_rules import as_caller_rule
from providers.dynamic.survey import Survey
from providers.port import Observed
from trunkline.calls import canonical
from trunkline.model.options import ONLY_CALLERS
from trunkline.model.tag import Tag, entry_of, is_further

Listing = Callable[[str, str], Sequence[Observed]]
"""Gives the objects of a kind in a parent; raises the vendor's errors."""

# A rule is known by its trunk, and an origination URL by where it stands.
_ORDER = ("SipTrunk", "OriginationUrl", "FallbackUrl", "InboundTrunk", "OutboundTrunk", "DispatchRule", "CallerRule")
_WAYS = ("OriginationUrl", "FallbackUrl")
_RULES = ("DispatchRule", "CallerRule")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One object as the plan tells the check of it (`trunkline.plan.adoption`). `lines` are those that it serves.

    `entry`: that of `callers` which a rule is for, "" for none; `callers`: of a line's own rule, whom others answer.
    """

    kind: str
    owner: str
    adopt: bool
    values: Mapping[str, Any]
    named: Sequence[str]
    said: Sequence[str]
    unmanaged: Sequence[str]
    lines: Sequence[str]
    former: Sequence[str] = ()
    custom: bool = False
    shared: bool = False
    trunk: str = ""
    at: str = ""
    entry: str = ""
    callers: Sequence[Sequence[str]] = ()

    @property
    def what(self) -> str:
        """Name it beside its kind, where its owner has several."""
        return f'{self.kind} of "{self.entry}"' if self.entry else self.kind

    @property
    def owners(self) -> tuple[str, ...]:
        return (self.owner, *self.former)

    def adopted_before(self, olds: Mapping[str, Any]) -> bool:
        """Whether the last update adopted it, by the Fleet's record of lines and trunks."""
        if not self.lines:
            return any(owner.removeprefix("trunk.") in olds.get("adoptingTrunks", ()) for owner in self.owners)
        lines = olds.get("lines", {})
        return any(lines[name].get("adopt") for name in (*self.lines, *self.former) if name in lines)

    def is_settled(self, olds: Mapping[str, Any], settled: Mapping[str, str]) -> bool:
        """Whether an adoption of it came to its end: an update that adopted was complete, with each of its lines."""
        names = {*self.lines, *self.former}
        return self.adopted_before(olds) and len(names & settled.keys()) >= len(self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """`target` is ours, or to be adopted where it is `new`.

    `elements`: what the file names of a property that the object may share. `candidates`: what could be adopted where
    it is not one object that is nobody's. `lost`: the object was adopted, or made, before, and is gone; what could be
    adopted in its place has come since, and is not what the line named.
    """

    wanted: Wanted
    target: Observed | None = None
    new: bool = False
    elements: Mapping[str, Sequence[str]] = field(default_factory=dict)
    candidates: Sequence[Observed] = ()
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Matches:
    """The plan's objects that are adopted, or were until now, in the order in which they are made."""

    by_key: Mapping[tuple[str, str, str], Match]

    @property
    def all(self) -> Collection[Match]:
        return self.by_key.values()

    def of(self, kind: str, owner: str) -> Match | None:
        """Give an owner's object of a kind; None where the plan has none."""
        return self.by_key.get((kind, owner, ""))

    def takers(self, id_: str) -> list[str]:
        """Name the owners for which an object would be adopted."""
        return [one.wanted.owner for one in self.all if one.new and one.target and one.target.id == id_]

    @property
    def standing(self) -> dict[tuple[str, str], Observed]:
        """(kind, tag) -> the object that is adopted, or to be adopted, for it."""
        adopted = (one for one in self.all if one.wanted.adopt)
        return {(one.wanted.kind, one.wanted.values["tag"]): one.target for one in adopted if one.target}


def find(
    survey: Survey,
    objects: Iterable[Wanted],
    numbers: Mapping[str, str],
    listing: Listing,
    *,
    ended: Callable[[Wanted], bool] = lambda wanted: False,
    gives: Callable[[Wanted, Observed], bool] = lambda wanted, one: False,
) -> Matches:
    """Match objects of the plan with what there is. `numbers`: line -> its number; `ended`: whether an adoption did.

    `gives`: whether an object of this stack lets another have what it holds, as where `shared:` changes.
    """
    found: dict[tuple[str, str, str], Match] = {}
    tagged: dict[tuple[str, str], list[Observed]] = {}
    for kind in _ORDER:
        for there in survey.objects.get(kind, ()):
            tagged.setdefault((kind, survey.owner_of(there.tag)), []).append(there)
    wanted = [one for one in objects if one.kind in _ORDER]
    for one in sorted(wanted, key=lambda one: _ORDER.index(one.kind)):
        parent = "SipTrunk" if one.kind in _WAYS else "InboundTrunk" if one.kind in _RULES else ""
        above = found[parent, one.owner, ""].target if (parent, one.owner, "") in found else None
        listed = "DispatchRule" if one.kind in _RULES else one.kind
        ours = [each for owner in one.owners for each in tagged.get((listed, owner), ())]
        ours = [each for each in ours if one.kind in _WAYS or entry_of(each.tag) == one.entry]
        match = _match(survey, one, ours, _elements(one, above, numbers), above, listing, gives)
        if match.new and one.kind in _RULES and not found[parent, one.owner, ""].new and ended(one):
            # A rule is known by its trunk, and this trunk is the line's own by now.
            match = replace(match, target=None, new=False, candidates=tuple(filter(None, [match.target])), lost=True)
        found[one.kind, one.owner, one.entry] = match
    return Matches(found)


def concerned(told: Iterable[Mapping[str, Any]], olds: Mapping[str, Any]) -> list[Wanted]:
    """Give the objects that the plan tells of and adopts, or has adopted until now by the Fleet's record."""
    return [one for one in (Wanted(**each) for each in told) if one.adopt or one.adopted_before(olds)]


def rules_for_all(survey: Survey, wanted: Wanted, numbers: Mapping[str, str]) -> list[Observed]:
    """Give the rules of no trunk, which answer every trunk that has none of its own."""
    called = {canonical(numbers[line]) for line in wanted.lines if line in numbers}
    return [
        rule
        for rule in survey.objects.get("DispatchRule", ())
        if not rule.props["trunkIds"]
        and (not rule.also.get("numbers") or called & set(map(canonical, rule.also["numbers"])))
    ]


def _match(
    survey: Survey,
    wanted: Wanted,
    ours: Sequence[Observed],
    elements: Mapping[str, Sequence[str]],
    above: Observed | None,
    listing: Listing,
    gives: Callable[[Wanted, Observed], bool],
) -> Match:
    objects = survey.objects.get("DispatchRule" if wanted.kind in _RULES else wanted.kind, ())
    if wanted.kind in _RULES:
        objects = _of_sort(survey, wanted, objects)
        ours = [as_caller_rule(one) for one in ours] if wanted.entry else ours
    if wanted.kind in _WAYS:
        further = wanted.kind == "FallbackUrl"
        objects = listing(wanted.kind, above.id) if above and wanted.adopt else ()
        ours = [one for one in objects if survey.owner_of(one.tag) in wanted.owners and is_further(one.tag) == further]
    if ours:
        # As the engine takes them: the present owner's, then those of former ones, in their order.
        first = [one for one in ours if survey.owner_of(one.tag) == survey.owner_of(ours[0].tag)]
        return Match(wanted=wanted, target=min(first, key=lambda one: one.id), elements=elements)
    same = [one for one in objects if wanted.adopt and _is_it(wanted, elements, one) and not gives(wanted, one)]
    same = same or _over_another(wanted, objects)
    if len(same) == 1 and Tag.parse(same[0].tag) is None:
        return Match(wanted=wanted, target=same[0], new=True, elements=elements)
    return Match(wanted=wanted, elements=elements, candidates=tuple(same))


def _elements(wanted: Wanted, above: Observed | None, numbers: Mapping[str, str]) -> dict[str, list[str]]:
    if wanted.kind in _RULES:
        return {"trunkIds": [above.id] if above else []}
    if wanted.kind in ("InboundTrunk", "OutboundTrunk"):
        return {"numbers": [numbers[line] for line in wanted.lines if line in numbers]}
    return {}


def _of_sort(survey: Survey, wanted: Wanted, rules: Sequence[Observed]) -> list[Observed]:
    """Give the rules that may be the wanted one: those for just its callers, or for others than all entries'.

    LiveKit compares callers letter by letter: one that is written otherwise there is another one. Those of the line's
    other entries give what moves, and are not adopted.
    """
    rules = [one for one in rules if not (entry_of(one.tag) and survey.owner_of(one.tag) in wanted.owners)]
    if wanted.entry:
        mine = sorted(wanted.values[ONLY_CALLERS])
        return [as_caller_rule(one) for one in rules if sorted(one.every[ONLY_CALLERS]) == mine]
    theirs = [sorted(callers) for callers in wanted.callers]
    return [one for one in rules if sorted(one.every[ONLY_CALLERS]) not in theirs]


def _over_another(wanted: Wanted, objects: Iterable[Observed]) -> list[Observed]:
    """Give the way to the same place that is not over TLS, where it is to be: it becomes so in place."""
    place, _, transport = str(wanted.values.get("sipUrl", "")).partition(";")
    return [one for one in objects if transport == "transport=tls" and one.props["sipUrl"].partition(";")[0] == place]


def _is_it(wanted: Wanted, elements: Mapping[str, Sequence[str]], one: Observed) -> bool:
    if elements:
        shares = all(set(map(canonical, one.props[name])) & set(ours) for name, ours in elements.items())
        return shares and (
            wanted.kind != "OutboundTrunk" or one.props["address"].casefold() == wanted.values["address"].casefold()
        )
    key = "domainName" if wanted.kind == "SipTrunk" else "sipUrl"
    return bool(one.props[key] == wanted.values[key])
