"""A history of a thousand updates, in memory and as files, for what `bench/api.py` measures."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

from tests.state import fleet
from tests.state.state_file import checkpoint, put
from trunkline.outputs import Line
from trunkline.state.checkpoint import StackState
from trunkline.state.row import Row
from trunkline.state.update import Update
from trunkline.state.version import Entry, Version, compared

UPDATES = 1000
CHANGED = 5  # lines of each update
_FIRST, _APART = 1767225600, 3600  # seconds: when the first ended, and from one to the next


def recorded(lines: int, updates: int = UPDATES) -> tuple[StackState, tuple[Entry, ...]]:
    """Give a fleet after so many updates, each of which changed another few of its lines."""
    now = list(fleet.many(lines))
    entries = []
    for number in range(updates, 0, -1):
        earlier = {place: _relabelled(now[place], f"before {number}") for place in _places(number, lines)}
        before, after = (
            Version(lines={line.id: Row.of(line).full for line in some}, agents=b"{}")
            for some in (earlier.values(), [now[place] for place in earlier])
        )
        entries.append(compared(_update(number), before, after))
        for place, line in earlier.items():
            now[place] = line
    return StackState(outputs=fleet.outputs(fleet.many(lines))), tuple(reversed(entries))


def write(folder: Path, lines: int, updates: int, *, packed: bool = False) -> None:
    """Put so many updates on record; `packed`: as PULUMI_DIY_BACKEND_GZIP has checkpoints written."""
    for number in range(1, updates + 1):
        left = [*fleet.many(lines)]
        for place in _places(number, lines):
            left[place] = _relabelled(left[place], f"after {number}")
        name = f".pulumi/history/fleet/dev/dev-{ended(number)}000000000"
        record = {"kind": "update", "result": "succeeded", "startTime": ended(number) - 9, "endTime": ended(number)}
        put(folder, f"{name}.history.json", json.dumps(record).encode())
        state = checkpoint(left)
        put(folder, f"{name}.checkpoint.json{'.gz' * packed}", gzip.compress(state, 1) if packed else state)


def ended(number: int) -> int:
    """Say when an update ended, in seconds of the Unix time."""
    return _FIRST + number * _APART


def _places(number: int, lines: int) -> Sequence[int]:
    return sorted({(number * 7919 + offset * 104_729) % lines for offset in range(CHANGED)})


def _relabelled(line: Line, label: str) -> Line:
    return line.model_copy(update={"label": label})


def _update(number: int) -> Update:
    moment = ended(number)
    return Update(id=str(number), kind="update", result="succeeded", started=moment - 9, ended=moment, commit="c" * 40)
