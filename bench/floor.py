"""The floor: the graph of a fleet's stack, on a dynamic provider that does nothing.

What Pulumi's engine, its language host and the SDK take for as many resources of the same size with the same
dependencies, and nothing else: no vendor, no judgement, no outputs. `graph` makes the description, `main` is the
program, which reads it from `graph.json` beside `Pulumi.yaml`.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, ResourceProvider, UpdateResult

PROGRAM = "from bench.floor import main\n\nmain()\n"
GRAPH = "graph.json"
_SECRET = "4dabf18193072939515e22adb298388d"


class Nothing(ResourceProvider):
    """Keeps what it is given."""

    def create(self, props: dict[str, Any]) -> CreateResult:
        return CreateResult(uuid.uuid4().hex, props)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        return ReadResult(id_, props)

    def diff(self, _id: str, old: dict[str, Any], new: dict[str, Any]) -> DiffResult:
        return DiffResult(changes=any(old.get(name) != value for name, value in new.items()))

    def update(self, _id: str, _old: dict[str, Any], new: dict[str, Any]) -> UpdateResult:
        return UpdateResult(new)


class _Group(pulumi.ComponentResource):
    pass


def graph(resources: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Describe a state's resources in their order, each with the positions of its parent and its dependencies."""
    kept = [each for each in resources if not each["type"].startswith(("pulumi:providers:", "pulumi:pulumi:"))]
    position = {each["urn"]: number for number, each in enumerate(kept)}
    return [
        {
            "name": each["urn"].rpartition("::")[2],
            "kind": each["type"].rpartition(":")[2],
            "custom": each["custom"],
            "parent": position.get(each.get("parent", "")),
            "dependencies": [position[urn] for urn in each.get("dependencies", ())],
            "inputs": {name: value for name, value in each.get("inputs", {}).items() if name != "__provider"},
        }
        for each in kept
    ]


def main() -> None:
    """Declare the graph."""
    made: list[pulumi.Resource] = []
    for each in json.loads((Path(pulumi.get_root_directory()) / GRAPH).read_text()):
        parent = None if each["parent"] is None else made[each["parent"]]
        options = pulumi.ResourceOptions(parent=parent, depends_on=[made[number] for number in each["dependencies"]])
        if each["custom"]:
            kind = type(each["kind"], (Resource,), {}, module="bench", name=each["kind"])
            props = {name: _opened(value) for name, value in each["inputs"].items()}
            made.append(kind(Nothing(), each["name"], props, options))
        else:
            made.append(_Group(f"bench:{each['kind']}", each["name"], opts=options))


def _opened(value: Any) -> Any:
    """Give a value of a state as a program has it: a secret as a secret, whose letters are not the same ones."""
    if isinstance(value, dict):
        if _SECRET in value:
            return pulumi.Output.secret("x" * 16)
        return {name: _opened(item) for name, item in value.items()}
    return [_opened(item) for item in value] if isinstance(value, list) else value
