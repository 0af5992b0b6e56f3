"""How long commands and loading take, each beside the least that a Python process could do for it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml

from bench import fleet
from trunkline.inventory import parse

BARE = (sys.executable, "-c", "pass")
MODELS = (sys.executable, "-c", "import yaml, trunkline.inventory")
TRUNKLINE = str(Path(sys.executable).with_name("trunkline"))


def helps(rounds: int) -> tuple[list[float], list[float]]:
    """Give the seconds of `trunkline --help` and of a Python that does nothing, in turns."""
    return _turns(rounds, lambda: _run((TRUNKLINE, "--help")), lambda: _run(BARE))


def validations(rounds: int, folder: Path) -> tuple[list[float], list[float]]:
    """Give the seconds of `trunkline validate` of 100 lines, and of importing what it reads with, in turns."""
    file = folder / "numbers.yaml"
    file.write_text(fleet.of(100))
    return _turns(rounds, lambda: _run((TRUNKLINE, "validate", str(file))), lambda: _run(MODELS))


def loads(rounds: int, lines: int) -> tuple[list[float], list[float]]:
    """Give the seconds of reading and checking a file, and of PyYAML's own C loader on the same text, in turns."""
    text = fleet.of(lines)
    return _turns(rounds, lambda: parse(text, "numbers.yaml"), lambda: yaml.load(text, Loader=yaml.CSafeLoader))


def _turns(rounds: int, ours: Callable[[], Any], other: Callable[[], Any]) -> tuple[list[float], list[float]]:
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for times, act in zip(taken, (ours, other), strict=True):
            started = time.perf_counter()
            act()
            times.append(time.perf_counter() - started)
    return taken


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
