"""A carrier by the book: a declaration, an adapter, an emulator and a case, and one line in each of two registries.

`parts/` has what docs/adding-a-carrier.md asks for, of a carrier that nobody has. Here it is put into a copy of the
tree, and held to what the real ones are held to, by the same tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ROOT / "tests" / "toy" / "parts"
COPIED = ("trunkline", "providers", "stacks", "sandbox", "toolchain", "tests", "Pulumi.yaml", "pyproject.toml")
PLACES: Mapping[str, str] = {
    "declaration.py": "trunkline/carriers/toy.py",
    "adapter.py": "providers/toy/__init__.py",
    "emulator.py": "sandbox/toy/__init__.py",
    "case.py": "tests/contract/cases/toy.py",
    "walk.py": "tests/toy/test_walk.py",
}
# Registry -> what stands in it, and what stands there with the carrier.
REGISTRIES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "trunkline/carriers/__init__.py": (
        (
            "from trunkline.carriers.twilio import",
            "from trunkline.carriers.toy import TOY\nfrom trunkline.carriers.twilio import",
        ),
        ("(TWILIO, VONAGE, LIVEKIT, CUSTOM)", "(TWILIO, VONAGE, LIVEKIT, TOY, CUSTOM)"),
    ),
    "sandbox/registry.py": (
        ("from sandbox.twilio import", "from sandbox.toy import Toy\nfrom sandbox.twilio import"),
        ("(Twilio, Vonage)", "(Twilio, Vonage, Toy)"),
    ),
}
HELD_TO = ("numbers", "lists", "faults", "refusals", "http")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree that has the carrier."""
    copy = tmp_path_factory.mktemp("tree")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    for name in (".tools", ".venv"):
        if (ROOT / name).exists():
            (copy / name).symlink_to(ROOT / name)
    for part, place in PLACES.items():
        (copy / place).parent.mkdir(exist_ok=True)
        shutil.copy(PARTS / part, copy / place)
    for name, changes in REGISTRIES.items():
        text = (copy / name).read_text(encoding="utf-8")
        for before, after in changes:
            assert text.count(before) == 1, f"{name}: {before}"
            text = text.replace(before, after)
        (copy / name).write_text(text, encoding="utf-8")
    return copy


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


def test_it_is_held_to_the_contract_of_every_carrier(tree: Path) -> None:
    files = [f"tests/contract/test_carriers_{name}.py" for name in HELD_TO]
    assert " passed" in passed(tree, *files, "-k", "toy")


@pytest.mark.engine
@pytest.mark.timeout(600)
def test_its_line_walks_through_the_model_of_the_engine_kills_and_the_engine_itself(tree: Path) -> None:
    assert " passed" in passed(tree, "tests/toy/test_walk.py")
