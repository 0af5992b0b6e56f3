"""`make bench`: every figure of docs/performance.md beside its baseline, as one table and one file of results."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench import engine_rows, rows
from bench.engine_rows import Size
from bench.figure import Figure, table
from bench.spent import keep_bytecode

RESULTS = Path(__file__).parent / "results"
WITHOUT_STACK = ("start", "storm", "requests", "growth")
BUSY = 0.5  # of the cores: with more at work before we begin, times by the clock tell of others


def figures(options: argparse.Namespace, folder: Path) -> Iterator[Figure]:
    """Measure one after the other; each is given as soon as it is known."""
    only = frozenset(options.only)

    def wants(row: str) -> bool:
        return not only or row in only

    if wants("start"):
        yield from rows.starts(options.rounds, folder)
    counted = rows.requests(options.counted, folder) if wants("requests") else iter(())
    yield from rows.weather(options.storm, counted) if wants("storm") else counted
    if wants("growth"):
        yield from engine_rows.growth(options.grown, folder / "grown")
    of_stack = only.intersection(engine_rows.ROWS)
    if only and not of_stack:
        return
    yield from engine_rows.stack(Size(options.lines, options.rounds, folder / "pairs", options.against, of_stack))
    if options.large:
        # Its first `up` is no row: at 200 ms an answer it would wait for a minute more than without.
        yield from engine_rows.stack(Size(options.large, 1, folder / "large", only=of_stack, latency=0.0))


def main(arguments: Sequence[str] | None = None) -> int:
    """Give 0 where every figure is reached, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure Trunkline beside what nobody can go below.")
    parser.add_argument("--rounds", type=int, default=3, help="turns that each pair takes; their medians are compared")
    parser.add_argument("--lines", type=int, default=200, help="of the fleet whose pairs take turns")
    parser.add_argument("--large", type=int, default=1000, help="of the fleet that is measured once; 0 for none")
    parser.add_argument(
        "--grown", type=int, default=100, help="of the first `up` before those of twice and four times as many"
    )
    parser.add_argument("--counted", type=int, default=10_000, help="of the fleet whose requests are counted")
    parser.add_argument("--storm", type=float, default=60.0, help="seconds of 429s")
    parser.add_argument("--against", type=Path, help="another checkout, whose updates take turns with ours")
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="ROW",
        choices=(*WITHOUT_STACK, *engine_rows.ROWS),
        help="rows that are measured alone, and not kept as a result; may be repeated: %(choices)s",
    )
    options = parser.parse_args(arguments)
    keep_bytecode()
    started = time.monotonic()
    of = {"python": platform.python_version(), "cores": os.cpu_count(), "load": os.getloadavg()[0]}
    if os.getloadavg()[0] > BUSY * (os.cpu_count() or 1):
        of["note"] = "Others used the machine meanwhile: what is computed can be compared, times by the clock hardly."
    found: list[Figure] = []
    at: list[float] = []
    kept = ""
    with tempfile.TemporaryDirectory(prefix="trunkline-bench-") as folder:
        for figure in figures(options, Path(folder)):
            found.append(figure)
            at.append(time.monotonic() - started)
            print(f"{at[-1]:6.0f} s  {table([figure]).splitlines()[0]}", flush=True)
            # Each time: a run that is cut off leaves what it has found.
            kept = "" if options.only else f"written to {_keep(found, at, of, options)}"
    print(f"\n{table(found)}\n", *filter(None, [kept, of.get("note")]), sep="\n")
    return int(not all(each.reached for each in found))


def _keep(found: Sequence[Figure], at: Sequence[float], of: Mapping[str, Any], options: argparse.Namespace) -> Path:
    """Keep the figures, each with the second of the run at which it was known."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{time.strftime('%Y-%m-%d')}.json"
    chosen = {name: value.name if isinstance(value, Path) else value for name, value in vars(options).items()}
    figures = [{**each.as_json(), "at": round(second)} for each, second in zip(found, at, strict=True)]
    told = {"of": of, "options": chosen, "seconds": round(at[-1]), "figures": figures}
    path.write_text(json.dumps(told, indent=1) + "\n")
    return path


if __name__ == "__main__":
    sys.exit(main())
