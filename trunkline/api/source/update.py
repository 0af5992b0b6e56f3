"""One update of a stack, as Pulumi records it when it ends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from trunkline.api.source.checkpoint import decompressed
from trunkline.api.source.store import Broken

_TEXT = 500  # characters of a commit's message that are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """`id` names the update for ever. `started` and `ended` are seconds of the Unix time.

    `kind` is update | refresh | destroy | import | …; `result` succeeded | failed | in-progress. `who`, `commit` and
    `branch` are what Pulumi found in Git or CI when the update ran, "" where it found nothing.
    """

    id: str
    kind: str
    result: str
    started: int
    ended: int
    message: str = ""
    who: str = ""
    commit: str = ""
    branch: str = ""

    @property
    def failed(self) -> bool:
        return self.result == "failed"


def parse(id: str, data: bytes) -> Update:
    """Read a `.history.json` file. Raises Broken where it is none."""
    try:
        document = json.loads(decompressed(data))
    except ValueError:
        raise Broken(f"the record of update {id} is no JSON") from None
    return from_document(id, document)


def from_document(id: str, document: Any) -> Update:
    """Read the JSON object of one update; times may be numbers (files) or RFC 3339 (`pulumi stack history --json`)."""
    if not isinstance(document, dict):
        raise Broken(f"the record of update {id} is no JSON object")
    environment: Mapping[str, Any] = document.get("environment") or {}
    return Update(
        id=id,
        kind=str(document.get("kind") or "update"),
        result=str(document.get("result") or ""),
        started=_seconds(document.get("startTime")),
        ended=_seconds(document.get("endTime")),
        message=_text(document.get("message")),
        who=_text(environment.get("git.author")),
        commit=_text(environment.get("git.head")),
        branch=_text(environment.get("git.headName")).removeprefix("refs/heads/"),
    )


def _seconds(value: Any) -> int:
    if isinstance(value, int | float):
        return int(value)
    try:
        return int(datetime.fromisoformat(str(value)).replace(tzinfo=UTC).timestamp())
    except ValueError:
        return 0


def _text(value: Any) -> str:
    return str(value or "")[:_TEXT]
