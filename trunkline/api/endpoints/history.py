"""What auditors ask: `/history`, `/history/{update}`, `/sip/{id}/history` and `/audit`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from trunkline.api.endpoint import Call
from trunkline.api.problem import ApiProblem
from trunkline.api.query import AuditQuery, HistoryQuery
from trunkline.api.reply import Reply
from trunkline.api.served.feed import Snapshot
from trunkline.changes import LineChange, along, joined, told
from trunkline.state.publication import UpdateView
from trunkline.state.row import Row

_STEP = 50  # changes that are written before others may run


def many(call: Call) -> Reply:
    """Give the updates, newest first."""
    query: HistoryQuery = call.query
    snapshot = call.snapshot
    start = 0
    if query.before:
        start = next((place + 1 for place, update in enumerate(snapshot.updates) if update.id == query.before), 0)
        if not start:
            raise ApiProblem("not-found", "no update of the id in `before` is on record; start without it")
    changing = {update.id for update, _ in _of(snapshot, _named(snapshot, query.line))} if query.line else set()
    wanted = (
        update
        for update in islice(snapshot.updates, start, None)
        if _is_wanted(update, query) and (not query.line or update.id in changing)
    )
    found = list(islice(wanted, query.limit + 1))
    shown = found[: query.limit]
    following = shown[-1].id if len(found) > len(shown) else None
    known = not query.line or all(update.changes is not None for update in snapshot.updates)
    tail = json.dumps({"next": following, "complete": snapshot.complete and known})[1:].encode()
    return Reply(body=b'{"updates":[' + b",".join(update.brief for update in shown) + b"]," + tail)


def of_line(call: Call) -> Reply:
    """Give the updates that changed one line, newest first, with what each changed of it."""
    snapshot = call.snapshot
    name = _named(snapshot, call.path["id"])
    found = []
    for update, change in _of(snapshot, name):
        described = _described(change, call)
        if described is not None:
            found.append(update.brief[:-1] + b',"changes":[' + described + b"]}")
    known = all(update.changes is not None for update in snapshot.updates)
    tail = json.dumps({"line": name, "complete": snapshot.complete and known})[1:].encode()
    return Reply(body=b'{"updates":[' + b",".join(found) + b"]," + tail)


def findings(call: Call) -> Reply:
    """Give the findings over what is served."""
    query: AuditQuery = call.query
    found = [
        finding.to_json()
        for finding in call.snapshot.publication.findings
        if query.code in ("", finding.code) and query.severity in ("", finding.severity)
    ]
    return Reply.json({"findings": found})


def _of(snapshot: Snapshot, line: str) -> Iterator[tuple[UpdateView, LineChange[bytes]]]:
    return along(line, ((update, update.changes or ()) for update in snapshot.updates))


def _named(snapshot: Snapshot, id: str) -> str:
    """Give the name of the line of this name, number or vendor's id, of one that is gone as it was when it went.

    Raises ApiProblem where there is none, or where several have it.
    """
    named = snapshot.index.find(id)
    if len(named) == 1:
        return named[0].id
    if named:
        names = [row.id for row in named]
        raise ApiProblem("ambiguous", f"{len(names)} lines have this id; ask for one by name", more={"lines": names})
    changes = [change for update in snapshot.updates for change in update.changes or ()]
    if any(change.line == id for change in changes):
        return id
    text = json.dumps(id, ensure_ascii=False).encode()
    before = ((change.line, change.before) for change in changes if change.before is not None)
    gone = next((line for line, full in before if text in full and id in Row.read(full).keys), "")
    if not gone and all(update.changes is not None for update in snapshot.updates):
        raise ApiProblem(
            "not-found", "no line has this name, number or vendor's id, and no update on record changed it"
        )
    return gone or id


def _is_wanted(update: UpdateView, query: HistoryQuery) -> bool:
    return (
        (not query.result or update.result == query.result)
        and (query.since is None or update.ended >= query.since.timestamp())
        and (query.until is None or update.ended <= query.until.timestamp())
    )


async def one(call: Call) -> Reply:
    """Give one update with what it changed for each line."""
    id = call.path["update"]
    update = next((update for update in call.snapshot.updates if update.id == id), None)
    if update is None:
        raise ApiProblem("not-found", "no update of this id is on record; see /history")
    update = await call.service.archive.update(update, call.caller)
    described: list[bytes] | None = None if update.changes is None else []
    for place, change in enumerate(joined(update.changes or ())):
        shown = _described(change, call)
        if shown is not None and described is not None:
            described.append(shown)
        if place % _STEP == 0:
            await asyncio.sleep(0)
    changes = b"null" if described is None else b"[" + b",".join(described) + b"]"
    return Reply(body=update.brief[:-1] + b',"changes":' + changes + b"}")


def _described(change: LineChange[bytes], call: Call) -> bytes | None:
    """Say what changed of a line; a line whose price alone changed is no change to those who see no costs."""
    fields = told(change, priced=call.principal.sees_costs)
    if not fields:
        return None
    said = b",".join(b'"%s":%s' % (name.encode(), text) for name, text in fields.items())
    return _bytes({"line": change.line, "kind": change.kind.value})[:-1] + b',"fields":{' + said + b"}}"


def _bytes(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
