"""Which live objects make lines together: an inbound trunk with its rule, and the outbound trunk of its numbers.

Adoption takes an object over as a whole, so a group is whole too: all numbers of a trunk become lines, or none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trunkline.calls import canonical
from trunkline.dump import callers
from trunkline.dump.description import LeftOut, Note
from trunkline.dump.holdings import Holdings, LiveObject
from trunkline.dump.reasons import Reason
from trunkline.dump.text import flow, foresee, is_accepted
from trunkline.model import livekit_numbers
from trunkline.model.tag import Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The numbers of one trunk, as E.164, and their objects; `agent` is which of the rule's agents is the lines'.

    `callers` are the rules beside it that answer some callers alone. `outbound` is the trunk over which `calling_out`
    call out. `notes` say what stays as it is.
    """

    numbers: tuple[str, ...]
    inbound: LiveObject | None = None
    rule: LiveObject | None = None
    agent: str = ""
    callers: tuple[LiveObject, ...] = ()
    outbound: LiveObject | None = None
    calling_out: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def objects(self) -> list[LiveObject]:
        """Its objects at LiveKit."""
        return [one for one in (self.inbound, self.rule, *self.callers, self.outbound) if one is not None]

    @property
    def by_kind(self) -> Mapping[str, LiveObject | None]:
        """The same by their kind."""
        return {"InboundTrunk": self.inbound, "OutboundTrunk": self.outbound, "DispatchRule": self.rule}

    @property
    def called(self) -> str:
        """What people call its trunk."""
        trunk = self.inbound or self.outbound
        return trunk.called if trunk else ""


def find(holdings: Holdings) -> tuple[tuple[Group, ...], tuple[LeftOut, ...]]:
    """Give the groups, by the id of their trunks, and the numbers and trunks that are in none."""
    project = _Project(holdings)
    there = (number for trunk in (*holdings.inbound, *holdings.outbound) for number in _numbers(trunk))
    foresee("numbers", ({"phone_number": number, **_CUSTOM} for number in there))
    groups: list[Group] = []
    left_out: list[LeftOut] = []
    for trunk in holdings.inbound:
        if (note := project.refusal(trunk)) is not None:
            numbers = _numbers(trunk) or [f"trunk {trunk.id}"]
            left_out += [LeftOut(what=number, note=note) for number in numbers]
        elif trunk.props["numbers"]:
            groups.append(project.group(trunk))
    known = {number for group in groups for number in group.numbers} | {one.what for one in left_out}
    for trunk in holdings.outbound:
        own = tuple(_numbers(trunk))
        if known.isdisjoint(own) and project.is_sole(trunk, own):
            groups.append(Group(numbers=own, outbound=trunk, calling_out=own))
    return tuple(groups), tuple(left_out)


class _Project:
    """LiveKit's objects, found by what they share."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._inbound = _by_number(holdings.inbound)
        self._outbound = _by_number(holdings.outbound)
        self._rules: dict[str, list[LiveObject]] = {}
        for rule in holdings.rules:
            for trunk_id in dict.fromkeys(rule.props["trunkIds"] or ("",)):
                self._rules.setdefault(trunk_id, []).append(rule)
        self._trunk_ids = {trunk.id for trunk in holdings.inbound}

    def refusal(self, trunk: LiveObject) -> Note | None:
        """Say why adoption cannot take an inbound trunk with its rule; None where it can, and for one for all."""
        numbers = list(dict.fromkeys(map(canonical, trunk.props["numbers"])))
        rules = self._rules.get(trunk.id, [])
        if Tag.parse(trunk.tag):
            return Note(reason=Reason.TAGGED, detail=named(trunk))
        if not numbers:
            return None
        if not all(is_accepted("numbers", phone_number=number, **_CUSTOM) for number in numbers):
            return Note(reason=Reason.NO_PHONE_NUMBER, detail=f"{named(trunk)} has {', '.join(numbers)}")
        beside = {one.id: one for number in numbers for one in self._inbound[number]}
        if len(beside) > 1:
            return Note(reason=Reason.SEVERAL_TRUNKS, detail=", ".join(map(named, beside.values())))
        if len(rules) > 1 and callers.parted(rules, trunk, numbers) is None:
            return Note(reason=Reason.SEVERAL_RULES, detail=", ".join(map(named, rules)))
        refusals = (note for rule in rules if (note := self._refusal_of_rule(rule)) is not None)
        return next(refusals, None) if rules else self._without_rule(trunk)

    def _without_rule(self, trunk: LiveObject) -> Note:
        """Adoption would make a rule, which the account has not."""
        for_all = self._rules.get("", [])
        if for_all:
            return Note(reason=Reason.RULE_FOR_ALL_TRUNKS, detail=", ".join(map(named, for_all)))
        return Note(reason=Reason.NO_RULE, detail=named(trunk))

    def _refusal_of_rule(self, rule: LiveObject) -> Note | None:
        if Tag.parse(rule.tag):
            return Note(reason=Reason.TAGGED, detail=named(rule))
        ids = set(rule.props["trunkIds"])
        if any(map(livekit_numbers.is_number, ids)):
            return Note(reason=Reason.LIVEKIT_NUMBER, detail=named(rule))
        if len(ids & self._trunk_ids) > 1:
            return Note(reason=Reason.RULE_OF_SEVERAL_TRUNKS, detail=named(rule))
        if rule.props["agents"] and not agent_of(rule):
            return Note(reason=Reason.NO_AGENT, detail=named(rule))
        return None

    def group(self, trunk: LiveObject) -> Group:
        """Give the group of an inbound trunk that adoption can take."""
        numbers, rules = tuple(_numbers(trunk)), self._rules[trunk.id]
        found = callers.parted(rules, trunk, numbers) if len(rules) > 1 else None
        rule, some = (found.rule, found.some) if found else (rules[0], ())
        beside = {one.id: one for number in numbers for one in self._outbound.get(number, ())}
        sole = [one for one in beside.values() if self.is_sole(one, numbers)]
        outbound = sole[0] if len(sole) == 1 else None
        left = [one for one in beside.values() if one is not outbound]
        notes = [Note(reason=Reason.CALLS_OUT, detail=", ".join(map(named, left)))] if left else []
        return Group(
            numbers=numbers,
            inbound=trunk,
            rule=rule,
            agent=agent_of(rule),
            callers=some,
            outbound=outbound,
            calling_out=tuple(_numbers(outbound)) if outbound else (),
            notes=tuple(notes),
        )

    def is_sole(self, trunk: LiveObject, numbers: Sequence[str]) -> bool:
        """Whether an outbound trunk is for these numbers alone, and the only one of them with its address."""
        own = _numbers(trunk)
        address = trunk.props["address"]
        alike = {
            one.id
            for number in own
            for one in self._outbound.get(number, ())
            if one.props["address"].casefold() == address.casefold()
        }
        acceptable = all(is_accepted("numbers", phone_number=number, **_CUSTOM) for number in own)
        return bool(own) and acceptable and set(own) <= set(numbers) and len(alike) == 1 and not Tag.parse(trunk.tag)


_CUSTOM: Mapping[str, str] = {"provider": "custom", "sip_address": "sip.example.com", "agent": "a"}


def agent_of(rule: LiveObject) -> str:
    """Give the first agent that a file can name, "" for none."""
    names = (str(each["agentName"]) for each in rule.props["agents"])
    return next((name for name in names if name and is_accepted("agents", agent_name=name)), "")


def _numbers(trunk: LiveObject) -> list[str]:
    return sorted(set(map(canonical, trunk.props["numbers"])))


def _by_number(trunks: Iterable[LiveObject]) -> dict[str, list[LiveObject]]:
    found: dict[str, list[LiveObject]] = {}
    for trunk in trunks:
        for number in _numbers(trunk):
            found.setdefault(number, []).append(trunk)
    return found


def named(one: LiveObject) -> str:
    """Name an object by its id and what people call it."""
    return f"{one.id} {flow(one.called)}" if one.called else one.id
