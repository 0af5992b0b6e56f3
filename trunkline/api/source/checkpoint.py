"""A stack's checkpoint: the outputs and the resources of a state, and nothing that is secret."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from trunkline.api.source import overlay
from trunkline.api.source.overlay import Resources
from trunkline.api.source.store import Broken
from trunkline.audit.fleet import Difference
from trunkline.outputs import Line, StackOutputs, Summary, from_json

# Pulumi marks a value that is no plain data (a secret, an asset, a reference) by this key: resource.SigKey, 3.259.0.
_MARK = "4dabf18193072939515e22adb298388d"
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_ROOT = "pulumi:pulumi:Stack"

EMPTY = StackOutputs(inventory_digest="", summary=Summary.of(()), agents={}, lines={})


@dataclass(frozen=True, slots=True, kw_only=True)
class StackState:
    """What the API knows of a state.

    `outputs` are as the resources are, `differences` gives by line what the state's outputs had otherwise, `held` by
    line the URNs of the resources that stand in the state.
    """

    outputs: StackOutputs
    differences: Mapping[str, tuple[Difference, ...]] = field(default_factory=dict)
    held: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def lines(self) -> Mapping[str, Line]:
        return self.outputs.lines


def parse(data: bytes) -> StackState:
    """Read a checkpoint file or the answer of `pulumi stack export`, plain or gzip.

    A stack that was never applied, or is destroyed, has no lines. Raises Broken where the bytes are neither.
    """
    document = _document(data)
    deployment = document.get("deployment") or _mapping(document.get("checkpoint")).get("latest") or {}
    listed = _mapping(deployment).get("resources") or []
    if not isinstance(listed, list):
        raise Broken("the state's resources are no list")
    resources = [item for item in listed if isinstance(item, dict)]
    root = next((item for item in resources if item.get("type") == _ROOT), None)
    sorted_out = Resources.of(resources)
    outputs, differences = overlay.lay(_outputs(root), sorted_out)
    return StackState(outputs=outputs, differences=differences, held=sorted_out.held)


def plain(value: Any) -> Any:
    """Give the value without anything that Pulumi marked, at any depth; a marked value itself gives None."""
    if isinstance(value, dict):
        return None if _MARK in value else {key: plain(item) for key, item in value.items() if not _marked(item)}
    return [plain(item) for item in value if not _marked(item)] if isinstance(value, list) else value


def decompressed(data: bytes) -> bytes:
    """Undo gzip. Raises Broken for what is cut short, and for zstd, which Python reads from 3.14 on only."""
    if data.startswith(_ZSTD):
        raise Broken("the state is compressed with zstd, which is not read here; unset PULUMI_DIY_BACKEND_ZSTD")
    if not data.startswith(_GZIP):
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        raise Broken("the file is cut short") from None


def _document(data: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(decompressed(data))
    except (ValueError, RecursionError):
        raise Broken("the checkpoint is no JSON") from None
    if not isinstance(document, dict) or not ({"checkpoint", "deployment"} & document.keys()):
        raise Broken("the file is no checkpoint of Pulumi")
    return document


def _outputs(root: Mapping[str, Any] | None) -> StackOutputs:
    outputs = plain(_mapping(root).get("outputs") or {})
    if not outputs:
        return EMPTY
    try:
        return from_json(outputs)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, item["loc"])) for item in error.errors(include_input=False)[:3])
        raise Broken(f"the stack's outputs are not Trunkline's: see {places}") from None
    except ValueError as error:
        raise Broken(str(error)) from None


def _marked(value: Any) -> bool:
    return isinstance(value, dict) and _MARK in value


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
