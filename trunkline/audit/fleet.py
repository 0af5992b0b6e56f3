"""What is audited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trunkline.outputs import StackOutputs


@dataclass(frozen=True, slots=True, kw_only=True)
class LastUpdate:
    """The newest update of the stack: its id, its result ("succeeded", "failed") and its end, RFC 3339 in UTC."""

    id: str
    result: str
    ended: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What the last complete update listed of a line, and what its resources say since; `field` as the outputs have it.

    The field "line" is the line itself, which has its number listed and nothing found.
    """

    field: str
    listed: str
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditedFleet:
    """A stack's outputs, as its resources are, and what its state and history say besides.

    `differences` gives by line what the outputs had otherwise, `unlisted` by line that they lacked the URNs of its
    resources in the state, `pending` the operations that an update began and did not end (a URN and "creating",
    "updating" …), `changed` by line the end of the update that last changed it (RFC 3339 in UTC), without the lines
    whose last change is not on record.
    """

    outputs: StackOutputs
    differences: Mapping[str, tuple[Difference, ...]] = field(default_factory=dict)
    unlisted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pending: tuple[tuple[str, str], ...] = ()
    changed: Mapping[str, str] = field(default_factory=dict)
    last: LastUpdate | None = None
