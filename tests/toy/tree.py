"""Copies of the tree with a carrier more, or one less, and the tests in them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("trunkline", "providers", "stacks", "sandbox", "toolchain", "tests", "Pulumi.yaml", "pyproject.toml")


def copied(folder: Path, further: Iterable[str] = ()) -> Path:
    """Copy what tests of a carrier need into a folder, and what else is named."""
    for name in (*COPIED, *further):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    for name in (".tools", ".venv"):
        if (ROOT / name).exists():
            (folder / name).symlink_to(ROOT / name)
    return folder


def change(tree: Path, changes: Mapping[str, Iterable[tuple[str, str]]]) -> None:
    """Change files of a copy: file -> what stands in it once, and what then stands there."""
    for name, pairs in changes.items():
        text = (tree / name).read_text(encoding="utf-8")
        for before, after in pairs:
            assert text.count(before) == 1, f"{name}: {before}"
            text = text.replace(before, after)
        (tree / name).write_text(text, encoding="utf-8")


def passed(tree: Path, *arguments: str) -> str:
    """Run tests in the copy; give pytest's last line."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "TRUNKLINE_"))}
    ended = subprocess.run(
        (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *arguments),
        cwd=tree,
        env={**inherited, "PYTHONPATH": str(tree)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-6000:]
    return ended.stdout.strip().splitlines()[-1]
