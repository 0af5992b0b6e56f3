"""How long commands and loading take, each beside the least that a Python process could do for it."""

from __future__ import annotations

import subprocess
import sys
import time
import venv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml

from bench import fleet
from bench.spent import Spent, spent
from trunkline.inventory import parse

ROOT = Path(__file__).parents[1]
PACKAGES = ("trunkline", "providers", "stacks", "sandbox")
_SITE = "import sysconfig; print(sysconfig.get_path('purelib'))"
Series = list[Spent]


def installed(folder: Path) -> Path:
    """Make an environment that has Trunkline as users have it, and give its `bin`.

    In the developers' environment an editable install makes every Python start three times as slowly, with which a
    ratio to a bare one looks better than users see it.
    """
    venv.create(folder, symlinks=True)
    found = folder / "bin"
    site = Path(_said(found / "python", _SITE))
    for each in Path(_said(Path(sys.executable), _SITE)).iterdir():
        if each.suffix != ".pth" and not each.name.startswith(("__editable__", "pip", "setuptools")):
            (site / each.name).symlink_to(each)
    for name in PACKAGES:
        (site / name).symlink_to(ROOT / name)
    # As pip writes it.
    script = f"#!{found / 'python'}\nimport sys\nfrom trunkline.cli.main import main\nsys.exit(main())\n"
    (found / "trunkline").write_text(script)
    (found / "trunkline").chmod(0o755)
    return found


def helps(rounds: int, place: Path) -> tuple[Series, Series, Series]:
    """Give what `trunkline --help`, a Python that does nothing, and one that imports click alone take, in turns."""
    python = str(place / "python")
    commands = ((str(place / "trunkline"), "--help"), (python, "-c", "pass"), (python, "-c", "import click"))
    _run(commands[0])  # what is compiled once is not counted
    ours, bare, click = _turns(rounds, *(_spending(command) for command in commands))
    return ours, bare, click


def validations(rounds: int, place: Path, folder: Path) -> tuple[Series, Series]:
    """Give what `trunkline validate` of 100 lines takes, and importing what it reads with, in turns."""
    file = folder / "numbers.yaml"
    file.write_text(fleet.of(100))
    commands = (
        (str(place / "trunkline"), "validate", str(file)),
        (str(place / "python"), "-c", "import yaml, trunkline.inventory"),
    )
    _run(commands[0])
    ours, imports = _turns(rounds, *(_spending(command) for command in commands))
    return ours, imports


def loads(rounds: int, lines: int) -> tuple[Series, Series]:
    """Give what reading and checking a file takes, and PyYAML's own C loader on the same text, in turns."""
    text = fleet.of(lines)
    ours, plain = _turns(
        rounds,
        lambda: _here(lambda: parse(text, "numbers.yaml")),
        lambda: _here(lambda: yaml.load(text, Loader=yaml.CSafeLoader)),
    )
    return ours, plain


def _turns(rounds: int, *each: Callable[[], Spent]) -> list[Series]:
    taken: list[Series] = [[] for _ in each]
    for _ in range(rounds):
        for series, act in zip(taken, each, strict=True):
            series.append(act())
    return taken


def _spending(command: Sequence[str]) -> Callable[[], Spent]:
    return lambda: spent(lambda: _run(command))


def _here(act: Callable[[], Any]) -> Spent:
    computed, clock = time.process_time(), time.perf_counter()
    act()
    return Spent(time.process_time() - computed, time.perf_counter() - clock)


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _said(python: Path, code: str) -> str:
    return subprocess.run((python, "-c", code), check=True, capture_output=True, text=True).stdout.strip()
