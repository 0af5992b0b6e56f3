"""The project's wheel, built from a copy of its sources: nothing of an earlier build is in it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Tests are copied too: that the wheel has none is for `pyproject.toml` to say.
SOURCES = ("trunkline", "providers", "stacks", "sandbox", "tests", "pyproject.toml", "README.md", "LICENSE")
LIMIT = 300  # seconds


def build(folder: Path) -> Path:
    """Build it into `folder`, as `make wheel` does but without a network, and give its path."""
    sources = folder / "sources"
    sources.mkdir(parents=True)
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, sources / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, sources / name)
    command = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-deps", "--no-build-isolation")
    subprocess.run((*command, "--wheel-dir", folder / "dist", sources), check=True, timeout=LIMIT)
    (wheel,) = (folder / "dist").iterdir()
    return wheel
