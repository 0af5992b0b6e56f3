"""Where the time of a command goes: computing time of each process of a fleet's stack and of its floor, in turns.

`python -m bench.shares` prints the table of docs/performance.md. Computing time is user and system together, as Linux
counts it for each process; on a machine that does other work too it says more than the clock does.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import engine
from bench.spent import keep_bytecode
from tests.support import processes

PARTS = ("engine", "language host", "program", "provider", "vendors")
COMMAND = "trunkline"  # of ours, which starts the engine
_TICKS = os.sysconf("SC_CLK_TCK")
_OFTEN = 0.1  # seconds between two looks: a process that ends has taken at most so much more than was seen
Taken = dict[str, float]


@contextmanager
def watched() -> Iterator[Taken]:
    """Give the seconds that each part computes while the block runs; the whole is "wall", by the clock."""
    taken: Taken = {}
    seen: dict[int, tuple[str, float]] = {}
    ended, looking = threading.Event(), [0.0]

    def look() -> None:
        before = time.thread_time()
        while not ended.wait(_OFTEN):
            for process in processes.marked():
                if (found := _of(process)) is not None:
                    seen[process] = found
        looking[0] = time.thread_time() - before

    watcher = threading.Thread(target=look)
    here, started = time.process_time(), time.perf_counter()
    watcher.start()
    try:
        yield taken
    finally:
        ended.set()
        watcher.join()
        taken |= {"wall": time.perf_counter() - started, "vendors": time.process_time() - here - looking[0]}
        for name, seconds in seen.values():
            taken[name] = taken.get(name, 0.0) + seconds


def _of(process: int) -> tuple[str, float] | None:
    """Give which part a process is and what it has computed; None where it has ended."""
    try:
        words = Path(f"/proc/{process}/cmdline").read_text().split("\0")
        counted = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return part(words), (int(counted[11]) + int(counted[12])) / _TICKS


def part(words: Sequence[str]) -> str:
    """Give which part of a run a process is, by the words of its command."""
    names = {Path(word).name for word in words}
    if names & {*engine.PROVIDERS, "pulumi_dynamic_provider"} or "pulumi-resource-pulumi-python" in names:
        return "provider"
    if names & {"language_host.py", "pulumi-language-python"}:
        return "language host"
    if names & {"program.py", "pulumi-language-python-exec"}:
        return "program"
    return COMMAND if "trunkline" in names else "engine"


def shares(lines: int, rounds: int, folder: Path) -> dict[str, list[Taken]]:
    """Give, by command, what each part computes in each round: ours and the floor in turns."""
    found: dict[str, list[Taken]] = {}

    def take(name: str, command: Callable[[], Any]) -> None:
        with watched() as taken:
            command()
        found.setdefault(name, []).append(taken)

    with engine.pair(folder, lines) as pair:
        for _ in range(rounds):
            take("preview, ours", pair.ours.preview)
            take("preview, floor", pair.floor.preview)
        for turn in range(rounds):
            pair.edit(turn)
            take("remap, ours", pair.ours.up)
            take("remap, floor", pair.floor.up)
    return found


def table(found: Mapping[str, Sequence[Taken]]) -> str:
    """Give the medians as a table in Markdown, a row a command."""
    columns = (*PARTS, "computed", "wall")
    lines = [f"| seconds | {' | '.join(columns)} |", f"|{'---|' * (len(columns) + 1)}"]
    for name, rounds in found.items():
        every = [each | {"computed": sum(each.get(part, 0.0) for part in PARTS)} for each in rounds]
        medians = (statistics.median(each.get(column, 0.0) for each in every) for column in columns)
        lines.append(f"| {name} | {' | '.join(f'{value:.1f}' for value in medians)} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="bench.shares", description="Say which process computes how long.")
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    keep_bytecode()
    with tempfile.TemporaryDirectory(prefix="trunkline-bench-") as folder:
        print(table(shares(options.lines, options.rounds, Path(folder))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
