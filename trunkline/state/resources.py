"""The resources of a state, sorted by what they belong to: what each line has, and what several share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from trunkline.outputs import Line
from trunkline.state import reaching
from trunkline.state.reaching import Ways

CALLERS = "CallerRule"
TRUNKS = ("InboundTrunk", "OutboundTrunk")
OF_LIVEKIT = (*TRUNKS, "DispatchRule")
_COMPONENT = "PhoneLine"
_READ = frozenset((*OF_LIVEKIT, CALLERS, "PhoneNumber")) | reaching.KINDS
_NOTHING = b"{}"
_encode, _decode = msgspec.json.Encoder().encode, msgspec.json.Decoder().decode
Said = Mapping[str, Any]


class Resource(NamedTuple):
    """One of a state; `outputs` are what is looked at of them, whatever encodes as a JSON object, None for nothing."""

    urn: str
    type: str
    parent: str
    delete: bool
    outputs: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """The resources of a state by what they belong to; their outputs as JSON, which takes a fifth of what values do.

    `held` gives by line the URNs of its resources, `of_line` by line and kind the outputs of each, `shared` those of no
    line by kind and by what names them: a trunk by each of its numbers, a rule by each of its trunks. `ways` is how
    carriers send calls on. Of the rules for some callers each entry is a kind: "CallerRule vip".
    """

    held: Mapping[str, tuple[str, ...]]
    of_line: Mapping[tuple[str, str], bytes] = field(default_factory=dict)
    shared: Mapping[tuple[str, str], bytes] = field(default_factory=dict)
    callers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Line, or trunk of several -> the kinds of its rules for some callers."""
    ways: Ways = field(default_factory=Ways)

    @classmethod
    def of(cls, resources: Iterable[Resource]) -> Resources:
        """Sort what stands in a state, without what an interrupted replacement left to be deleted.

        Each is looked at once, so that of a large state what is wanted alone is kept.
        """
        line_of: dict[str, str] = {}
        below: dict[str, list[tuple[str, str, bytes | None]]] = {}
        kinds: dict[str, str] = {}
        for urn, type, parent, delete, outputs in resources:
            kind = kinds.get(type) or kinds.setdefault(type, type.rpartition(":")[2])
            if kind == _COMPONENT and urn:
                line_of[urn] = _name(urn)
            is_read = kind in _READ and not delete
            says = (_NOTHING if outputs is None else _encode(outputs)) if is_read else None
            if kind == CALLERS:
                kind = f"{kind} {_name(urn).partition('+')[2]}"
            below.setdefault(parent, []).append((urn, kind, says))
        held: dict[str, tuple[str, ...]] = {}
        of_line: dict[tuple[str, str], bytes] = {}
        for parent, line in sorted(line_of.items(), key=lambda one: one[1]):
            own = below.pop(parent, [])
            held[line] = tuple(sorted(urn for urn, _, _ in own))
            of_line.update({(line, kind): says for _, kind, says in own if says is not None})
        left = [one for others in below.values() for one in others]
        shared = {
            (kind, name): says
            for _, kind, says in left
            if says is not None
            for name in names(msgspec.json.decode(says))
        }
        ways = Ways.of((kind, _read(says)) for _, kind, says in left if kind in reaching.KINDS and says is not None)
        callers: dict[str, tuple[str, ...]] = {}
        for kind, name in (*((kind, line) for line, kind in of_line), *shared):
            if kind.startswith(CALLERS):
                callers[name] = (*callers.get(name, ()), kind)
        return cls(held=held, of_line=of_line, shared=shared, callers=callers, ways=ways)

    def find(self, line: Line, kind: str) -> Said:
        """Give the outputs of a line's resource, its own or the one that it shares; nothing where it has none."""
        if kind.startswith(("DispatchRule", CALLERS)) and (line.id, kind) not in self.of_line:
            trunk = str(self.find(line, "InboundTrunk").get("vendorId", ""))
            return _read(self.shared.get((kind, trunk)))
        return self.of_number(line.id, line.phone_number, kind)

    def entries_of(self, line: Line) -> list[str]:
        """Give the kinds of the rules for some callers of a line, its own or those that it shares."""
        trunk = str(self.find(line, "InboundTrunk").get("vendorId", ""))
        own = self.callers.get(line.id, ())
        return [*own] if own else [*self.callers.get(trunk, ())]

    def own(self, line: str, kind: str) -> Said:
        """Give the outputs of a line's own resource; nothing where it has none."""
        return _read(self.of_line.get((line, kind)))

    def shares(self, line: Line) -> bool:
        """Whether a trunk that it shares has its number: a line that no carrier sells a number has no resource else."""
        return line.acquired == "custom" and any((kind, line.phone_number) in self.shared for kind in TRUNKS)

    def of_number(self, line: str, phone_number: str, kind: str) -> Said:
        """Give the outputs of a line's own resource, or of the shared one that has its number."""
        own = self.of_line.get((line, kind))
        return _read(self.shared.get((kind, phone_number)) if own is None else own)


def _read(says: bytes | None) -> Said:
    found: Said = _decode(says) if says is not None else {}
    return found


def names(outputs: Said) -> Iterable[str]:
    """Give by what something that several share is found: a trunk by its numbers, a rule by its trunks."""
    for key in ("numbers", "trunkIds"):
        listed = outputs.get(key)
        yield from map(str, listed) if isinstance(listed, list) else ()


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]
