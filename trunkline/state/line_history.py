"""What the updates of a stack changed of one line, and who answered it when: read once, to the end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from trunkline.changes import LineChange, along
from trunkline.errors import Refusal
from trunkline.state import checkpoint
from trunkline.state.backend import Backend
from trunkline.state.chronicle import Chronicle
from trunkline.state.update import Update
from trunkline.state.version import Entry, Version, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """Who answered the line from one update on, until the next: key and name at LiveKit, "" for nobody.

    `since` is None for what stood before the oldest change on record, `until` for what still stands.
    """

    agent: str
    agent_name: str
    since: Update | None
    until: Update | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineHistory:
    """`number` is that of the line now, "" where it is gone. `complete`: of every update its changes are known.

    `updates` are those that changed the line, newest first, also under its former names. `unrecorded` is what changed
    since the last update on record, as by `pulumi state` or a refresh.
    """

    line: str
    number: str
    updates: tuple[tuple[Entry, LineChange[bytes]], ...]
    complete: bool
    unrecorded: LineChange[bytes] | None = None

    @property
    def answering(self) -> tuple[Answering, ...]:
        """Who answered when, newest first."""
        periods: list[Answering] = []
        for entry, change in self.updates:
            before, after = _who(change.before), _who(change.after)
            if before == after and change.before is not None and change.after is not None:
                continue
            until = periods[-1].since if periods else None
            periods.append(Answering(agent=after[0], agent_name=after[1], since=entry.update, until=until))
        if periods and self.updates[-1][1].before is not None:
            first = _who(self.updates[-1][1].before)
            periods.append(Answering(agent=first[0], agent_name=first[1], since=None, until=periods[-1].since))
        return tuple(periods)


def of_line(backend: Backend, named: str) -> LineHistory:
    """Give the history of a line by its name, its number or a vendor's id of it.

    Raises Refusal where no line and no update on record has it, Unreachable or Broken where the backend does.
    """
    chronicle = Chronicle(backend, limit=backend.depth)
    state = checkpoint.parse(chronicle.current())
    rows = rows_of(state)
    version = Version.of(state, rows)
    known = _known(chronicle, chronicle.advance(version, state.digest))
    found = [row for row in rows if named == row.id or named in row.keys]
    line = found[0].id if len(found) == 1 else named
    newest_first = [known[id] for id in reversed(backend.updates()) if id in known]
    updates = tuple(along(line, ((entry, entry.changes or ()) for entry in newest_first)))
    if not updates and len(found) != 1:
        raise Refusal(
            f'no line of the stack has the name, number or id "{named}" for itself, and no update on record changed a'
            " line of that name. Nothing was changed; `trunkline audit --all` names lines."
        )
    return LineHistory(
        line=line,
        number=found[0].number if found else "",
        updates=updates,
        complete=all(entry.changes is not None for entry in known.values()),
        unrecorded=next((change for change in chronicle.since(version) if change.line == line), None),
    )


def _known(chronicle: Chronicle, entries: Sequence[Entry]) -> dict[str, Entry]:
    known = {entry.update.id: entry for entry in entries}
    while chronicle.behind:
        known.update({entry.update.id: entry for entry in chronicle.catch_up()})
    return known


def _who(line: bytes | None) -> tuple[str, str]:
    """Give the agent's key and name of a line's JSON; a line that is not there has none."""
    document: dict[str, Any] = json.loads(line) if line is not None else {}
    return document.get("agent", ""), document.get("agentName", "")
