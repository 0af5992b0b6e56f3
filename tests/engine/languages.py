"""Projects whose program is written by somebody else, in a language of their own, over the package `trunkline`."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

from tests.engine.project import Project

OUTPUTS = ("agents", "inventoryDigest", "lines", "neighbours", "schemaVersion", "summary")
YAML_HOST = "pulumi-language-yaml"

_YAML = """\
name: trunkline
runtime: yaml
stackConfigDir: stacks
options:
  refresh: always
resources:
{fleets}outputs:
{outputs}"""
_FLEET = """\
  {name}:
    type: trunkline:Fleet
    properties: {{inventory: numbers.yaml}}
"""

# What an SDK of another language does: it registers a remote component, and knows nothing of what is in it.
_PYTHON = """\
import pulumi


class Fleet(pulumi.ComponentResource):
    def __init__(self, name):
        props = {{"inventory": "numbers.yaml", **dict.fromkeys({outputs!r})}}
        super().__init__("trunkline:index:Fleet", name, props, pulumi.ResourceOptions({options}), remote=True)


fleets = [Fleet(name) for name in {names!r}]
for output in {outputs!r}:
    pulumi.export(output, getattr(fleets[0], output))
"""


def write_python(project: Project, *names: str, options: str = "") -> Project:
    """Give the project a program with Fleets of these names and options; ours had the same Pulumi.yaml."""
    text = _PYTHON.format(names=names, outputs=OUTPUTS, options=options)
    (project.directory / "stacks/__main__.py").write_text(text)
    return project


def write_yaml(project: Project, *names: str) -> Project:
    fleets = "".join(_FLEET.format(name=name) for name in names)
    outputs = "".join(f"  {output}: ${{{names[0]}.{output}}}\n" for output in OUTPUTS)
    (project.directory / "Pulumi.yaml").write_text(_YAML.format(fleets=fleets, outputs=outputs))
    found = shutil.which(YAML_HOST)
    assert found is not None
    path = f"{project.environment['PATH']}{os.pathsep}{Path(found).parent}"
    return replace(project, environment={**project.environment, "PATH": path})


LANGUAGES = {"python": write_python, "yaml": write_yaml}
