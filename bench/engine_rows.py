"""The rows of the table that are measured on the real engine, each beside its floor or what it cannot do without."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from backports import zstd

from bench import engine, fleet, shares
from bench import state as states
from bench.figure import Figure, ratio
from bench.spent import Spent, spent, typical
from providers.dynamic.workers import WORKERS
from tests.engine.project import STACK

LATENCY = 0.2  # seconds that the sandbox takes for each answer, where waiting is what is measured
AT_ONCE = 32  # requests that the wire limit lets be under way
STATE = 1.5  # KB a resource
TURNS = 3  # of what takes seconds
ROWS = ("first up", "preview", "plan", "audit", "remap", "state", "dump")
OF = ("--stack", STACK, "--cwd", ".")


Side = tuple[Spent, shares.Taken]


class Turn(NamedTuple):
    """What a command and that beside it took, the floor's mostly, and what each of their processes computed."""

    ours: Side
    other: Side


@dataclass(frozen=True, slots=True)
class Size:
    """So many lines, whose pairs take so many turns; `against`: another checkout, whose updates take turns too.

    `only`: of `ROWS` those that are measured, all where it is empty. `latency`: of the vendors' answers in the first
    `up`, which is a row where there is one.
    """

    lines: int
    rounds: int
    folder: Path
    against: Path | None = None
    only: Collection[str] = ()
    latency: float = LATENCY

    def wants(self, row: str) -> bool:
        return not self.only or row in self.only


def stack(size: Size) -> Iterator[Figure]:
    """Make a stack and its floor, and measure each command."""
    with engine.pair(size.folder, size.lines, size.latency) as pair:
        if size.latency and size.wants("first up"):
            yield _first(pair)
        if size.wants("preview"):
            yield from _previews(pair, size.rounds)
        if size.wants("plan"):
            yield from plan(pair, size.rounds)
        if size.wants("audit"):
            yield _over_listings(pair, "audit --live", ("audit", *OF, "--live"))
        if size.wants("remap"):
            yield from _remaps(pair, size)
        if size.wants("state"):
            yield from _state(pair)
        if size.wants("dump"):
            pair.untag()
            yield _over_listings(pair, "dump", ("dump", "-o", "dumped-{}.yaml"))


def growth(least: int, folder: Path) -> Iterator[Figure]:
    """Give how much longer a first `up` of twice as many lines takes, from `least` lines on."""
    sizes = (least, 2 * least, 4 * least)
    taken: list[Side] = []
    for lines in sizes:
        with engine.alone(folder / f"{lines}", fleet.of(lines)) as (project, _, _):
            taken.append(_side(project.up))
    for smaller, larger, one, two in zip(sizes, sizes[1:], taken, taken[1:], strict=False):
        limit = f"{_profile([Turn(two, one)], f'of {larger} and of {smaller} lines')}; what doubles is linear"
        yield ratio(f"first up of {larger} lines, over {smaller}", [two[0]], (f"{smaller} lines", [one[0]]), 2.1, limit)


def _first(pair: engine.Pair) -> Figure:
    ours, floor = pair.first
    wire = pair.asked * LATENCY / AT_ONCE
    least = max(floor.clock, wire)
    parts = (
        ("ours", ours.clock),
        ("floor", floor.clock),
        ("wire", wire),
        ("requests", float(pair.asked)),
        ("ours computed", ours.computed),
        ("floor computed", floor.computed),
    )
    limit = (
        f"{ours.computed - floor.computed:.3g} s more are computed than the floor's {floor.computed:.3g} s, and"
        f" {pair.asked} requests take {pair.asked * LATENCY / WORKERS:.3g} s of a process's {WORKERS} at a time"
    )
    at = f"at {LATENCY * 1000:.0f} ms an answer, over the floor or the wire, by the clock"
    return Figure(f"first up of {pair.lines:,} lines {at}", ours.clock / least, 1.3, parts, limit)


def _previews(pair: engine.Pair, rounds: int) -> Iterator[Figure]:
    turns: list[Turn] = []
    memory = engine.most_memory(
        lambda: turns.extend(_turn(pair.ours.preview, pair.floor.preview) for _ in range(rounds))
    )
    yield _over_floor(f"no-change preview of {pair.lines:,} lines, over the floor", turns, 1.15)
    name, most = f"memory of the provider process, {pair.lines:,} lines, MB", 250.0
    limit = (
        f"what it imports and connects takes {engine.least_memory(pair):.3g} MB before a call" if memory > most else ""
    )
    yield Figure(name, memory, most, limit=limit)


def plan(pair: engine.Pair, rounds: int) -> Iterator[Figure]:
    """Give what a preview of one edit prints, and what `trunkline plan` of it takes beside that preview, in turns."""
    pair.edit(0)
    printed, _ = pair.printed()
    name, most = f"lines printed by a preview of one remap among {pair.lines:,}", 100.0
    limit = f"the floor's preview of the same edit prints {pair.printed_by_floor()}" if printed > most else ""
    yield Figure(name, float(printed), most, limit=limit)
    turns = [_turn(lambda: pair.trunkline("plan", *OF), pair.printed) for _ in range(rounds)]
    ours, shown = ([turn[side][0] for turn in turns] for side in (0, 1))
    limit = _profile(turns, "the plan's and the preview's")
    yield ratio(f"trunkline plan of {pair.lines:,} lines, over the preview", ours, ("preview", shown), 1.1, limit)


def _remaps(pair: engine.Pair, size: Size) -> Iterator[Figure]:
    turns, formers = list[Turn](), list[Side]()
    there = engine.former(size.folder / "former", pair.lines, size.against) if size.against else nullcontext()
    with there as former:
        for turn in range(size.rounds):
            pair.edit(turn)
            turns.append(_turn(pair.ours.up, pair.floor.up))
            if former:
                former.write_inventory(fleet.of(pair.lines, moved=not turn % 2))
                formers.append(_side(former.up))
    yield _over_floor(f"up of one remapped agent among {pair.lines:,} lines, over the floor", turns, 1.2)
    if size.against:
        yield _over_former(pair.lines, [turn.ours for turn in turns], formers, size.against.name)


def _over_listings(pair: engine.Pair, name: str, words: Sequence[str]) -> Figure:
    """Measure a command beside a process that asks for the same listings and does nothing with them, in turns."""
    asked, listed, taken = [0, 0], list[Spent](), list[Spent]()
    pair.sandbox.latency = LATENCY
    for turn in range(TURNS):
        mark = pair.sandbox.journal.mark()
        listed.append(pair.listings())
        middle = pair.sandbox.journal.mark()
        taken.append(pair.trunkline(*(word.format(turn) for word in words)))
        asked = [len(pair.sandbox.journal.entries(since)) for since in (mark, middle)]
    pair.sandbox.latency = 0.0
    limit = (
        f"it sends {asked[1]} requests, the listings are {asked[0] - asked[1]}, and computes"
        f" {typical(taken).computed:.3g} s where the listings' process computes {typical(listed).computed:.3g} s"
    )
    at = f"of {pair.lines:,} lines at {LATENCY * 1000:.0f} ms an answer, over the listings, by the clock"
    return ratio(f"trunkline {name} {at}", taken, ("listings", listed), 1.1, limit, by_clock=True)


def _over_former(lines: int, ours: Sequence[Side], formers: Sequence[Side], name: str) -> Figure:
    turns = [*map(Turn, ours, formers)]
    limit = f"{_profile(turns, 'ours and the former')}; the floor is above"
    sides = ([side[0] for side in each] for each in (ours, formers))
    what = f"the same of {lines:,} lines, over {name}, by the clock"
    return ratio(what, next(sides), ("former", next(sides)), 0.7, limit, by_clock=True)


def _state(pair: engine.Pair) -> Iterator[Figure]:
    state, resources = pair.state
    found, _ = states.parts(state)
    engine_s = sum(found[row] for row in (states.ENGINE, states.EMPTY, states.EMPTY_OFF, states.PROVIDER)) / resources
    least = (len(state) - found[states.OURS] - found[states.DEFAULT] - found[states.EMPTY_OFF]) / resources
    limit = (
        f"the floor's is {pair.state_of_floor / 1000:.3g} KB, and {engine_s:,.0f} B of each of ours are the engine's"
        f" and the SDK's own; without what is off or a default, which would"
        f" show in the next preview of every stack, it is {least / 1000:.3g} KB"
    )
    size = len(state) / resources / 1000
    yield Figure(f"state of {pair.lines:,} lines, KB a resource", size, STATE, limit=limit)
    packed = len(zstd.compress(state)) / resources / 1000
    best = len(zstd.compress(state, 19)) / resources / 1000
    limit = f"at level 19 it is {best:.3g} KB; the backend chooses the level, and what each has alone stays as it is"
    yield Figure(f"state of {pair.lines:,} lines with zstd, KB a resource", packed, 0.5, limit=limit)


def _turn(ours: Callable[[], Any], floor: Callable[[], Any]) -> Turn:
    return Turn(_side(ours), _side(floor))


def _side(command: Callable[[], Any]) -> Side:
    with shares.watched() as parts:
        taken = spent(command)
    return taken, parts


def _over_floor(name: str, turns: Sequence[Turn], goal: float) -> Figure:
    """Compare what each computed; where it is too much, say which process takes it."""
    ours, floor = ([turn[side][0] for turn in turns] for side in (0, 1))
    return ratio(name, ours, ("floor", floor), goal, _profile(turns, "ours and the floor's"))


def _profile(turns: Sequence[Turn], sides: str) -> str:
    """Say what each process of both sides computes, by the medians of the turns."""
    parts = (
        f"{part} {' and '.join(f'{median(turn[side][1].get(part, 0.0) for turn in turns):.3g}' for side in (0, 1))} s"
        for part in (shares.COMMAND, *shares.PARTS[:-1])
        if any(part in taken for turn in turns for _, taken in turn)
    )
    return f"of what is computed, {sides}: {', '.join(parts)}"
