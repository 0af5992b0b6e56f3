"""A carrier by the book: a declaration, an adapter, an emulator and a case, and one line in each of two registries.

`parts/` has what docs/adding-a-carrier.md asks for, of a carrier that nobody has. Here it is put into a copy of the
tree, and held to what the real ones are held to, by the same tests.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.toy.tree import ROOT, change, copied, passed

PARTS = ROOT / "tests" / "toy" / "parts"
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
    copy = copied(tmp_path_factory.mktemp("tree"))
    for part, place in PLACES.items():
        (copy / place).parent.mkdir(exist_ok=True)
        shutil.copy(PARTS / part, copy / place)
    change(copy, REGISTRIES)
    return copy


def test_it_is_held_to_the_contract_of_every_carrier(tree: Path) -> None:
    files = [f"tests/contract/test_carriers_{name}.py" for name in HELD_TO]
    assert " passed" in passed(tree, *files, "-k", "toy")


@pytest.mark.engine
@pytest.mark.timeout(600)
def test_its_line_walks_through_the_model_of_the_engine_kills_and_the_engine_itself(tree: Path) -> None:
    assert " passed" in passed(tree, "tests/toy/test_walk.py")
