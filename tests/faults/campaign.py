"""Many seeds in several processes, and the figures of all of them: `python -m tests.faults.campaign --seeds 2000`."""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from tests.faults.figures import Met, table, too_rare
from tests.faults.oracle import Violation
from tests.faults.shrink import explain
from tests.faults.simulation import Simulation

CHUNK = 25
PROGRESS = 500  # seeds


@dataclass(frozen=True, slots=True)
class Report:
    """`failed`: the seeds that broke a rule, with what they broke, in order."""

    seeds: int
    failed: tuple[tuple[int, str], ...]
    figures: Counter[str]
    met: Met

    def __str__(self) -> str:
        faults = sum(count for name, count in self.figures.items() if name not in _COUNTED)
        kills = sum(count for name, count in self.figures.items() if name.startswith("kill"))
        counted = ", ".join(f"{self.figures[name]} {name}" for name in _COUNTED)
        orphans = sum(words.startswith("orphan") for _, words in self.failed)
        return (
            f"simulation: {self.seeds} seeds, {counted}, {faults} faults of which {kills} kills, {orphans} orphans;"
            f" {len(self.failed)} violations"
        )


_COUNTED = ("runs", "requests", "purchases", "releases", "refusals", "moves", "rotations")


def campaign(
    first: int,
    seeds: int,
    *,
    processes: int,
    stop_at_first: bool = False,
    tell: Callable[[int], None] = lambda done: None,
) -> Report:
    """Run the seeds from `first` on; `tell` hears how many are done. With `stop_at_first` some may be left out."""
    chunks = [range(start, min(start + CHUNK, first + seeds)) for start in range(first, first + seeds, CHUNK)]
    figures: Counter[str] = Counter()
    met: Met = Counter()
    failed: list[tuple[int, str]] = []
    # Not by fork: whoever calls this may have threads.
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, spawning, _begin) as pool:
        for chunk, (counted, encountered, broken) in zip(chunks, pool.map(_chunk, chunks), strict=True):
            figures += counted
            met += encountered
            failed += broken
            tell(chunk.stop - first)
            if stop_at_first and broken:
                pool.shutdown(cancel_futures=True)
                break
    return Report(seeds, tuple(failed), figures, met)


def _begin() -> None:
    """Be a process of the pool: a warning is an error, and what was imported is no garbage."""
    warnings.simplefilter("error")
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _chunk(seeds: Iterable[int]) -> tuple[Counter[str], Met, list[tuple[int, str]]]:
    figures: Counter[str] = Counter()
    met: Met = Counter()
    failed: list[tuple[int, str]] = []
    for seed in seeds:
        simulation = Simulation(seed)
        try:
            simulation.run()
            figures += simulation.figures
            met += simulation.met
        except Violation as violation:
            failed.append((seed, str(violation)))
        except Exception as error:  # a mutant may break anything
            failed.append((seed, f"{type(error).__name__}: {error}"))
    return figures, met, failed


def main(arguments: Sequence[str] | None = None) -> int:
    """Give 0 where every seed held and met enough, else 1; print the shortest walks of the first that did not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=2000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--stop", action="store_true", help="stop at the first seed that fails, and fail by it alone")
    parser.add_argument("--explain", type=int, default=3, help="how many failures to shrink and print")
    options = parser.parse_args(arguments)

    def tell(done: int) -> None:
        if done % PROGRESS == 0:
            print(f"{done} of {options.seeds} seeds", flush=True)

    report = campaign(
        options.first,
        options.seeds,
        processes=options.processes,
        stop_at_first=options.stop,
        tell=tell,
    )
    for seed, words in report.failed:
        print(f"seed {seed}: {words}")
    for seed, _ in report.failed[: options.explain]:
        print(explain(seed) or f"seed {seed} holds when it is alone")
    print(table(report.met))
    rare = too_rare(report.met, options.seeds)
    for words in rare:
        print(f"too rare: {words}")
    print(report)
    return 1 if report.failed or (rare and not options.stop) else 0


if __name__ == "__main__":
    sys.exit(main())
