"""All that is served of one version of a stack, ready to be served."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from trunkline.api.index import Orders, orders
from trunkline.api.row import Row
from trunkline.api.source.change import Kind, LineChange
from trunkline.api.source.checkpoint import StackState
from trunkline.api.source.chronicle import Entry
from trunkline.api.source.update import Update
from trunkline.audit.checks import findings
from trunkline.audit.finding import Finding
from trunkline.audit.fleet import Fleet, LastUpdate
from trunkline.outputs import Agent, Line, to_json

_CHUNK = 100  # rows a frame


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateView:
    """One update as it is served.

    `brief` stands in the list, `full` alone, `public` is `full` without costs; each is a JSON object. `earlier` gives
    for each line that the update changed its JSON before (None: not there), or is None where that is not on record.
    """

    id: str
    ended: int
    brief: bytes
    full: bytes
    public: bytes
    earlier: tuple[tuple[str, bytes | None], ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One version, without its rows, which follow in frames of their own.

    `version` is a digest of everything published, the same in every replica. `result` is the last update's, `updated`
    its end (RFC 3339), `unlisted` the lines that the state holds and the outputs lack, `diverged` those of which the
    outputs had something else. `updates` are newest first; `complete` says whether every update of the stack is among
    them.
    """

    version: str
    inventory: str
    result: str
    updated: str
    unlisted: tuple[str, ...]
    diverged: tuple[str, ...]
    summary: Mapping[str, Any]
    agents: tuple[Agent, ...]
    updates: tuple[UpdateView, ...]
    complete: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How the last look at the backend went. `fault` is "" | "unreachable" | "broken", `detail` says it to people."""

    fault: str = ""
    detail: str = ""
    updating: bool = False


@dataclass(frozen=True, slots=True)
class End:
    """The publication is whole. `orders` are its rows' positions in each order, so that the server need not sort."""

    orders: Orders


Frame = Publication | tuple[Row, ...] | End | Status


def publish(
    state: StackState, entries: Sequence[Entry], last: Update | None, *, complete: bool
) -> Iterator[Publication | tuple[Row, ...] | End]:
    """Give one version as frames: the publication, its rows sorted by id in small parts, the end."""
    rows = [Row.of(state.lines[name]) for name in sorted(state.lines)]
    fleet = _fleet(state, entries, last)
    found = findings(fleet)
    updates = tuple(_view(entry) for entry in reversed(entries))
    outputs = state.outputs
    result, updated = (fleet.last.result, fleet.last.ended) if fleet.last is not None else ("", "")
    yield Publication(
        version=_digest(rows, outputs.model_dump_json(exclude={"lines"}), updates, found, complete),
        inventory=outputs.inventory_digest,
        result=result,
        updated=updated,
        unlisted=tuple(finding.subject for finding in found if finding.code == "line-unlisted"),
        diverged=tuple(sorted(state.differences)),
        summary=to_json(outputs.summary),
        agents=tuple(outputs.agents[name] for name in sorted(outputs.agents)),
        updates=updates,
        complete=complete,
        findings=found,
    )
    for start in range(0, len(rows), _CHUNK):
        yield tuple(rows[start : start + _CHUNK])
    yield End(orders(rows))


def rfc3339(seconds: int) -> str:
    """Write a time of the Unix clock in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _fleet(state: StackState, entries: Sequence[Entry], last: Update | None) -> Fleet:
    changed: dict[str, str] = {}
    for entry in entries:
        for change in entry.changes or ():
            changed[change.line] = rfc3339(entry.update.ended)
    newest = None if last is None else LastUpdate(id=last.id, result=last.result, ended=rfc3339(last.ended))
    return Fleet(outputs=state.outputs, differences=state.differences, held=state.held, changed=changed, last=newest)


def _digest(
    rows: Iterable[Row], rest: str, updates: Iterable[UpdateView], found: Iterable[Finding], complete: bool
) -> str:
    digest = hashlib.sha256(rest.encode())
    for row in rows:
        digest.update(row.full)
    for update in updates:
        digest.update(update.full)
    digest.update(json.dumps([finding.to_json() for finding in found]).encode())
    digest.update(bytes([complete]))
    return digest.hexdigest()[:16]


def _view(entry: Entry) -> UpdateView:
    update, changes = entry.update, entry.changes
    head = {
        "id": update.id,
        "kind": update.kind,
        "result": update.result,
        "started": rfc3339(update.started),
        "ended": rfc3339(update.ended),
        "message": update.message,
        "who": update.who,
        "commit": update.commit,
        "branch": update.branch,
        "committer": update.committer,
        "dirty": update.dirty,
        "ranBy": update.ran_by,
        "commitUrl": update.commit_url,
        "buildUrl": update.build_url,
        "changed": None if changes is None else {kind.value: _count(changes, kind) for kind in Kind},
    }
    return UpdateView(
        id=update.id,
        ended=update.ended,
        brief=_bytes(head),
        full=_bytes(head | {"changes": _changes(changes, priced=True)}),
        public=_bytes(head | {"changes": _changes(changes, priced=False)}),
        earlier=None if changes is None else tuple((change.line, _json(change.before)) for change in changes),
    )


def _changes(changes: Sequence[LineChange] | None, *, priced: bool) -> list[dict[str, Any]] | None:
    if changes is None:
        return None
    described = (
        {"line": change.line, "kind": change.kind.value, "fields": _fields(change, priced=priced)} for change in changes
    )
    # A line whose price alone changed is no change to those who see no costs.
    return [change for change in described if change["fields"]]


def _fields(change: LineChange, *, priced: bool) -> dict[str, Any]:
    before, after = _document(change.before), _document(change.after)
    return {
        name: {"before": before.get(name), "after": after.get(name)}
        for name in after or before
        if before.get(name) != after.get(name) and (priced or name != "monthlyCost")
    }


def _count(changes: Sequence[LineChange], kind: Kind) -> int:
    return sum(change.kind is kind for change in changes)


def _document(line: Line | None) -> dict[str, Any]:
    return {} if line is None else to_json(line)


def _json(line: Line | None) -> bytes | None:
    return None if line is None else _bytes(to_json(line))


def _bytes(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
