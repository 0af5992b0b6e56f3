"""The lowest versions that pyproject.toml allows, for a run of the tests that shows whether they are true."""

from __future__ import annotations

import re
import sys
import tomllib
from itertools import chain
from pathlib import Path

_BOUND = re.compile(r"([\w.\[\]-]+)>=([\w.]+)(; .*)?")


def requirements(pyproject: str) -> list[str]:
    """Give each dependency of the package and of its extras at its lower bound, as a line of a requirements file.

    Raises ValueError for one without.
    """
    project = tomllib.loads(pyproject)["project"]
    found = []
    for text in dict.fromkeys(chain(project["dependencies"], *project.get("optional-dependencies", {}).values())):
        bound = _BOUND.fullmatch(text)
        if bound is None:
            raise ValueError(f"{text} has no lower bound alone; nothing was installed")
        found.append(f"{bound[1]}=={bound[2]}{bound[3] or ''}")
    return found


if __name__ == "__main__":
    sys.stdout.write("\n".join(requirements(Path("pyproject.toml").read_text(encoding="utf-8"))) + "\n")
