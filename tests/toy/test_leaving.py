"""A carrier that is taken out: its own files, and its lines of the two registries."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.toy.tree import change, copied, passed

FILES = ("trunkline/carriers/vonage.py", "tests/contract/cases/vonage.py")
FOLDERS = ("providers/vonage", "sandbox/vonage")
REGISTRIES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "trunkline/carriers/__init__.py": (
        ("from trunkline.carriers.vonage import VONAGE\n", ""),
        ("(TWILIO, VONAGE, LIVEKIT, CUSTOM)", "(TWILIO, LIVEKIT, CUSTOM)"),
    ),
    "sandbox/registry.py": (
        ("from sandbox.vonage import Vonage\n", ""),
        ("(Twilio, Vonage)", "(Twilio,)"),
        (
            """
    @property
    def vonage(self) -> Vonage:
        return cast(Vonage, self.carriers[Vonage.name])
""",
            "",
        ),
    ),
}
BESIDE = (
    *("bench", "demo", "docs", "requirements", ".ci"),
    *("CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "README.md", "action.yml", "numbers.yaml"),
)


@pytest.mark.timeout(600)
def test_no_file_of_tests_needs_a_carrier_to_be_there_before_its_tests_run(tmp_path: Path) -> None:
    tree = copied(tmp_path, BESIDE)
    for name in FILES:
        (tree / name).unlink()
    for name in FOLDERS:
        shutil.rmtree(tree / name)
    change(tree, REGISTRIES)

    assert " tests collected in " in passed(tree, "--collect-only")
