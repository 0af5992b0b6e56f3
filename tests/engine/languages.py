"""Projects whose program is written by somebody else, in a language of their own, over the package `trunkline`."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from tests.engine.project import Project

OUTPUTS = ("agents", "inventoryDigest", "lines", "neighbours", "schemaVersion", "summary")
YAML_HOST = "pulumi-language-yaml"
NODE_HOST = "pulumi-language-nodejs"

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

# The program of docs/other-languages.md, with the SDK in a folder: installing that would ask a registry.
_TYPESCRIPT = """\
import * as trunkline from "./sdk/nodejs";

const acme = new trunkline.Fleet("{name}", {{ inventory: "numbers.yaml" }});
export const {{ schemaVersion, inventoryDigest, agents, lines, neighbours, summary }} = acme;
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
    return _with(project, YAML_HOST)


def write_typescript(project: Project, name: str) -> Project:
    """Give the project a program over the SDK that the engine makes of our schema."""
    project = _with(project, NODE_HOST)
    settings = (project.directory / "Pulumi.yaml").read_text()
    settings = settings.replace("runtime: python\nmain: stacks/\n", "runtime: nodejs\n")
    (project.directory / "Pulumi.yaml").write_text(settings)
    (project.directory / "index.ts").write_text(_TYPESCRIPT.format(name=name))
    (project.directory / "package.json").write_text(json.dumps({"name": "phones", "main": "index.ts"}))
    (project.directory / "tsconfig.json").write_text(json.dumps({"compilerOptions": {"strict": True}}))
    packages = node_packages()
    assert packages is not None
    (project.directory / "node_modules").symlink_to(packages)
    package = Path(project.environment["PULUMI_PYTHON_CMD"]).with_name("pulumi-resource-trunkline")
    project.pulumi("package", "gen-sdk", str(package), "--language", "nodejs", "--out", "sdk")
    return project


def node_packages() -> Path | None:
    """Give the `node_modules` with Pulumi's SDK that Node finds from here, as NODE_PATH names one."""
    if (node := shutil.which("node")) is None:
        return None
    find = 'console.log(require.resolve("@pulumi/pulumi/package.json"))'
    found = subprocess.run((node, "-e", find), capture_output=True, text=True, check=False)
    return Path(found.stdout.strip()).parents[2] if found.returncode == 0 else None


def _with(project: Project, host: str) -> Project:
    found = shutil.which(host)
    assert found is not None
    path = f"{project.environment['PATH']}{os.pathsep}{Path(found).parent}"
    return replace(project, environment={**project.environment, "PATH": path})


LANGUAGES: Mapping[str, Callable[[Project, str], Project]] = {
    "python": write_python,
    "yaml": write_yaml,
    "typescript": write_typescript,
}
