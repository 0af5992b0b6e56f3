"""Whether a foreign trunk or rule at LiveKit changes what becomes of a call to one of our lines. Pure.

Nothing is said here about which of two rules wins: calls are put to the call model with and without the foreign
object, and what ends otherwise with it is its doing. Callers and addresses that every trunk and rule treats alike stand
for each other, so that a few calls tell of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from itertools import product
from typing import TypeVar

from trunkline.calls import Call, Match, Outcome, Rule, Trunk, admits, canonical, clashing, fits, match

T = TypeVar("T")
ANYBODY = "anybody else"
# Addresses of the documentation's networks (RFC 5737); the first that no trunk names stands for all others.
_ELSEWHERE = ("192.0.2.1", "198.51.100.1", "203.0.113.1")


class How(StrEnum):
    """What a foreign object does to a call, the worst first."""

    BLOCKS = "blocks"
    TAKES = "takes"
    ASKS = "asks"
    ADMITS = "admits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One such doing: `met` is what becomes of the call with the foreign object.

    `callers` and `addresses` are whose calls end so, () for everybody's.
    """

    how: How
    met: Match
    callers: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the calls to one number arrive: our trunk and rule (None where they are to meet none), and foreign ones.

    `beside` are our rules for some callers alone.
    `spellings` are those in which its carrier may name the number. `trunkless` is that of the call model.
    """

    spellings: tuple[str, ...]
    trunk: Trunk | None
    rule: Rule | None
    beside: tuple[Rule, ...] = ()
    trunks: tuple[Trunk, ...] = ()
    rules: tuple[Rule, ...] = ()
    trunkless: bool = False

    @property
    def ours(self) -> tuple[Rule, ...]:
        return (*((self.rule,) if self.rule else ()), *self.beside)

    def alone(self, call: Call) -> Match:
        return self._met(call, (), ())

    def among_all(self, call: Call) -> Match:
        return self._met(call, self.trunks, self.rules)

    def with_trunk(self, call: Call, trunk: Trunk, behind: Sequence[Rule]) -> Match:
        """`behind`: the rules at the foreign trunk, of which one answers what the trunk takes."""
        return self._met(call, (trunk,), behind)

    def with_rule(self, call: Call, rule: Rule) -> Match:
        return self._met(call, (), (rule,))

    def _met(self, call: Call, trunks: Sequence[Trunk], rules: Sequence[Rule]) -> Match:
        ours = (self.trunk,) if self.trunk else ()
        seen = sorted((*self.ours, *rules), key=lambda rule: rule.id)
        return match(call, (*ours, *trunks), seen, trunkless=self.trunkless)


def effects(place: Place) -> dict[str, tuple[Effect, ...]]:
    """Give foreign id -> what it does to calls, without those that do nothing."""
    if not (place.trunks or place.rules):
        return {}
    found: dict[str, dict[How, _Gathered]] = {}
    seen = _Seen(
        clashes=_clashes(place),
        behind={
            one.id: [rule for rule in place.rules if one.id in (rule.trunk_ids or (one.id,))] for one in place.trunks
        },
    )
    for called, callers, sources, pin in product(place.spellings, _callers(place), _sources(place), _pins(place)):
        call = Call(called=called, caller=callers[0], source=sources[0].address, host=sources[0].host, pin=pin)
        for id, how, met in _done(place, call, seen):
            gathered = found.setdefault(id, {}).setdefault(how, _Gathered(met))
            gathered.callers.update(callers)
            gathered.addresses.update(source.entry for source in sources)
    return {id: tuple(hows[how].effect(how) for how in How if how in hows) for id, hows in sorted(found.items())}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What is true of every call to a place.

    `clashes`: the rules that cannot stand beside ours or each other. `behind`: foreign trunk -> the rules at it.
    """

    clashes: AbstractSet[str]
    behind: Mapping[str, Sequence[Rule]]


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a call comes from; `entry` is how a trunk names it, "" for what no trunk names."""

    address: str
    host: str = ""
    entry: str = ""


@dataclass(slots=True)
class _Gathered:
    """The calls that end in one way by one object's doing."""

    met: Match
    callers: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)

    def effect(self, how: How) -> Effect:
        return Effect(
            how=how,
            met=self.met,
            callers=() if ANYBODY in self.callers else tuple(sorted(self.callers)),
            addresses=() if "" in self.addresses else tuple(sorted(self.addresses)),
        )


def _clashes(place: Place) -> frozenset[str]:
    """Give the rules that cannot stand beside ours or beside each other, whoever calls."""
    at = place.trunk.id if place.trunk else None
    ours = place.ours
    seen = [rule for rule in place.rules if place.trunk is None or not rule.trunk_ids or at in rule.trunk_ids]
    return frozenset((*(rule.id for rule in seen if clashing((*ours, rule), at)), *clashing((*ours, *seen), at)))


def _done(place: Place, call: Call, seen: _Seen) -> Iterator[tuple[str, How, Match]]:
    """Give what each foreign object does to one call, alone and where it takes two of them to do it."""
    alone, told = place.alone(call), set()
    for trunk in place.trunks:
        met = place.with_trunk(call, trunk, seen.behind[trunk.id])
        if (how := _how(alone, met)) and trunk.id in _doers(met):
            told.add(trunk.id)
            yield trunk.id, how, met
    for rule in place.rules:
        if rule.id not in seen.clashes and not fits(call, rule):
            continue
        met = place.with_rule(call, rule)
        if (how := _how(alone, met)) and rule.id in _doers(met):
            told.add(rule.id)
            yield rule.id, how, met
    if len(place.trunks) < 2 and not seen.clashes:
        return
    met = place.among_all(call)
    foreign = {trunk.id for trunk in place.trunks} | {rule.id for rule in place.rules}
    for id in sorted(_doers(met) & foreign - told):
        if (how := _how(alone, met)) == How.BLOCKS:
            yield id, how, met


def _how(alone: Match, met: Match) -> How | None:
    if met.reached and not alone.reached:
        return How.ADMITS
    if alone.reached and not met.reached:
        return How.BLOCKS
    if not met.reached or (alone.trunk, alone.rule) == (met.trunk, met.rule):
        return None
    return How.ASKS if met.outcome == Outcome.ASKS_PIN else How.TAKES


def _doers(met: Match) -> set[str]:
    """Give the ids by which a call ends as it does."""
    return {*met.rivals, *((met.trunk.id,) if met.trunk else ()), *((met.rule.id,) if met.rule else ())}


def _pins(place: Place) -> tuple[str, ...]:
    """Give what callers may enter: nothing, or a foreign rule's PIN where ours asks for one."""
    asked = any(rule.pin for rule in place.ours)
    return ("", *sorted({rule.pin for rule in place.rules if rule.pin and asked}))


def _callers(place: Place) -> list[tuple[str, ...]]:
    """Sort the callers that anything names, and one for all others, into groups that everything treats alike."""
    lists = [set(map(canonical, trunk.allowed_numbers)) for trunk in _all_trunks(place) if trunk.allowed_numbers]
    exact = [set(rule.callers) for rule in _all_rules(place) if rule.callers]
    named = sorted(
        {caller for names in (*exact, *(trunk.allowed_numbers for trunk in _all_trunks(place))) for caller in names}
    )

    def treated(caller: str) -> tuple[bool, ...]:
        return (*(canonical(caller) in one for one in lists), *(caller in one for one in exact))

    return _alike((ANYBODY, *named), treated)


def _sources(place: Place) -> list[tuple[_Source, ...]]:
    """The same of sources: both ends of each network that a trunk names, each host, and an address elsewhere."""
    trunks = [trunk.allowed_addresses for trunk in _all_trunks(place) if trunk.allowed_addresses]
    entries = sorted({entry for addresses in trunks for entry in addresses})
    networks = {entry: network for entry in entries if (network := _network(entry)) is not None}
    free = (one for one in _ELSEWHERE if not any(ip_address(one) in network for network in networks.values()))
    elsewhere = next(free, _ELSEWHERE[0])
    ends = (_Source(str(end), entry=entry) for entry, network in networks.items() for end in (network[0], network[-1]))
    hosts = (_Source(elsewhere, host=entry, entry=entry) for entry in entries if entry not in networks)

    def treated(source: _Source) -> tuple[bool, ...]:
        call = Call(called="", source=source.address, host=source.host)
        return tuple(admits(call, addresses) for addresses in trunks)

    return _alike((_Source(elsewhere), *ends, *hosts), treated)


def _alike(items: Iterable[T], treated: Callable[[T], tuple[bool, ...]]) -> list[tuple[T, ...]]:
    """Put together what is treated alike, in the order of the first of each."""
    groups: dict[tuple[bool, ...], list[T]] = {}
    for item in items:
        groups.setdefault(treated(item), []).append(item)
    return [tuple(group) for group in groups.values()]


def _network(entry: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(entry, strict=False)
    except ValueError:
        return None


def _all_trunks(place: Place) -> tuple[Trunk, ...]:
    return (*((place.trunk,) if place.trunk else ()), *place.trunks)


def _all_rules(place: Place) -> tuple[Rule, ...]:
    return (*place.ours, *place.rules)
