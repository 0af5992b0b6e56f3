"""Writes a stack's state into a folder as Pulumi's file backend would, in one rename."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.api import fleet
from trunkline.api.source.stack import StackAddress
from trunkline.outputs import Line

_RESOURCES = ("InboundTrunk", "OutboundTrunk", "DispatchRule", "PhoneNumber")
_FILLER = "x" * 700  # what a resource's inputs and outputs weigh besides
STATE = ".pulumi/stacks/fleet/dev.json"
LOCK = ".pulumi/locks/organization/fleet/dev/0.json"


def address(folder: Path) -> StackAddress:
    """The stack that these functions write."""
    return StackAddress(project="fleet", stack="dev", backend=f"file://{folder}", folder=str(folder))


def checkpoint(lines: Iterable[Line], *, held: Iterable[str] | None = None) -> bytes:
    """A checkpoint whose outputs hold the lines and whose resources are those of the lines `held`."""
    wanted = tuple(lines)
    root = "urn:pulumi:dev::fleet::pulumi:pulumi:Stack::fleet-dev"
    resources: list[dict[str, Any]] = [
        {"urn": root, "type": "pulumi:pulumi:Stack", "custom": False, "outputs": fleet.document(wanted)}
    ]
    for name in [line.id for line in wanted] if held is None else held:
        resources += _resources(name, root)
    return json.dumps({"version": 3, "checkpoint": {"latest": {"resources": resources}}}).encode()


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


def _resources(name: str, root: str) -> list[dict[str, Any]]:
    component = f"urn:pulumi:dev::fleet::trunkline:PhoneLine::{name}"
    return [
        {"urn": component, "type": "trunkline:PhoneLine", "custom": False, "parent": root},
        *(
            {
                "urn": f"urn:pulumi:dev::fleet::trunkline:PhoneLine$pulumi-python:dynamic:{kind}::{name}",
                "type": f"pulumi-python:dynamic:{kind}",
                "custom": True,
                "parent": component,
                "inputs": {"filler": _FILLER},
                "outputs": {"filler": _FILLER},
            }
            for kind in _RESOURCES
        ),
    ]


if __name__ == "__main__":
    write_state(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
