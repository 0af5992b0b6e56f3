"""The files of a repository of one's own, from a few values. Pure but for the templates, which the package has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from string import Template

from trunkline.repository.environment import env_script

INVENTORY, SCHEMA = "numbers.yaml", "numbers.schema.json"
SCHEMA_COMMENT = f"# yaml-language-server: $schema={SCHEMA}\n"
WORKFLOWS: Mapping[str, str] = {"github": ".github/workflows/numbers.yml", "gitlab": ".gitlab-ci.yml"}
"""Where a CI is -> where it looks for its workflow."""
EMPTY = "version: 1\nnumbers: {}\n"
"""An inventory of nothing."""
STACK = "prod"
"""The stack that the workflows update."""


@dataclass(frozen=True, slots=True)
class File:
    """A file's text, and whether it is a program."""

    text: str
    runs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What makes one repository differ from another: `project` is Pulumi's name for it, `ci` of `WORKFLOWS` or "".

    `version` is Trunkline's, `schema` the JSON Schema of the inventory, `inventory` its text without the comment that
    names the schema.
    """

    project: str
    ci: str
    version: str
    schema: str
    inventory: str


def files(values: Values) -> dict[str, File]:
    """Give every file by its path from the repository's root; the inventory, which takes longest to make, is last."""
    made = {
        "Pulumi.yaml": _filled("Pulumi.yaml", project=values.project),
        "stacks/__main__.py": File(_template("program.py.txt")),
        "requirements.txt": _filled("requirements.txt", version=values.version),
        "Makefile": File(_template("Makefile")),
        ".tools/env.sh": File(env_script()),
        ".githooks/pre-commit": File(_template("pre-commit"), runs=True),
        ".gitignore": File(_template("gitignore")),
    }
    if values.ci:
        made[WORKFLOWS[values.ci]] = File(_template(f"{values.ci}.yml"))
    return {**made, SCHEMA: File(values.schema), INVENTORY: File(SCHEMA_COMMENT + values.inventory)}


def is_project(name: str) -> bool:
    """Whether Pulumi takes the name of a project, and a tag has room for it beside a stack and a line."""
    return re.fullmatch(r"[a-z][a-z0-9-]{0,23}", name) is not None


def project_of(folder: str) -> str:
    """Give the name of a project in a folder that is called so."""
    plain = re.sub(r"[^a-z0-9]+", "-", folder.lower()).strip("-")[:24].strip("-")
    return plain if is_project(plain) else "numbers"


def _template(name: str) -> str:
    return resources.files("trunkline.repository").joinpath("templates", name).read_text(encoding="utf-8")


def _filled(name: str, **words: str) -> File:
    return File(Template(_template(name)).substitute(words))
