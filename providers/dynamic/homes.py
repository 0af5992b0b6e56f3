"""Where a line's number stands at LiveKit: in the line's own trunk, or in one that its lines share.

`shared:` and a line's trunk may change; the number then moves between trunks of this stack, and the objects keep their
ids as far as there is one for both. LiveKit lets a number without `allowed_callers` stand in one inbound trunk only
(livekit/protocol `sip/sip.go`, 2026-07-28), so the trunk that takes a number takes it off the other in the same moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from providers.dynamic.runtime import Runtime
from providers.dynamic.survey import Survey
from providers.port import Observed
from trunkline.calls import canonical, has_number
from trunkline.model.tag import Tag, with_notes

KIND = "InboundTrunk"
# Where the record and the file's facts of a line say which trunks it shares, shared, or might share.
_TRUNKS = ("sharedTrunk", "trunk", "formerTrunk")
Lines = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """`owner`: whose trunk a number is to stand in. `former`: those of this stack in which it may stand yet."""

    owner: str
    former: frozenset[str]


def owner_of(name: str, wish: Mapping[str, Any]) -> str:
    """Give the owner, as in tags, of the trunk that a line's number is to stand in."""
    return f"trunk.{wish['sharedTrunk']}" if "sharedTrunk" in wish else name


def owners(
    name: str,
    wish: Mapping[str, Any],
    olds: Mapping[str, Any],
    facts: Lines,
    number: str = "",
    survey: Survey | None = None,
) -> frozenset[str]:
    """Give all owners whose trunk a line's number may stand in: the line, and trunks that its lines share or shared.

    With its `number` also the other lines of its trunk that are recorded with another one, or new: of those lines one
    has taken over the trunk that they shared, and may hold the number until the line's own trunk is made. And with
    a `survey` the shared trunks in which a number stands that the record has as the line's: an update that failed
    before the number moved has left no record of where it was.
    """
    names = _names(name, wish)
    trunks = [wish, facts.get(name, {}), *(olds.get("lines", {}).get(former, {}) for former in names)]
    shared = {trunk for each in trunks for key in _TRUNKS if (trunk := each.get(key))}
    trunk, recorded = facts.get(name, {}).get("trunk"), olds.get("lines", {})
    # In a large fleet nearly all numbers stand in their own trunk: then nobody else can hold them.
    # Without a record nobody knows of another number; else each line would look at all the others in a first update.
    alone = not (number and trunk and recorded) or (survey is not None and _stands_at_home(survey, number, names))
    siblings = {
        other
        for other, fact in ({} if alone else facts).items()
        if fact.get("trunk") == trunk and _has_another(other, fact, recorded, number)
    }
    standing = _shared_with(survey, number) if survey and _is_recorded(names, recorded, number) else ()
    return frozenset({*names, *siblings, *standing, *(f"trunk.{trunk}" for trunk in shared)})


def _stands_at_home(survey: Survey, number: str, names: Sequence[str]) -> bool:
    """Whether a number stands in trunks of its line alone."""
    holders = survey.holders(number)
    return bool(holders) and all(survey.owner_of(trunk.tag) in names for trunk in holders)


def _is_recorded(names: Sequence[str], recorded: Lines, number: str) -> bool:
    return any(name in recorded and recorded[name].get("phoneNumber") == number for name in names)


def _shared_with(survey: Survey, number: str) -> Iterator[str]:
    """Give the owners of this stack's shared trunks in which a number stands."""
    tags = (survey.owner_of(trunk.tag) for trunk in survey.holders(number))
    return (owner for owner in tags if owner.startswith("trunk."))


def _has_another(name: str, fact: Mapping[str, Any], recorded: Lines, number: str) -> bool:
    """Whether a line has another number on record, under any of its names, or is new."""
    known = [recorded[each] for each in (name, *fact.get("names", ())) if each in recorded]
    return all(one.get("phoneNumber", number) != number for one in known)


def _names(name: str, wish: Mapping[str, Any]) -> tuple[str, ...]:
    return (name, wish["renamedFrom"]) if wish.get("renamedFrom") else (name,)


def settle(
    olds: Mapping[str, Any], news: Mapping[str, Any], facts: Lines, numbers: Mapping[str, str], survey: Survey
) -> dict[str, Home]:
    """Give number -> where it is to stand, for the lines that take calls. `numbers`: line -> number."""
    homes = {}
    for name, number in numbers.items():
        wish = news["lines"][name]
        if facts.get(name, {}).get("inbound", True):
            owner = owner_of(name, wish)
            former = owners(name, wish, olds, facts, number, survey) - {owner}
            homes[canonical(number)] = Home(owner=owner, former=former)
    return homes


def tell(runtime: Runtime, survey: Survey, news: Mapping[str, Any], facts: Lines) -> frozenset[str]:
    """Say which numbers move, since between two requests no trunk has them.

    Gives the owners of the trunks between which any moves, with those of a trunk that another one becomes.
    """
    exchanging: set[str] = set()
    for number, home in sorted(runtime.homes.items()):
        for trunk in survey.holders(number):
            if (owner := survey.owner_of(trunk.tag)) not in home.former:
                continue
            exchanging |= {owner, home.owner}
            if trunk.id != _heir(survey, home.owner, news, facts):
                gap = (
                    "between two requests"
                    if home.owner.startswith("trunk.")
                    else "until the line's dispatch rule is made, right after"
                )
                runtime.notice(
                    f"{number} moves from LiveKit trunk {trunk.id} to that of {named(home.owner)}. LiveKit lets a"
                    f" number stand in one trunk only, so calls to it are not answered {gap}."
                )
    return frozenset(exchanging)


@contextmanager
def one_by_one(runtime: Runtime, kind: str, desired: Mapping[str, Any]) -> Iterator[None]:
    """Let the trunks between which numbers move be read and written one after the other.

    The engine writes several at once, and an update of a trunk sends all its numbers: one that was read before another
    wrote it would get a number back that has left, or lose one that has just come.
    """
    if kind == KIND and _owner(desired) in runtime.exchanging:
        with runtime.exchange:
            yield
    else:
        yield


def make_way(runtime: Runtime, kind: str, desired: Mapping[str, Any]) -> None:
    """Before a trunk is made: take its numbers off the trunks of this stack that they leave."""
    for number in _coming(runtime, kind, desired):
        _take_off(runtime, number, desired, "")


def gather(runtime: Runtime, kind: str, observed: Observed, desired: Mapping[str, Any]) -> Observed:
    """Before a trunk is updated: the same, and let it have one number after the other, all but the last.

    So each is without a trunk for one request alone. Gives the trunk as it stands then.
    """
    adapter, pending = runtime.adapter(kind), ""
    for number in _coming(runtime, kind, desired):
        if has_number(observed.props["numbers"], number) or not _holders(runtime, number, desired, observed.id):
            continue
        if pending:
            observed = adapter.update(observed, _holding(observed, _with(observed, pending)))
        _take_off(runtime, number, desired, observed.id)
        pending = number
    return observed


def makes_way(runtime: Runtime, kind: str, trunk: Observed, desired: Mapping[str, Any]) -> bool:
    """Whether another trunk of this stack is to give numbers to this one, and so is no obstacle to it."""
    return any(_gives(runtime, trunk, number, desired) for number in _coming(runtime, kind, desired))


def gives_up(runtime: Runtime, survey: Survey, kind: str, trunk: Observed) -> bool:
    """Whether a trunk of this stack lets go every number that it holds for a line; several may call out as one."""
    owner = survey.owner_of(trunk.tag)
    if not owner or kind not in (KIND, "OutboundTrunk"):
        return False
    homes = [runtime.homes[number] for each in trunk.props["numbers"] if (number := canonical(each)) in runtime.homes]
    return kind != KIND or any(owner in home.former for home in homes)


def keeping(runtime: Runtime, kind: str, observed: Observed, desired: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give the desired properties with the numbers that stand here until the trunk that takes them is made.

    Where the Fleet, which says which trunk that is, was left out of the update, every number stays.
    """
    if kind != KIND:
        return desired
    leaving = [number for number in observed.props["numbers"] if not has_number(desired["numbers"], number)]
    mine = _owner(desired)
    staying = [
        number
        for number in leaving
        if runtime.wanted is None
        or (
            (home := runtime.homes.get(canonical(number)))
            and home.owner != mine
            and home.former & {mine, _owner(observed.props)}
        )
    ]
    return {**desired, "numbers": sorted([*desired["numbers"], *staying])} if staying else desired


def _heir(survey: Survey, owner: str, news: Mapping[str, Any], facts: Lines) -> str:
    """Give the id of the trunk that becomes an owner's own, numbers and all, as the plan's aliases say; "" for none."""
    trunks: dict[str, str] = {}
    for one in survey.objects.get(KIND, ()):
        trunks.setdefault(survey.owner_of(one.tag), one.id)
    if owner in trunks:
        return ""
    lines = sorted(news["lines"].items())
    if owner in news["lines"]:
        fact = facts.get(owner, {})
        first = next((name for name, _ in lines if facts.get(name, {}).get("trunk", "") == fact.get("trunk", "")), "")
        former = [*_names(owner, news["lines"][owner])[1:]]
        former += [f"trunk.{name}" for key in _TRUNKS[1:] if first == owner and (name := fact.get(key))]
    else:
        members = [(name, wish) for name, wish in lines if owner_of(name, wish) == owner]
        former = [f"trunk.{name}" for each, _ in members if (name := facts.get(each, {}).get("formerTrunk"))]
        former += [each for name, wish in members for each in _names(name, wish)]
    return next((trunks[name] for name in former if name in trunks), "")


def _coming(runtime: Runtime, kind: str, desired: Mapping[str, Any]) -> list[str]:
    """Give the numbers that are to stand in this trunk, as the Fleet has settled it."""
    if kind != KIND:
        return []
    mine, numbers = _owner(desired), map(canonical, desired["numbers"])
    return [number for number in numbers if (home := runtime.homes.get(number)) and home.owner == mine]


def _gives(runtime: Runtime, trunk: Observed, number: str, desired: Mapping[str, Any]) -> bool:
    """Whether a trunk of this stack has a number that leaves it for the desired one."""
    tag, mine = Tag.parse(trunk.tag), (Tag.parse(desired["tag"]), Tag.parse(desired.get("sharedTag", "")))
    if tag is None or tag.fleet not in {each.fleet for each in mine if each}:
        return False
    return has_number(trunk.props["numbers"], number) and tag.owner in runtime.homes[number].former


def _holders(runtime: Runtime, number: str, desired: Mapping[str, Any], own: str) -> list[Observed]:
    return [one for one in runtime.listing(KIND) if one.id != own and _gives(runtime, one, number, desired)]


def _take_off(runtime: Runtime, number: str, desired: Mapping[str, Any], own: str) -> None:
    """Take a number off the trunk that has it. One without any left would take the calls of all.

    So it gets what is to stand in it, as far as that stands nowhere; and is deleted where nothing is.
    """
    adapter = runtime.adapter(KIND)
    for listed in _holders(runtime, number, desired, own):
        trunk = adapter.get(listed.id)
        if trunk is None or not _gives(runtime, trunk, number, desired):
            continue
        rest = [other for other in trunk.props["numbers"] if canonical(other) != number]
        rest = rest or _entering(runtime, trunk)
        if rest:
            adapter.update(trunk, _holding(trunk, rest))
        else:
            adapter.delete(trunk.id)


def _entering(runtime: Runtime, trunk: Observed) -> list[str]:
    """Give the numbers that are to stand in a trunk and stand in none of this stack's yet."""
    owner = _owner(trunk.props)
    standing = {canonical(number) for one in runtime.listing(KIND) for number in one.props["numbers"]}
    return sorted(number for number, home in runtime.homes.items() if home.owner == owner and number not in standing)


def _holding(trunk: Observed, numbers: Sequence[str]) -> Mapping[str, Any]:
    """Give a trunk's properties with other numbers, and the notes behind its tag but those about a number that left."""
    kept = [note for note in trunk.notes if "=" not in note or has_number(numbers, note.partition("=")[2])]
    return {**trunk.props, "numbers": list(numbers), "tag": with_notes(trunk.tag, kept) if kept else trunk.tag}


def _with(observed: Observed, number: str) -> list[str]:
    return sorted([*observed.props["numbers"], number])


def _owner(props: Mapping[str, Any]) -> str:
    tag = Tag.parse(props["tag"])
    return tag.owner if tag else ""


def named(owner: str) -> str:
    kind, _, trunk = owner.partition(".")
    return f'trunk "{trunk}"' if kind == "trunk" and trunk else f'line "{owner}"'
