"""What an edit never changes of a line that stands: its provider and its number. Pure: all facts are passed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from providers.dynamic.choice import Chooser
from providers.dynamic.survey import Survey
from providers.dynamic.verdict import Objection


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """A recorded line that the file has as `name`. `came`: its number, or its last object, has been seen."""

    name: str
    old: Mapping[str, Any]
    wish: Mapping[str, Any]
    came: bool

    @property
    def holds(self) -> str:
        return str(self.old["phoneNumber"])

    @property
    def says(self) -> str:
        return str(self.wish.get("number", ""))

    def is_ported(self, ported_from: str) -> bool:
        """Whether the file says that its number went to another carrier, and not that it has another number."""
        return self.moves and ported_from == self.old["provider"] and self.says == self.holds

    @property
    def moves(self) -> bool:
        return bool(self.wish["provider"] != self.old["provider"])

    def is_renumbered(self, given_up: str) -> bool:
        """Whether the file gives it another number than one that it has, or that may come."""
        may_come = given_up != self.holds and (self.old.get("number") or self.old.get("ordered"))
        return bool(self.says and self.says != self.holds and (self.came or may_come))


def reasons(
    olds: Mapping[str, Any],
    news: Mapping[str, Any],
    settled: Mapping[str, str],
    survey: Survey,
    chooser: Chooser,
) -> tuple[list[Objection], Mapping[str, str]]:
    """Refuse changed providers and changed numbers, each edit once. Gives also the lines concerned: name -> number.

    Nothing is to be chosen for those: whatever else would be said of them follows from the same edit. `settled`: line
    -> number of the lines that a complete update has exported.
    """
    standing = list(_standing(olds, news, settled, survey))
    ported = [line for line in standing if line.is_ported(chooser.ported_from(line.name))]
    moved = [line for line in standing if line.moves and line not in ported]
    awaited = [line for line in ported if chooser.owned(line.wish["provider"], line.holds) is None]
    renumbered = {
        line.name: line for line in standing if not line.moves and line.is_renumbered(chooser.given_up(line.name))
    }
    holders = {line.holds: line.name for line in standing}
    exchanges = list(_exchanges(renumbered, holders))
    exchanging = {line.name for exchange in exchanges for line in exchange}
    alone = [line for name, line in sorted(renumbered.items()) if name not in exchanging]
    found = [
        *map(_moves, moved),
        *map(_is_awaited, awaited),
        *map(_exchange, exchanges),
        *(_changes(line, holders.get(line.says, "")) for line in alone),
    ]
    return found, {line.name: line.holds for line in (*renumbered.values(), *moved, *awaited)}


def _standing(
    olds: Mapping[str, Any], news: Mapping[str, Any], settled: Mapping[str, str], survey: Survey
) -> Iterator[_Standing]:
    now = news["lines"]
    renamed = {wish["renamedFrom"]: name for name, wish in now.items() if wish.get("renamedFrom")}
    for former, old in sorted(olds.get("lines", {}).items()):
        name = former if former in now else renamed.get(former, "")
        if name:
            yield _Standing(name=name, old=old, wish=now[name], came=survey.is_established(former, old, settled))


def _exchanges(renumbered: Mapping[str, _Standing], holders: Mapping[str, str]) -> Iterator[Sequence[_Standing]]:
    """Give the rings of lines of which each is given the number that the next one holds. `holders`: number -> line."""
    seen: set[str] = set()
    for first in sorted(renumbered):
        ring: list[str] = []
        name = first
        while name in renumbered and name not in seen:
            seen.add(name)
            ring.append(name)
            name = holders.get(renumbered[name].says, "")
        if ring and name == first:
            yield [renumbered[each] for each in ring]


def _moves(line: _Standing) -> Objection:
    return Objection(
        f'line "{line.name}" moves from {line.old["provider"]} to {line.wish["provider"]};'
        " a line's provider changes with a port of its number alone. Where it was ported, write"
        f' `ported_from: {line.old["provider"]}` beside `phone_number: "{line.holds}"`; otherwise add a new line, and'
        " mark this one `removal: release` or `keep`",
        line=line.name,
    )


def _is_awaited(line: _Standing) -> Objection:
    before, now = line.old["provider"], line.wish["provider"]
    return Objection(
        f'line "{line.name}" is ported from {before} to {now}, and the {now} account does not have {line.holds} yet.'
        f" Nothing was changed: calls go the way that {before} sends them. Run `pulumi up` again as soon as {now} shows"
        f" the number; for other edits before that, write `provider: {before}` back",
        line=line.name,
    )


def _exchange(lines: Sequence[_Standing]) -> Objection:
    names = [f'line "{line.name}"' for line in lines]
    each = "; ".join(f'"{line.name}" holds {line.holds}, the file says {line.says}' for line in lines)
    return Objection(
        f"{', '.join(names[:-1])} and {names[-1]} exchange their numbers ({each}), and a line keeps its number."
        " Nothing was changed. Write each number back where it was, and swap the agents instead, with whatever else is"
        " to go with a number: `agent`, `label`, `tags`",
        line=lines[0].name,
    )


def _changes(line: _Standing, holder: str) -> Objection:
    if holder:
        way = (
            f' {line.says} is the number of line "{holder}": write {line.holds} back here, and give "{holder}" the'
            " agent that is to answer"
        )
    else:
        way = f" Add a new line for {line.says}, and mark this one `removal: release` or `keep`"
    never = "" if line.came else f'; or, if {line.holds} never came, write `give_up: "{line.holds}"` here'
    return Objection(
        f'line "{line.name}" holds {line.holds}, the file says {line.says}; a line\'s number never changes.'
        f"{way}{never}",
        line=line.name,
    )
