"""What of the vendors a state has: the ids of objects, what the Fleet recorded, and the passwords of trunks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from trunkline.state.checkpoint import decompressed, marked_within, plain, require_known
from trunkline.state.store import Broken

_OURS = "pulumi-python:dynamic/trunkline:"
_TRUNKS, _PASSWORD = frozenset({"InboundTrunk", "OutboundTrunk"}), "authPassword"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """`ids`: of every object in the state. `fleet`: the Fleet's record, {} without one.

    `credentials`: the ids of carriers' credentials. `passwords`: id of a trunk -> its password, of those that are not
    encrypted; `sealed`: whether others are. `objects`: (kind, id) -> its outputs, without those of which anything is
    encrypted.
    """

    ids: frozenset[str] = frozenset()
    fleet: Mapping[str, Any] = field(default_factory=dict)
    credentials: tuple[str, ...] = ()
    passwords: Mapping[str, str] = field(default_factory=dict, repr=False)
    sealed: bool = False
    objects: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict, repr=False)


def read(data: bytes) -> Held:
    """Read a checkpoint file, or the answer of `pulumi stack export` with or without secrets. Raises Broken."""
    ids: set[str] = set()
    fleet: Mapping[str, Any] = {}
    credentials: list[str] = []
    passwords: dict[str, str] = {}
    objects: dict[tuple[str, str], Mapping[str, Any]] = {}
    sealed = False
    for kind, given, outputs in _resources(data):
        if kind == "Fleet":
            fleet = plain(outputs)
            continue
        # The rest of a value whose part is encrypted is no value of the object's: it would look changed.
        known = {name: value for name, value in outputs.items() if not marked_within(value)}
        id = str(known.get("vendorId") or given)
        ids.add(id)
        objects[kind, id] = known
        if kind == "Credential":
            credentials.append(id)
        # What the file does not name of an adopted trunk is as it stands there, and its password is not recorded.
        if kind in _TRUNKS and _PASSWORD in outputs and _PASSWORD not in (known.get("unmanaged") or ()):
            opened = _opened(outputs[_PASSWORD])
            sealed |= opened is None
            if opened is not None:
                passwords[id] = opened
    return Held(
        ids=frozenset(ids),
        fleet=fleet,
        credentials=tuple(sorted(credentials)),
        passwords=passwords,
        sealed=sealed,
        objects=objects,
    )


def _resources(data: bytes) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Give kind, id and outputs of each resource of ours that is not on its way out."""
    try:
        document = json.loads(decompressed(data))
        version = document.get("version")
        latest = document.get("deployment") or document.get("checkpoint", {}).get("latest") or {}
        resources = latest.get("resources") or []
    except (ValueError, AttributeError):
        raise Broken("the file is no checkpoint of Pulumi") from None
    if version is not None:
        require_known(version)
    for one in resources:
        if str(one.get("type", "")).startswith(_OURS) and not one.get("delete"):
            yield one["type"].removeprefix(_OURS), str(one.get("id", "")), one.get("outputs") or {}


def _opened(value: Any) -> str | None:
    """Give a password that is in clear, or opened; None for one that is encrypted."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping) and isinstance(value.get("plaintext"), str):
        opened = json.loads(value["plaintext"])
        return opened if isinstance(opened, str) else None
    return None
