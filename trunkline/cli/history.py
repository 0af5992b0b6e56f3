"""`trunkline history`: who answered a line when, by which update and commit, and what else changed of it."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from trunkline.cli.command import Command, run
from trunkline.cli.names import names
from trunkline.cli.options import as_json, stack

if TYPE_CHECKING:
    from trunkline.changes import LineChange
    from trunkline.state.line_history import Answering, LineHistory
    from trunkline.state.update import Update

_EPILOG = """\
It reads the stack's backend and asks no vendor. LINE is a line's name, its number or a vendor's id of it; what was done
to a line under a former name stands under that name.

examples:
  trunkline history sales-us --stack prod
  trunkline history +16505551234 --json

exit codes: 0 found, 1 error
"""
_COMMIT = 12  # characters of a commit that are shown


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Print a line's history and give 0. Raises TrunklineError where there is none, or the stack cannot be read."""
    return run(command, argv, environ)


@click.command(
    "history",
    cls=Command,
    epilog=_EPILOG,
    help="Say who answered a line when, by which update and commit, and what else changed of it.",
)
@click.argument("line", shell_complete=names("numbers"))
@stack
@as_json("as one JSON object, with updates as the API has them")
@click.pass_obj
def command(environ: Mapping[str, str], line: str, stack: str, cwd: Path, as_json: bool) -> int:
    """Do what `main` says."""
    from trunkline.state.line_history import of_line
    from trunkline.state.opening import open_backend
    from trunkline.state.stack import StackAddress

    address = StackAddress.find(stack, cwd, environ)
    with contextlib.closing(open_backend(address)) as backend:
        history = of_line(backend, line)
    print(json.dumps(_document(history), indent=1) if as_json else "\n".join(_text(history)))
    return 0


def _text(history: LineHistory) -> Iterator[str]:
    yield f"{history.line}  {history.number}".rstrip()
    yield "Answered by:"
    for period in history.answering:
        yield f"  {_period(period)}"
    if not history.answering:
        yield "  no change on record"
    yield "Changes, newest first:"
    if history.unrecorded is not None:
        yield "  since the last update on record"
        yield from _fields(history.unrecorded)
    for entry, change in history.updates:
        yield f"  {_when(entry.update)}  {change.kind}, {_by(entry.update)}"
        yield from _fields(change)
    if not history.complete:
        yield "What some older updates changed is not on record, or was not read."


def _period(period: Answering) -> str:
    who = period.agent_name or "nobody"
    key = f" (key {period.agent})" if period.agent else ""
    until = f" until {_when(period.until)}" if period.until else ""
    since = f"since {_when(period.since)}" if period.since else "before"
    by = f", {_by(period.since)}" if period.since else ""
    return f"{since}{until}: {who}{key}{by}"


def _by(update: Update) -> str:
    failed = "" if update.result == "succeeded" else f" ({update.result})"
    dirty = " with changes that were not committed" if update.dirty else ""
    commit = f", commit {update.commit[:_COMMIT]}{dirty}" if update.commit else ""
    who = f", {update.who}" if update.who else ""
    ran = f", run by {update.ran_by}" if update.ran_by else ""
    return f"{update.kind} {update.id}{failed}{commit}{who}{ran}"


def _fields(change: LineChange[bytes]) -> Iterator[str]:
    """Say what changed of a line that was there before and after; what came or went whole is said by its kind."""
    for name, text in change.fields:
        field = json.loads(text)
        if "before" in field:
            yield f"    {name}: {_json(field['before'])} => {_json(field['after'])}"
        else:
            yield f"    {name}: - {_json(field['removed'])} + {_json(field['added'])}"


def _document(history: LineHistory) -> dict[str, Any]:
    from trunkline.changes import told
    from trunkline.state.publication import UpdateView

    return {
        "line": history.line,
        "number": history.number,
        "complete": history.complete,
        "answered": [
            {
                "agent": period.agent,
                "agentName": period.agent_name,
                "since": None if period.since is None else _when(period.since),
                "until": None if period.until is None else _when(period.until),
                "update": None if period.since is None else period.since.id,
                "commit": None if period.since is None else period.since.commit,
            }
            for period in history.answering
        ],
        "updates": [
            {
                **json.loads(UpdateView.of(entry).brief),
                "changes": [
                    {
                        "line": change.line,
                        "kind": change.kind.value,
                        "fields": {name: json.loads(text) for name, text in told(change, priced=True).items()},
                    }
                ],
            }
            for entry, change in history.updates
        ],
    }


def _when(update: Update) -> str:
    from trunkline.state.publication import rfc3339

    return rfc3339(update.ended)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
