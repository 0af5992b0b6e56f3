"""All that is served of one version of a stack, ready to be served."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from trunkline.audit.checks import findings
from trunkline.audit.finding import Finding
from trunkline.audit.fleet import AuditedFleet, LastUpdate
from trunkline.changes import ChangeKind, LineChange, joined
from trunkline.outputs import Agent, to_json
from trunkline.state.checkpoint import StackState
from trunkline.state.row import Orders, Row, orders
from trunkline.state.update import Update
from trunkline.state.version import Entry

_CHUNK = 100  # rows a frame
_UPDATES = 50  # updates a frame


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateView:
    """One update as it is served: `brief` is a JSON object; the rest is as in Update and Entry."""

    id: str
    ended: int
    result: str
    commit: str
    dirty: bool
    brief: bytes
    changes: tuple[LineChange[bytes], ...] | None
    agents: bytes | None
    continues: bool

    @classmethod
    def of(cls, entry: Entry) -> UpdateView:
        update = entry.update
        return cls(
            id=update.id,
            ended=update.ended,
            result=update.result,
            commit=update.commit,
            dirty=update.dirty,
            brief=_brief(entry),
            changes=entry.changes,
            agents=entry.agents,
            continues=update.continues,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One version, without its rows and what is new of its history, which follow in frames of their own.

    `version` is a digest of everything published, the same in every replica. `result` is the last update's, `updated`
    its end (RFC 3339), `unlisted` the lines that the state holds and the outputs lack, `diverged` those of which the
    outputs had something else. `unrecorded` is what changed since the last update on record, as by `pulumi state`.
    """

    version: str
    inventory: str
    result: str
    updated: str
    unlisted: tuple[str, ...]
    diverged: tuple[str, ...]
    summary: Mapping[str, Any]
    agents: tuple[Agent, ...]
    findings: tuple[Finding, ...]
    unrecorded: tuple[LineChange[bytes], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Updates that are new, or of which more is known; `complete`: with them, every update of the stack was given.

    `anew`: none that was given before is on record any more.
    """

    updates: tuple[UpdateView, ...]
    complete: bool
    anew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How the last look at the backend went. `fault` is "" | "unreachable" | "broken", `detail` says it to people.

    `held` is for how many seconds an update has held the stack. `killed`: an update was, and since then none wrote the
    state; `traceless`: one ended, killed or given up, and neither the state nor the history tells of it. After `due`
    seconds without a frame, the reader hangs.
    """

    fault: str = ""
    detail: str = ""
    updating: bool = False
    held: float = 0.0
    killed: bool = False
    traceless: bool = False
    due: float = field(default=float("inf"), compare=False)


@dataclass(frozen=True, slots=True)
class Busy:
    """The reader is reading; after `due` seconds without a further frame, it hangs."""

    due: float


@dataclass(frozen=True, slots=True)
class Then:
    """The lines as update `id` left them: its rows and End follow. `agents` is None where they are not on record."""

    id: str
    agents: bytes | None


@dataclass(frozen=True, slots=True)
class Changed:
    """The answer to what update `id` changed; None where there is no such update."""

    id: str
    update: UpdateView | None


@dataclass(frozen=True, slots=True)
class End:
    """The version is whole. `orders` are its rows' positions in each order, so that the server need not sort."""

    orders: Orders


Frame = Publication | tuple[Row, ...] | Recorded | End | Status | Busy | Then | Changed


def publish(
    state: StackState,
    rows: Sequence[Row],
    last: Update | None,
    changed: Mapping[str, int],
    *,
    unrecorded: tuple[LineChange[bytes], ...] = (),
    history: Sequence[Recorded] = (),
) -> Iterator[Publication | tuple[Row, ...] | Recorded | End]:
    """Give one version as frames: the publication, its rows sorted by id in small parts, its history, the end.

    `changed` is when the update that last changed a line ended, by line.
    """
    fleet = _fleet(state, last, changed)
    found = findings(fleet)
    outputs = state.outputs
    newest = fleet.last or LastUpdate(id="", result="", ended="")
    yield Publication(
        version=_digest(rows, outputs.model_dump_json(exclude={"lines"}), newest, found),
        inventory=outputs.inventory_digest,
        result=newest.result,
        updated=newest.ended,
        unlisted=tuple(finding.subject for finding in found if finding.code == "line-unlisted"),
        diverged=tuple(sorted(state.differences)),
        summary=to_json(outputs.summary),
        agents=outputs.everyone,
        findings=found,
        unrecorded=unrecorded,
    )
    yield from in_parts(rows)
    yield from history
    yield End(orders(rows))


def in_parts(rows: Sequence[Row]) -> Iterator[tuple[Row, ...]]:
    """Give rows in frames that take no while to be read."""
    for start in range(0, len(rows), _CHUNK):
        yield tuple(rows[start : start + _CHUNK])


def recorded(entries: Sequence[Entry], *, complete: bool, anew: bool = False) -> Sequence[Recorded]:
    """Give updates in frames that take no while to be read."""
    views = [UpdateView.of(entry) for entry in entries]
    parts = [tuple(views[start : start + _UPDATES]) for start in range(0, len(views), _UPDATES)] or [()]
    return [
        Recorded(updates=part, complete=complete and place == len(parts) - 1, anew=anew and place == 0)
        for place, part in enumerate(parts)
    ]


def rfc3339(seconds: int) -> str:
    """Write a time of the Unix clock in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _fleet(state: StackState, last: Update | None, changed: Mapping[str, int]) -> AuditedFleet:
    newest = None if last is None else LastUpdate(id=last.id, result=last.result, ended=rfc3339(last.ended))
    dates = {line: rfc3339(ended) for line, ended in changed.items()}
    return AuditedFleet(
        outputs=state.outputs,
        differences=state.differences,
        unlisted=state.unlisted,
        pending=state.pending,
        changed=dates,
        last=newest,
    )


def _digest(rows: Iterable[Row], rest: str, last: LastUpdate, found: Iterable[Finding]) -> str:
    digest = hashlib.sha256(rest.encode())
    for row in rows:
        digest.update(row.full)
    digest.update(msgspec.json.encode([last.id, last.result, list(found)]))
    return digest.hexdigest()[:16]


def _brief(entry: Entry) -> bytes:
    update, changes = entry.update, None if entry.changes is None else tuple(joined(entry.changes))
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
        "changed": None if changes is None else {kind.value: _count(changes, kind) for kind in ChangeKind},
    }
    return json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()


def _count(changes: Sequence[LineChange[bytes]], kind: ChangeKind) -> int:
    return sum(change.kind is kind for change in changes)
