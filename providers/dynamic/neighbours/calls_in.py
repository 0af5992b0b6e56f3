"""Foreign trunks and rules at LiveKit that change what becomes of calls to our numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from providers.dynamic.choice import owners_of
from providers.dynamic.neighbours.interference import Effect, How, Place, effects
from providers.dynamic.neighbours.neighbour import Neighbour, listed, named, numbers_of
from providers.dynamic.ownership import trunk_names
from providers.dynamic.survey import Survey
from trunkline.calls import Rule, Trunk, canonical, clashing
from trunkline.calls.live import rule_of, trunk_of
from trunkline.carriers import CARRIERS
from trunkline.model.tag import Tag, entry_of

TRUNK, RULE = "InboundTrunk", "DispatchRule"
_CODES = {TRUNK: "second-trunk", RULE: "foreign-rule"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line whose calls are looked at. `spellings`: how its carrier may write the number.

    `inbound`: whether calls are to come in; `recorded`: whether an earlier update had the line; `adopts`: whether what
    the file does not name of its objects stays.
    """

    name: str
    number: str
    spellings: tuple[str, ...]
    owners: tuple[str, ...]
    inbound: bool
    recorded: bool
    adopts: bool


class Project:
    """LiveKit's trunks and rules, sorted into ours and foreign ones, and found by what calls meet them by."""

    def __init__(self, survey: Survey, ours: AbstractSet[str], *, trunkless: bool) -> None:
        objects = {kind: survey.objects.get(kind, ()) for kind in (TRUNK, RULE)}
        self.names = {one.id: str(one.props.get("name") or one.tag) for kind in objects.values() for one in kind}
        self.owners = {one.id: survey.owner_of(one.tag) for kind in objects.values() for one in kind}
        self._is_tagged = {one.id: Tag.parse(one.tag) is not None for kind in objects.values() for one in kind}
        self._trunkless = trunkless
        self._our_trunks: dict[str, list[Trunk]] = {}
        self._owned: dict[str, Trunk] = {}
        self._our_rules: dict[str, list[Rule]] = {}
        self._trunks: dict[str, list[Trunk]] = {}
        self._rules: dict[str, list[Rule]] = {}
        self._rivals: dict[str, tuple[str, ...]] = {}
        for one in objects[TRUNK]:
            trunk = trunk_of(one)
            if self.owners[one.id]:
                self._owned.setdefault(self.owners[one.id], trunk)
            table = self._our_trunks if self.owners[one.id] or one.id in ours else self._trunks
            for number in dict.fromkeys(map(canonical, trunk.numbers or ("",))):
                table.setdefault(number, []).append(trunk)
        for one in objects[RULE]:
            rule = rule_of(one)
            rules = self._our_rules if self.owners[one.id] or one.id in ours else self._rules
            for trunk_id in dict.fromkeys(rule.trunk_ids or ("",)):
                rules.setdefault(trunk_id, []).append(rule)

    def place(self, line: Line) -> Place | None:
        """Give where the line's calls arrive; None for one for calls in that is still to be made, as what it takes is.

        A line for calls out alone gets no trunk for calls in, so that all is known of it from the start.
        """
        held = self._our_trunks.get(canonical(line.number), ())
        trunk = next((one for one in held if self.owners[one.id] in ("", *line.owners)), None)
        if trunk is None and (own := next((self._owned[each] for each in line.owners if each in self._owned), None)):
            # The update gives it this number in place of one that was not to be had.
            trunk = replace(own, numbers=(line.number,))
        if trunk is None and line.inbound and not line.recorded:
            return None
        if trunk is None and line.inbound:
            trunk = Trunk(id="", numbers=(line.number,))
        at_trunk = self._our_rules.get(trunk.id, ()) if trunk else ()
        rule, beside = _parted(at_trunk)
        rule = rule or (Rule(id="", trunk_ids=(trunk.id,)) if trunk else None)
        foreign = (*self._trunks.get(canonical(line.number), ()), *self._trunks.get("", ()))
        ids = (*((trunk.id,) if trunk else ()), *(one.id for one in foreign), "")
        rules = {one.id: one for id in ids for one in self._rules.get(id, ()) if self._matters(one, rule, line)}
        return Place(
            spellings=line.spellings,
            trunk=trunk,
            rule=rule,
            beside=beside,
            trunks=foreign,
            rules=tuple(rules[id] for id in sorted(rules)),
            trunkless=self._trunkless,
        )

    def naming(self, trunk_id: str) -> tuple[Rule, ...]:
        """Give the foreign rules that name a trunk, or what no trunk carries, by its id."""
        return tuple(self._rules.get(trunk_id, ()))

    def may_be_own(self, line: Line, place: Place, id: str) -> bool:
        """Whether an object may be the line's own, made by an update that did not end well, whose tag was taken off.

        The ids of such objects no record has before the program runs; they are told by what the line would have made.
        """
        if self._is_tagged[id] or not line.recorded or place.trunk is None:
            return False
        if not place.trunk.id:
            alone = [one for one in place.trunks if one.id == id and len(one.numbers) == 1]
            return any(canonical(one.numbers[0]) == canonical(line.number) for one in alone)
        own = [one for one in place.rules if one.id == id and one.trunk_ids == (place.trunk.id,)]
        return bool(own and place.rule and not place.rule.id)

    def _matters(self, foreign: Rule, ours: Rule | None, line: Line) -> bool:
        """Whether a rule may answer the number, or cannot stand beside another one; the rest is only work."""
        if not foreign.numbers or not set(foreign.numbers).isdisjoint(line.spellings) or (ours and ours.numbers):
            return True
        return any(foreign.id in self._clashing(id) for id in foreign.trunk_ids or ("",))

    def _clashing(self, trunk_id: str) -> tuple[str, ...]:
        if trunk_id not in self._rivals:
            ids = dict.fromkeys((trunk_id, ""))
            self._rivals[trunk_id] = clashing((rule for id in ids for rule in self._rules.get(id, ())), trunk_id)
        return self._rivals[trunk_id]


def _parted(at_trunk: Sequence[Rule]) -> tuple[Rule | None, tuple[Rule, ...]]:
    """Give our rule for all callers, and those for some, of which one that is yet to be adopted has no tag."""
    untagged = [one for one in at_trunk if not entry_of(one.name)]
    # One that answers some callers is the line's own only where no other one is.
    own = next((one for one in untagged if not one.callers), next(iter(untagged), None))
    return own, tuple(one for one in at_trunk if entry_of(one.name) or (one.callers and one is not own))


def lines_of(
    news: Mapping[str, Any], olds: Mapping[str, Any], numbers: Mapping[str, str],
    facts: Mapping[str, Mapping[str, Any]], plus: Mapping[str, bool], survey: Survey,
) -> list[Line]:  # fmt: skip
    """Give the lines whose number is known. `plus`: carrier -> whether it writes the called number with its plus."""
    lines = []
    for name, number in sorted(numbers.items()):
        wish = news["lines"][name]
        if not CARRIERS[wish["provider"]].has_trunks:
            # Its calls meet no trunk: see `own_numbers`.
            continue
        plusless = number.removeprefix("+")
        spelled = {True: (number,), False: (plusless,), None: (number, plusless)}[plus.get(wish["provider"])]
        shared = [Tag.of_trunk("", each).owner for each in trunk_names(news, wish.get("sharedTrunk", ""))]
        own = owners_of(name, wish)
        lines.append(
            Line(
                name=name,
                number=number,
                # A called number is written as it is dialled.
                spellings=tuple(dict.fromkeys(spelled)),
                owners=(*own, *shared),
                inbound=facts.get(name, {}).get("inbound", True),
                recorded=any(owner in olds.get("lines", {}) for owner in own),
                adopts=wish["adopt"],
            )
        )
    return lines


def find(project: Project, lines: Sequence[Line]) -> list[Neighbour]:
    """Give what changes where calls to the lines end, once for each foreign object and what it does."""
    found: dict[tuple[str, str, How], list[tuple[Line, Place, tuple[Effect, ...]]]] = {}
    for line in lines:
        if (place := project.place(line)) is None:
            continue
        for id, told in effects(place).items():
            kind = TRUNK if any(one.id == id for one in place.trunks) else RULE
            found.setdefault((kind, id, told[0].how), []).append((line, place, told))
    neighbours = []
    for (kind, id, _), cases in sorted(found.items()):
        _, place, told = cases[0]
        names = tuple(line.name for line, _, _ in cases)
        text = _SAYS[told[0].how](
            named(kind, id, project.names[id]), _whose(told[0]),
            numbers_of(names, [line.number for line, _, _ in cases]), told[0], place, id,
        )  # fmt: skip
        more = (
            " It lets in callers whom the line keeps out, too." if How.ADMITS in [one.how for one in told[1:]] else ""
        )
        perhaps = kind if any(project.may_be_own(line, place, id) for line, place, _ in cases) else ""
        message = f"{text}.{more}"
        neighbours.append(Neighbour(code=_CODES[kind], id=id, lines=names, message=message, perhaps_ours=perhaps))
    return neighbours


def _blocks(what: str, whose: str, numbers: str, effect: Effect, place: Place, id: str) -> str:
    others = listed(_mine(one, place) for one in dict.fromkeys(effect.met.rivals) if one != id) or "itself"
    return f"{what} cannot stand beside {others}, so LiveKit refuses {whose} to {numbers}"


def _takes(what: str, whose: str, numbers: str, effect: Effect, place: Place, id: str) -> str:
    return f"{what} answers {whose} to {numbers} in place of ours: {destination(effect.met.rule)}"


def _asks(what: str, whose: str, numbers: str, effect: Effect, place: Place, id: str) -> str:
    return f"{what} asks for a PIN on {whose} to {numbers} before ours answers: with it, {destination(effect.met.rule)}"


def _admits(what: str, whose: str, numbers: str, effect: Effect, place: Place, id: str) -> str:
    key = " once they enter its PIN" if effect.met.rule and effect.met.rule.pin else ""
    return f"{what} lets in {whose} to {numbers} that the line keeps out{key}: {destination(effect.met.rule)}"


_SAYS = {How.BLOCKS: _blocks, How.TAKES: _takes, How.ASKS: _asks, How.ADMITS: _admits}


def _whose(effect: Effect) -> str:
    sources = (*effect.callers, *effect.addresses)
    return f"calls from {listed(sources)}" if sources else "calls"


def _mine(id: str, place: Place) -> str:
    ours = [one.id for one in (place.trunk, *place.ours) if one is not None]
    return f"ours ({id})" if id and id in ours else id or "ours"


def destination(rule: Rule | None) -> str:
    """Say where a rule sends calls; its PIN is never shown."""
    if rule is None:
        return "no rule answers them"
    agents = f"agent {listed(rule.agents)}" if any(rule.agents) else "no agent that it names"
    room = f"room {rule.room}" if rule.form == "direct" else f"rooms {rule.room}…"
    return f"they reach {agents} in {room}"
