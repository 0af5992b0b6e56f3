"""`make bench`: every figure of docs/performance.md beside its baseline, as one table and one file of results."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from backports import zstd

from bench import calls, engine, fleet, start, storm
from bench.figure import Figure, ratio, table
from tests.engine.project import Project

RESULTS = Path(__file__).parent / "results"
LATENCY = 0.2  # seconds that the sandbox takes for each answer, where that is what is measured


def figures(options: argparse.Namespace, folder: Path) -> Iterator[Figure]:
    """Measure one after the other; each is given as soon as it is known."""
    yield from _starts(options, folder)
    weathered = storm.weather(60.0)
    yield Figure("429 storm: share of the allowed rate left unused", 1 - weathered.used, 0.1)
    yield Figure("429 storm: share of requests refused", weathered.refused, 0.05)
    yield Figure("429 storm: calls that failed", float(weathered.failed), 0.0)
    yield from _calls(options.counted, folder)
    yield from _stack(options.lines, options.rounds, folder, options.against)
    if options.large:
        yield from _stack(options.large, 1, folder, options.against)


def _starts(options: argparse.Namespace, folder: Path) -> Iterator[Figure]:
    helps, bare = start.helps(options.rounds * 3)
    yield ratio("trunkline --help, over a bare Python", helps, ("bare", bare), 5.0)
    validations, models = start.validations(options.rounds * 3, folder)
    yield ratio("trunkline validate of 100 lines, over importing its models", validations, ("imports", models), 1.3)
    loads, plain = start.loads(options.rounds, 20_000)
    yield ratio("load and check 20,000 lines, over PyYAML's C loader", loads, ("PyYAML", plain), 1.5)


def _calls(lines: int, folder: Path) -> Iterator[Figure]:
    counted = calls.unchanged(lines, folder)
    for what, most in calls.allowed(lines).items():
        yield Figure(f"no-change preview of {lines:,} lines: {what}s", float(counted.pop(what, 0)), float(most))
    yield Figure(f"no-change preview of {lines:,} lines: other requests", float(sum(counted.values())), 0.0)
    new = lines // 10
    asked = f"first preview of {new:,} new lines by number: requests"
    yield Figure(asked, float(calls.first(new)), float(calls.allowed_first(new)))


def _stack(lines: int, rounds: int, folder: Path, against: Path | None) -> Iterator[Figure]:
    place = folder / f"{lines}"
    place.mkdir()
    with engine.pair(place, lines) as pair:
        first = ratio(f"first up of {lines} lines, over the floor", pair.first[:1], ("floor", pair.first[1:]), 1.3)
        yield first
        previews = [pair.previews() for _ in range(rounds)]
        yield _over_floor(f"no-change preview of {lines} lines, over the floor", previews, 1.15)
        remaps = [pair.remaps(turn) for turn in range(rounds)]
        yield _over_floor(f"up of one remapped agent among {lines} lines, over the floor", remaps, 1.2)
        if against:
            with engine.former(place / "former", lines, against) as former:
                # Ours has taken so many turns already; each turn takes the line to its other agent.
                walls = [
                    (_remap(pair.ours, lines, rounds + turn), _remap(former, lines, turn)) for turn in range(rounds)
                ]
            ours, theirs = zip(*walls, strict=True)
            yield ratio(f"the same of {lines} lines, over {against}", ours, ("former", theirs), 0.7)
        state, resources = pair.state
        yield Figure(f"state of {lines} lines, KB a resource", len(state) / resources / 1000, 1.5)
        yield Figure("the same with zstd, KB a resource", len(zstd.compress(state)) / resources / 1000, 0.5)
        yield Figure(f"lines printed by a preview of one remap among {lines}", float(pair.printed()), 100.0)
        yield Figure(f"memory of the provider process, {lines} lines, MB", pair.memory(), 250.0)


def _remap(project: Project, lines: int, turn: int) -> float:
    project.write_inventory(fleet.of(lines, moved=not turn % 2))
    return engine.timed(project.up)


def _over_floor(name: str, pairs: Sequence[tuple[float, float]], goal: float) -> Figure:
    ours, floor = zip(*pairs, strict=True)
    return ratio(name, ours, ("floor", floor), goal)


def main(arguments: Sequence[str] | None = None) -> int:
    """Give 0 where every figure is reached, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure Trunkline beside what nobody can go below.")
    parser.add_argument("--rounds", type=int, default=3, help="turns that each pair takes; their medians are compared")
    parser.add_argument("--lines", type=int, default=200, help="of the fleet whose pairs take turns")
    parser.add_argument("--large", type=int, default=1000, help="of the fleet that is measured once; 0 for none")
    parser.add_argument("--counted", type=int, default=10_000, help="of the fleet whose requests are counted")
    parser.add_argument("--against", type=Path, help="another checkout, whose updates take turns with ours")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    found: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="trunkline-bench-") as folder:
        for figure in figures(options, Path(folder)):
            print(f"{time.monotonic() - started:6.0f} s  {table([figure])}", flush=True)
            found.append(figure)
    print(f"\n{table(found)}")
    _keep(found, options, time.monotonic() - started)
    return int(not all(each.reached for each in found))


def _keep(found: Sequence[Figure], options: argparse.Namespace, seconds: float) -> None:
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{time.strftime('%Y-%m-%d')}.json"
    of = {"python": platform.python_version(), "cores": os.cpu_count(), "load": statistics.fmean(os.getloadavg())}
    told = {
        "of": of,
        "options": {
            name: value if isinstance(value, int) else str(value or "") for name, value in vars(options).items()
        },
        "seconds": round(seconds),
        "figures": [each.as_json() for each in found],
    }
    path.write_text(json.dumps(told, indent=1) + "\n")
    print(f"written to {path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path}")


if __name__ == "__main__":
    sys.exit(main())
