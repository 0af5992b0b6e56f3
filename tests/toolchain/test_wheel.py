"""The wheel of a release: what an installed Trunkline has, and what it has not."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.support import wheel

ROOT = wheel.ROOT
PACKAGES = ("providers", "sandbox", "stacks", "trunkline")
DATA = ("trunkline/api/page/static", "trunkline/repository/templates")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> ZipFile:
    return ZipFile(wheel.build(tmp_path_factory.mktemp("wheel")))


def test_it_has_every_module_the_page_and_the_templates_and_nothing_else(built: ZipFile) -> None:
    modules = {str(path.relative_to(ROOT)) for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
    data = {str(path.relative_to(ROOT)) for folder in DATA for path in (ROOT / folder).iterdir()}
    names = {name for name in built.namelist() if ".dist-info/" not in name}

    assert names == modules | data | {"trunkline/py.typed"}


def test_the_workflows_in_it_are_those_of_the_documents(built: ZipFile) -> None:
    packed = {name: built.read(f"trunkline/repository/templates/{name}.yml").decode() for name in ("github", "gitlab")}

    assert packed == {
        "github": (ROOT / "docs/ci/numbers.yml").read_text(),
        "gitlab": (ROOT / "docs/ci/gitlab.yml").read_text(),
    }


def test_its_version_stands_in_pyproject_alone(built: ZipFile) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    (metadata,) = (name for name in built.namelist() if name.endswith(".dist-info/METADATA"))
    sources = (path for package in PACKAGES for path in Path(ROOT, package).rglob("*.py"))

    assert re.search(r"^Version: (.+)$", built.read(metadata).decode(), re.MULTILINE)[1] == version  # type: ignore[index]
    assert [str(path) for path in sources if re.search(r"^__version__ *= *[\"']", path.read_text(), re.MULTILINE)] == []
