"""Planted bugs, at least one for each rule of design §1 and §4, and whether the quick suites notice.

Each is put into a copy of the sources, where the suites run one after another until one fails. A mutant that survives
is a rule that nothing holds.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.faults.mutant import Mutant
from tests.faults.planted import MUTANTS
from tests.faults.suites import SUITES, Suite

REPOSITORY = Path(__file__).parents[2]
COPIED = ("trunkline", "providers", "stacks", "sandbox", "toolchain", "tests", "pyproject.toml")
LIMIT = 600.0  # seconds for one suite


@dataclass(frozen=True, slots=True)
class Fate:
    """`killed_by` is "" for one that survives."""

    mutant: Mutant
    killed_by: str
    seconds: float
    words: str = ""

    def __str__(self) -> str:
        head = f"{self.killed_by or 'SURVIVES':10} {self.seconds:6.1f} s  {self.mutant.name}  [{self.mutant.rule}]"
        return f"{head}  {self.words}".rstrip()


def try_out(mutant: Mutant) -> Fate:
    """Plant the bug in a copy and run the suites until one fails."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="trunkline-mutant-") as directory:
        copy = Path(directory)
        copy_sources(copy)
        plant(mutant, copy)
        for suite in _in_order(mutant):
            if words := _failure(suite, copy):
                return Fate(mutant, suite.name, time.monotonic() - started, words)
    return Fate(mutant, "", time.monotonic() - started)


def plant(mutant: Mutant, root: Path) -> None:
    """Change the one place in the file.

    Raises ValueError where the text does not stand there exactly once, and SyntaxError where the change is no Python:
    any suite would notice that.
    """
    path = root / mutant.file
    text = path.read_text()
    if text.count(mutant.old) != 1:
        raise ValueError(f"{mutant.name}: its text stands {text.count(mutant.old)} times in {mutant.file}, not once")
    changed = text.replace(mutant.old, mutant.new)
    compile(changed, mutant.file, "exec")
    path.write_text(changed)
    for compiled in path.parent.glob(f"__pycache__/{path.stem}.*"):
        compiled.unlink()


def copy_sources(root: Path) -> None:
    """Copy what the suites need, with the times of the files: bytecode that came along is then as good there."""
    for name in COPIED:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, root / name)
        else:
            shutil.copy(source, root / name)


def _needed(mutants: Sequence[Mutant]) -> Iterable[Suite]:
    """All suites for a whole hunt; for some mutants, those that are known to notice them."""
    return (
        SUITES if len(mutants) == len(MUTANTS) else [each for each in SUITES if each.name in {m.suite for m in mutants}]
    )


def _in_order(mutant: Mutant) -> Iterable[Suite]:
    """The suite that is known to notice comes first."""
    return sorted(SUITES, key=lambda suite: suite.name != mutant.suite)


def _failure(suite: Suite, root: Path) -> str:
    """Run a suite. Gives the line that says what failed, "" where nothing did."""
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(
        (sys.executable, *suite.command),
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    if ended.returncode == 0:
        return ""
    told = (line for line in ended.stdout.splitlines() if line.startswith(("FAILED", "ERROR", "seed")))
    return next(told, f"exit code {ended.returncode}: {ended.stderr[-300:]}")[:160]


def require_sound(mutants: Sequence[Mutant]) -> None:
    """Raise RuntimeError where a suite fails without a planted bug: then it would notice anything."""
    with tempfile.TemporaryDirectory(prefix="trunkline-sound-") as directory:
        copy_sources(Path(directory))
        broken = [words for suite in _needed(mutants) if (words := _failure(suite, Path(directory)))]
    if broken:
        raise RuntimeError(f"without any planted bug these fail already: {', '.join(broken)}")


def hunt(mutants: Sequence[Mutant], workers: int = 2) -> list[Fate]:
    """Try the mutants out. What is found proves something where the suites are sound."""
    with ThreadPoolExecutor(workers) as pool:
        fates = []
        for fate in pool.map(try_out, mutants):
            print(fate, flush=True)
            fates.append(fate)
    return fates


def summary(fates: Sequence[Fate]) -> str:
    survivors = [fate.mutant.name for fate in fates if not fate.killed_by]
    return f"mutants: {len(fates)} planted, {len(fates) - len(survivors)} killed; {len(survivors)} survive {survivors or ''}".rstrip()  # fmt: skip  # noqa: E501


def main(arguments: Sequence[str] | None = None) -> int:
    """Give 0 where every mutant is killed, 1 otherwise."""
    parser = argparse.ArgumentParser(description="Plant bugs and see whether the suites notice.")
    parser.add_argument("--only", action="append", help="a part of a mutant's name; may be given several times")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    wanted = options.only or [""]
    mutants = [each for each in MUTANTS if any(part in each.name for part in wanted)]
    require_sound(mutants)
    fates = hunt(mutants, options.workers)
    print(summary(fates))
    return 0 if all(fate.killed_by for fate in fates) else 1


if __name__ == "__main__":
    sys.exit(main())
