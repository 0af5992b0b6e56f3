"""A stack's checkpoint: the outputs and the resources of a state, and nothing that is secret."""

from __future__ import annotations

import contextlib
import ctypes
import gzip
import hashlib
import sys
import zlib
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import msgspec
from pydantic import ValidationError

from trunkline.audit.fleet import Difference
from trunkline.outputs import Line, StackOutputs, Summary, from_json
from trunkline.state import overlay
from trunkline.state.resources import Resource, Resources
from trunkline.state.said import Saying, SayingOfUnlisted, Silent
from trunkline.state.store import Broken

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# Pulumi marks a value that is no plain data (a secret, an asset, a reference) by this key: resource.SigKey, 3.274.1.
_MARK = "4dabf18193072939515e22adb298388d"
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_ROOT = "pulumi:pulumi:Stack"
_VERSION = 4  # apitype.DeploymentSchemaVersionLatest, 3.274.1
_NOTHING = msgspec.Raw(b"")
_ABSENT = (_NOTHING, msgspec.Raw(b"null"))

EMPTY = StackOutputs(inventory_digest="", summary=Summary.of(()), agents={}, lines={})


@dataclass(frozen=True, slots=True, kw_only=True)
class StackState:
    """What the API knows of a state.

    `outputs` are as the resources are, `differences` gives by line what the state's outputs had otherwise, `unlisted`
    by line that they lacked the URNs of the resources that stand in the state. `pending` are the operations that an
    update began and did not end, each a URN and what it did ("creating"). `digest` is that of the checkpoint.
    """

    outputs: StackOutputs
    differences: Mapping[str, tuple[Difference, ...]] = field(default_factory=dict)
    unlisted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pending: tuple[tuple[str, str], ...] = ()
    digest: bytes = field(default=b"", repr=False, compare=False)

    @property
    def lines(self) -> Mapping[str, Line]:
        return self.outputs.lines


def read(fetch: Callable[[], bytes]) -> StackState:
    """Fetch a checkpoint and read it as `parse` does.

    What is fetched may be most of the memory that there is: what was freed before is given back first.
    """
    _give_back()
    return parse(fetch())


def parse(data: bytes) -> StackState:
    """Read a checkpoint file or the answer of `pulumi stack export`, plain or compressed.

    A stack that was never applied, or is destroyed, has no lines. Raises Broken where the bytes are neither. Who calls
    it should keep no name for the bytes, so that they and all that is made of them are not in memory together.
    """
    data = decompressed(data)
    mark, latest = _digest(data), _latest(data)
    listed, resources = _sorted_out(latest)
    pending = _pending(latest)
    del data, latest  # of a large state it is the most, and no more is wanted of it
    document = _decoded(listed, dict, {})
    written = _outputs(plain(document) if _MARK.encode() in listed else document)
    outputs, differences = overlay.lay(written, resources)
    unlisted = {name: resources.held[name] for name in outputs.lines if name not in written.lines}
    return StackState(outputs=outputs, differences=differences, unlisted=unlisted, pending=pending, digest=mark)


def digest(data: bytes) -> bytes:
    """Tell two checkpoints apart; one that is compressed is as its content is."""
    return _digest(decompressed(data))


def plain(value: Any) -> Any:
    """Give the value without anything that Pulumi marked, at any depth; a marked value itself gives None."""
    if isinstance(value, dict):
        return None if _MARK in value else {key: plain(item) for key, item in value.items() if not _marked(item)}
    return [plain(item) for item in value if not _marked(item)] if isinstance(value, list) else value


def marked_within(value: Any) -> bool:
    """Whether Pulumi marked the value, or anything in it."""
    if isinstance(value, dict):
        return _MARK in value or any(map(marked_within, value.values()))
    return isinstance(value, list) and any(map(marked_within, value))


def decompressed(data: bytes) -> bytes:
    """Undo gzip or zstd. Raises Broken for what is cut short."""
    try:
        if data.startswith(_ZSTD):
            return zstd.decompress(data)
        return gzip.decompress(data) if data.startswith(_GZIP) else data
    except (OSError, EOFError, zlib.error, zstd.ZstdError):
        raise Broken("the file is cut short") from None


class _Document(msgspec.Struct):
    """A checkpoint file has the resources in `checkpoint.latest`, an exported one in `deployment`.

    Each part is decoded only where it is wanted: a state of 10,000 lines has 80 MB, of which little is looked at.
    """

    version: msgspec.Raw = _NOTHING
    checkpoint: msgspec.Raw = _NOTHING
    deployment: msgspec.Raw = _NOTHING


class _Checkpoint(msgspec.Struct):
    latest: msgspec.Raw = _NOTHING


class _Deployment(msgspec.Struct):
    resources: msgspec.Raw = _NOTHING
    pending_operations: msgspec.Raw = _NOTHING


class _Begun(msgspec.Struct):
    urn: str = ""


class _Operation(msgspec.Struct):
    resource: _Begun = msgspec.field(default_factory=_Begun)
    type: str = ""


class _Listed(msgspec.Struct):
    """Of the stack's outputs, the lines that they list."""

    lines: dict[str, msgspec.Raw] = msgspec.field(default_factory=dict)


def _sorted_out(latest: _Deployment) -> tuple[bytes, Resources]:
    """Give the stack's outputs as JSON, and the resources, of which one at a time is decoded."""
    root: list[bytes] = []

    def found() -> Iterator[Resource]:
        lines: Container[str] = ()
        for raw in _resources(latest):
            item = _decoded(raw, Saying, None) or _decoded(raw, Silent, None)
            if item is None:
                continue
            said: Any = item.outputs if isinstance(item, Saying) else None
            if item.type == _ROOT:  # the engine writes it before what belongs to it
                root.append(bytes(_decoded(raw, Silent, Silent()).outputs))
                lines = frozenset(_decoded(root[-1], _Listed, _Listed()).lines)
                said = None
            elif said is not None and said.unmanaged is None:
                said.named = None  # every object has it, and it is looked at of adopted ones alone
            if said is not None:
                said.pin = bool(said.pin) or None  # that there is one: the PIN itself, or its cipher, is kept nowhere
            if said is not None and item.parent.rpartition("::")[2] not in lines:
                wanted = _decoded(raw, SayingOfUnlisted, SayingOfUnlisted()).outputs
                said = plain(msgspec.to_builtins(wanted) | {"pin": said.pin})
            yield Resource(item.urn, item.type, item.parent, item.delete, said)

    resources = Resources.of(found())
    return root[0] if root else b"", resources


def _latest(data: bytes) -> _Deployment:
    try:
        document = msgspec.json.decode(data, type=_Document)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise Broken("the checkpoint is no JSON object") from None
    if document.checkpoint == document.deployment == _NOTHING:
        raise Broken("the file is no checkpoint of Pulumi")
    if document.version not in _ABSENT:
        require_known(_decoded(document.version, Any, ""))
    latest = document.deployment
    if latest in _ABSENT:
        latest = _decoded(document.checkpoint, _Checkpoint, _Checkpoint()).latest
    found: _Deployment = _decoded(latest, _Deployment, _Deployment())
    return found


def _resources(latest: _Deployment) -> Sequence[msgspec.Raw]:
    resources = () if latest.resources in _ABSENT else _decoded(latest.resources, list[msgspec.Raw], None)
    if resources is None:
        raise Broken("the state's resources are no list")
    return resources


def _pending(latest: _Deployment) -> tuple[tuple[str, str], ...]:
    listed = () if latest.pending_operations in _ABSENT else _decoded(latest.pending_operations, list[msgspec.Raw], ())
    begun = (_decoded(raw, _Operation, _Operation()) for raw in listed)
    return tuple((one.resource.urn, one.type) for one in begun if one.resource.urn)


def require_known(version: Any) -> None:
    """Raise Broken where a state's version is none, or one that may mean by its words what nobody here knows."""
    if type(version) is not int or version < 0:
        raise Broken("the state's version is no whole number")
    if version > _VERSION:
        raise Broken(
            f"the state has version {version}, and this program knows those up to {_VERSION}: a newer `pulumi` wrote"
            " it; install a newer Trunkline"
        )


def _decoded(raw: msgspec.Raw | bytes, kind: Any, otherwise: Any) -> Any:
    """Decode a part; what is not of its kind, as no engine writes it, counts as not there."""
    try:
        return _decoder(kind).decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return otherwise


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def _outputs(outputs: Mapping[str, Any]) -> StackOutputs:
    if not outputs:
        return EMPTY
    try:
        return from_json(outputs)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, item["loc"])) for item in error.errors(include_input=False)[:3])
        raise Broken(f"the stack's outputs are not Trunkline's: see {places}") from None
    except ValueError as error:
        raise Broken(str(error)) from None


def _give_back() -> None:
    """Give the system what was freed between what is not: glibc keeps it, a third of all after a large state."""
    with contextlib.suppress(OSError, AttributeError):  # other C libraries have no such function
        ctypes.CDLL(None).malloc_trim(0)


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


def _marked(value: Any) -> bool:
    return isinstance(value, dict) and _MARK in value
