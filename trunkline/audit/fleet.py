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
class Fleet:
    """A stack's outputs and what its state and history say besides.

    `held` gives by line the URNs of its resources in the state; `changed` by line the end of the update that last
    changed it (RFC 3339 in UTC), without the lines whose last change is not on record.
    """

    outputs: StackOutputs
    held: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    changed: Mapping[str, str] = field(default_factory=dict)
    last: LastUpdate | None = None
