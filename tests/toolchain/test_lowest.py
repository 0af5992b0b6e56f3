"""Lower bounds become versions; `make lowest` runs the tests on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolchain.lowest import requirements

ROOT = Path(__file__).parents[2]


def test_each_dependency_is_taken_at_its_lower_bound() -> None:
    text = """
        [project]
        dependencies = ["pulumi>=3.216", "psycopg[binary]>=3.2.1", "backports.zstd>=1.0; python_version < '3.14'"]
        [project.optional-dependencies]
        gs = ["obstore>=0.11"]
        azblob = ["obstore>=0.11"]
    """
    assert requirements(text) == [
        "pulumi==3.216",
        "psycopg[binary]==3.2.1",
        "backports.zstd==1.0; python_version < '3.14'",
        "obstore==0.11",
    ]


def test_a_dependency_without_a_bound_is_told() -> None:
    with pytest.raises(ValueError, match="pulumi has no lower bound alone; nothing was installed"):
        requirements('[project]\ndependencies = ["pulumi"]\n')


def test_every_dependency_of_the_project_has_one() -> None:
    assert "livekit-api==1.2" in requirements((ROOT / "pyproject.toml").read_text())
