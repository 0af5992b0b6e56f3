"""A version of the lines in the form in which versions are compared and kept."""

from __future__ import annotations

import json
import pickle
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from trunkline.changes import LineChange, between, itemised
from trunkline.outputs import StackOutputs
from trunkline.state.checkpoint import StackState
from trunkline.state.row import Row
from trunkline.state.update import Update


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """`lines` are JSON objects by name, `agents` a JSON object: the LiveKit name of each agent.

    `unlisted` are the lines that the state holds and its outputs lack, `partly` those whose resources are not as the
    outputs list them.
    """

    lines: Mapping[str, bytes]
    agents: bytes
    unlisted: Container[str] = ()
    partly: Container[str] = ()

    @classmethod
    def of(cls, state: StackState, rows: Sequence[Row] | None = None) -> Version:
        """Take a state; `rows` are its lines, where they are made already."""
        return cls(
            lines={row.id: row.full for row in (rows_of(state) if rows is None else rows)},
            agents=agents_of(state.outputs),
            unlisted=frozenset(state.unlisted),
            partly=frozenset(state.differences),
        )


@dataclass(frozen=True, slots=True)
class Packed:
    """A version that is kept, in one piece: its thousands of small ones would keep what was freed between them too."""

    data: bytes

    @classmethod
    def of(cls, version: Version) -> Packed:
        return cls(pickle.dumps(version, protocol=pickle.HIGHEST_PROTOCOL))

    def version(self) -> Version:
        """Give it back."""
        found: Version = pickle.loads(self.data)  # noqa: S301 (written above)
        return found


NOTHING = Version(lines={}, agents=b"{}")
"""What was there before the first update."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One update.

    `changes` is None where they are not known: the state before or after it was not read, or is not on record.
    `agents` are those before it, None where it left them as they were.
    """

    update: Update
    changes: tuple[LineChange[bytes], ...] | None = None
    agents: bytes | None = None

    @property
    def size(self) -> int:
        """The bytes that its changes take."""
        return sum(_size(change) for change in self.changes or ())


def _size(change: LineChange[bytes]) -> int:
    return len(change.before or b"") + len(change.after or b"") + sum(len(text) for _, text in change.fields)


def compared(update: Update, before: Version | None, after: Version | None) -> Entry:
    """Say what an update changed; None stands for a state that is not on record."""
    if before is None or after is None:
        return Entry(update=update)
    found = between(before.lines, after.lines, after.unlisted, after.partly if update.failed else ())
    changes = tuple(itemised(change) for change in found)
    return Entry(update=update, changes=changes, agents=None if before.agents == after.agents else before.agents)


def rows_of(state: StackState) -> Sequence[Row]:
    """Give the lines of a state as they are served, sorted by id."""
    return [Row.of(state.lines[name]) for name in sorted(state.lines)]


def agents_of(outputs: StackOutputs) -> bytes:
    """Give the agents of some outputs as Version has them."""
    return json.dumps({name: outputs.agents[name].agent_name for name in sorted(outputs.agents)}).encode()
