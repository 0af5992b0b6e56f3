"""Writes a stack's state into a folder as Pulumi's file backend would, in one rename."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.state import fleet
from trunkline.outputs import Line
from trunkline.state.stack import StackAddress

_ROOT = "urn:pulumi:dev::fleet::pulumi:pulumi:Stack::fleet-dev"
_FILLER = "x" * 700  # what a resource's inputs and outputs weigh besides
STATE = ".pulumi/stacks/fleet/dev.json"
LOCK = ".pulumi/locks/organization/fleet/dev/0.json"
HISTORY = ".pulumi/history/fleet/dev/"


def address(folder: Path) -> StackAddress:
    """The stack that these functions write."""
    return StackAddress(project="fleet", stack="dev", backend=f"file://{folder}", folder=str(folder))


def checkpoint(lines: Iterable[Line], *, held: Iterable[str] | None = None) -> bytes:
    """A checkpoint whose outputs hold the lines and whose resources are those of the lines `held`."""
    wanted = {line.id: line for line in lines}
    names = wanted if held is None else held
    return written(
        fleet.document(wanted.values()),
        {name: fleet.resources(wanted.get(name, fleet.SUPPORT)) for name in names},
    )


def written(
    outputs: Mapping[str, Any] | None,
    resources: Mapping[str, Mapping[str, Mapping[str, Any]]],
    shared: Iterable[tuple[str, Mapping[str, Any]]] = (),
) -> bytes:
    """A checkpoint of these outputs, by line and kind the outputs of its resources, and those of no line by kind."""
    root: dict[str, Any] = {"urn": _ROOT, "type": "pulumi:pulumi:Stack", "custom": False}
    found = [root if outputs is None else {**root, "outputs": outputs}]
    found += [_resource(kind, f"trunk-{place}", _ROOT, says) for place, (kind, says) in enumerate(shared)]
    for name, kinds in resources.items():
        component = f"urn:pulumi:dev::fleet::trunkline:PhoneLine::{name}"
        found.append({"urn": component, "type": "trunkline:PhoneLine", "custom": False, "parent": _ROOT})
        found += [_resource(kind, name, component, says) for kind, says in kinds.items()]
    return json.dumps({"version": 3, "checkpoint": {"latest": {"resources": found}}}).encode()


def put(folder: Path, key: str, data: bytes) -> None:
    """Replace one file by a rename."""
    file = folder / key
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_bytes(data)
    fresh.replace(file)


def write_state(folder: Path, lines: int, label: str) -> None:
    """Replace the state by one of so many lines; every label is a new version."""
    wanted = [line.model_copy(update={"label": f"{line.label} {label}"}) for line in fleet.many(lines)]
    put(folder, STATE, checkpoint(wanted))


def _resource(kind: str, name: str, parent: str, says: Mapping[str, Any]) -> dict[str, Any]:
    within = "" if parent == _ROOT else "trunkline:PhoneLine$"
    return {
        "urn": f"urn:pulumi:dev::fleet::{within}pulumi-python:dynamic/trunkline:{kind}::{name}",
        "type": f"pulumi-python:dynamic/trunkline:{kind}",
        "custom": True,
        "parent": parent,
        "inputs": {"filler": _FILLER},
        "outputs": {**says, "filler": _FILLER},
    }


if __name__ == "__main__":
    write_state(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
